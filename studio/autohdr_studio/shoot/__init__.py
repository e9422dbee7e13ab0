"""What is open in a studio: the photos of a shoot, their edits and labels, the style, and what is written."""
