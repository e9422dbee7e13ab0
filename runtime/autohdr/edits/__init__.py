"""Reading what photographers did: photos with their edits, and photos prepared to learn from."""
