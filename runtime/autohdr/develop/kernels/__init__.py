"""What applies the stages: their curves as tables, and compiled passes over the pixels, forward and backward."""
