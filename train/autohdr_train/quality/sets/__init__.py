"""Data sets of image quality as lists of pairs: the published ones by their layouts, and the one that is made here."""
