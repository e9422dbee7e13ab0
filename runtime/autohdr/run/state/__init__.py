"""What runs have finished, and which folders they work in, kept in a folder of autohdr's own."""
