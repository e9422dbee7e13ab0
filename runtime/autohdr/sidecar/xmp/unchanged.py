"""Makes sure of a changed document: with what was wanted taken back, it says all that it said before, and no more."""

import copy
from collections.abc import Iterator, Mapping
from itertools import starmap, zip_longest

from lxml import etree

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import Property, descriptions
from autohdr.sidecar.xmp.values import Structure, Value, says


def only_changed(document: Document, merged: bytes, changes: Mapping[str, Value | None], source: str) -> bool:
    """Whether `merged` says what `changes` wants and, with that taken back, all that `document` said and no more."""
    after = Document.parse(merged, source)
    if not all(_done(after.properties.get(key), value) for key, value in changes.items()):
        return False
    before = _without(document, {key for key, value in changes.items() if value is None}, source)
    was, now = descriptions(before, source), descriptions(after.root, source)
    if not was:
        parent = now[0].getparent()
        assert parent is not None, "descriptions are below rdf:RDF"
        parent.remove(now[0])
    elif len(was) != len(now) or not all(_taken_back(*pair, changes) for pair in zip(was, now, strict=True)):
        return False
    return all(starmap(_same, zip_longest(_nodes(before), _nodes(after.root))))


def _done(found: Property | None, value: Value | None) -> bool:
    if found is None or value is None:
        return found is None and value is None
    return says(found, value)


def _without(document: Document, gone: set[str], source: str) -> etree._Element:
    """What a document says without some properties, each of which leaves the blanks before it."""
    if gone.isdisjoint(document.properties):
        return document.root
    root = Document.parse(document.data, source).root  # another one, to be changed
    for place in descriptions(root, source):
        for key in gone & {str(name) for name in place.attrib}:
            del place.attrib[key]
        for child in [child for child in place.iterchildren(etree.Element) if child.tag in gone]:
            left = (child.tail or "").lstrip(" \t\r\n")
            previous = child.getprevious()
            if previous is None:
                place.text = (place.text or "") + left
            else:
                previous.tail = (previous.tail or "") + left
            place.remove(child)
    return root


def _taken_back(was: etree._Element, now: etree._Element, changes: Mapping[str, Value | None]) -> bool:
    """Gives an rdf:Description back what `changes` has changed; False where more than that is another."""
    before, after = ([pair for pair in place.items() if pair[0] not in changes] for place in (was, now))
    if before != after:
        return False
    now.attrib.clear()
    now.attrib.update(was.attrib)
    theirs = {child.tag: child for child in was.iterchildren(etree.Element) if child.tag in changes}
    inserted = False
    for child in list(now.iterchildren(etree.Element)):
        if child.tag not in changes:
            continue
        old = theirs.get(child.tag)
        if old is None:
            now.remove(child)
            inserted = True
        elif isinstance(changes[str(child.tag)], Structure):
            back = copy.deepcopy(old)
            back.tail = child.tail
            now.replace(child, back)
        else:
            child.text = old.text
    if inserted and not len(was) and not len(now) and not (now.text or "").strip():
        now.text = was.text  # the indentation of what was put into an empty element
    return True


def _nodes(root: etree._Element) -> Iterator[etree._Element]:
    """All nodes in document order, comments and processing instructions outside the root included."""
    yield from root.itersiblings(preceding=True)
    yield from root.iter()
    yield from root.itersiblings()


def _same(one: etree._Element | None, other: etree._Element | None) -> bool:
    """Whether two nodes hold the same, whatever is below them."""
    if one is None or other is None:
        return False
    return (
        one.tag == other.tag
        and one.items() == other.items()
        and (one.text or "") == (other.text or "")
        and (one.tail or "") == (other.tail or "")
        and len(one) == len(other)
    )
