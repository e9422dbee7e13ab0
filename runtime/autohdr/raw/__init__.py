"""RAW files: found, decoded, averaged to a small linear picture, and prepared as a network's input."""
