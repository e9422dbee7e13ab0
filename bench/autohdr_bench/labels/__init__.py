"""How well styles are learnt from a few edits: ways to learn, compared over simulated photographers."""
