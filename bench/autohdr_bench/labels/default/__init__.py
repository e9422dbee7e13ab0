"""How safe the default model's own labels are: `autohdr bench default`."""
