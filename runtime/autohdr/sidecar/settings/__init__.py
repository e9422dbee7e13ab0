"""Develop settings: what they mean, which of them are edits, and which may be written."""
