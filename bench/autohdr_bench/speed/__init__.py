"""How fast autohdr is, stage by stage, beside its peers and the limits of the machine."""
