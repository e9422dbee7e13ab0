"""What can run on this machine, and why the rest cannot: `autohdr-run --doctor`."""
