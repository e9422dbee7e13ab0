"""What a document says, compared without the code that is under test."""

from lxml import etree

from autohdr.sidecar.xmp.properties import RDF


def without(data: bytes, keys: set[str], codec: str | None = None) -> bytes:
    """All that a document says, in canonical form, less these properties of the photo and descriptions of nothing."""
    root = etree.fromstring(data, etree.XMLParser(encoding=codec))
    rdf = next(root.iter(f"{{{RDF}}}RDF"))
    for place in list(rdf.iterfind(f"{{{RDF}}}Description")):
        for key in keys & {str(name) for name in place.attrib}:
            del place.attrib[key]
        for child in [child for child in place if child.tag in keys]:
            place.remove(child)
        if not len(place) and place.items() in ([], [(f"{{{RDF}}}about", "")]):
            rdf.remove(place)
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip(), (element.tail or "").strip()
    try:
        return etree.tostring(root, method="c14n", exclusive=True, with_comments=True)
    except etree.C14NError:  # a namespace without a scheme, as damage leaves one, has no canonical form
        nodes = [(node.tag, sorted(node.items()), node.text, node.tail, len(node)) for node in root.iter()]
        return repr([(str(tag), *rest) for tag, *rest in nodes]).encode()
