"""Edits become a style here, and a style becomes labels."""
