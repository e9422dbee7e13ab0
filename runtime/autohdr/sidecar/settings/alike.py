"""Tells whether two documents hold the same edit, or one holds all of the other's."""

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import Property, number


def alike(one: Document, other: Document) -> bool:
    """Whether two documents hold the same develop settings, but for those at their defaults, however they are spelled:
    +0.50 is 0.5."""
    names, first, second = one.edited(), one.settings(), other.settings()
    return names == other.edited() and all(_says_the_same(first[name], second[name]) for name in names)


def covers(one: Document, other: Document) -> bool:
    """Whether a document holds all that another one edits, with the same eight sliders and mode; what else it holds may
    have other values."""
    values = {name: value for name, value in other.values().items() if value}
    same = {name: value for name, value in one.values().items() if value} == values and one.hdr == other.hdr
    return same and other.edited() <= one.settings().keys()


def _says_the_same(one: Property, other: Property) -> bool:
    if one.simple != other.simple:
        return False
    if not one.simple:
        return one.text == other.text
    value = number(one.text)
    return one.text.strip() == other.text.strip() if value is None else value == number(other.text)
