"""Two builds on one machine, in turn: has this checkout become slower than a commit?"""
