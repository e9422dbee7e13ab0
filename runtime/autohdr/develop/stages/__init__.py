"""The stages of developing, a file each: formula, source and measured error."""
