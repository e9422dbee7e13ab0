"""The network that comes with autohdr: `python -m autohdr_train.default --radiance FOLDER --out DIR` trains it.

`network/` is the checkpoint that came of it.
"""
