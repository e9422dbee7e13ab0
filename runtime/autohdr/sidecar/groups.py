"""The `crs` settings that are one tool of Lightroom's, and make sense only together."""

_WHITE_BALANCE = ("WhiteBalance", "Temperature", "Tint", "IncrementalTemperature", "IncrementalTint")
_GROUPS = dict.fromkeys(_WHITE_BALANCE, "white balance")


def group_of(name: str) -> str:
    """The group of a setting, by its `crs` name; a setting that stands for itself is one of its own."""
    return _GROUPS.get(name, name)
