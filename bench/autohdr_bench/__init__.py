"""What is measured of autohdr, and the shoots to measure it on."""

import autohdr  # noqa: F401  # first of all: it tells the libraries that are loaded here to report nothing
