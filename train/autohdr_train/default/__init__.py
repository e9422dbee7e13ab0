"""The model that comes with autohdr: `python -m autohdr_train.default --radiance FOLDER --out DIR` trains it."""
