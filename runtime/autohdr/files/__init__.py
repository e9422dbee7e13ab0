"""Files of the user's and of ours: read whole, replaced whole, locked, found in folders."""
