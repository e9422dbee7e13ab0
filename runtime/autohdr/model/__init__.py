"""The model file: what it says of itself, its head, its seal, and how it is read."""
