"""Measures how near developing comes to Camera Raw: its error on values that are public, control by control."""
