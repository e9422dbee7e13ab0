"""Reads real people's edits, takes them back to scenes, and learns what photographers have in common."""
