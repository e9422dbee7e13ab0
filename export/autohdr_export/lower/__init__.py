"""Makes graphs of less precision from a float32 graph, as yet without proof."""
