"""Domain adaptation: `display` shows photos as an SDR display does, `alignment` is the deep CORAL between two kinds of
light, `adaptation` trains towards both.
"""
