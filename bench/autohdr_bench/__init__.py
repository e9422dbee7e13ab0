"""What is measured of autohdr, and the shoots to measure it on."""
