"""From a float32 graph to one in less precision, as yet without proof."""
