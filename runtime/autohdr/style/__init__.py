"""A photographer's style: learnt from a few edits in closed form, kept in a small file, applied to features."""
