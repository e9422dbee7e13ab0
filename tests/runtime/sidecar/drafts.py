"""Documents in all the forms that XML allows, with what a change of ours must make of each: for property tests.

A draft is text with slots. A slot is where one of our properties stands; all else is somebody else's, to the byte.
"""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

from autohdr.sidecar import develop
from autohdr.sidecar.xmp.properties import CRS, RDF
from autohdr.sliders import SLIDERS

KEYS = list(develop({slider.key: 0.0 for slider in SLIDERS}))
"""The names of all settings that we write."""
ENCODINGS = [
    (b"", "utf-8", ""),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", ""),
    (b"", "utf-16-le", "utf-16le"),
    (b"", "utf-16-be", ""),
    (codecs.BOM_UTF32_BE, "utf-32-be", ""),
    (b"", "ascii", "US-ASCII"),
    (b"", "iso8859-1", "ISO-8859-1"),
    (b"", "cp1252", "windows-1252"),
]
"""Byte order mark, codec, what the XML declaration says: nothing where there is none."""


class Slot(NamedTuple):
    """Where one of our properties stands."""

    key: str
    """Without its namespace, which is `crs`."""
    value: str
    """What it says, blanks around it left out."""
    before: str
    after: str
    """How the place reads with another value, which is `@`."""


@dataclass(frozen=True)
class Draft:
    """A document that is not bytes yet."""

    parts: tuple[str | Slot, ...]
    newline: str
    mark: bytes
    codec: str

    @property
    def slots(self) -> dict[str, Slot]:
        return {part.key: part for part in self.parts if isinstance(part, Slot)}

    def text(self, changes: Mapping[str, str]) -> str:
        """The document with other values in its slots."""
        return "".join(map(self._spelled(changes), self.parts)).replace("\n", self.newline)

    def encode(self, text: str) -> bytes:
        return self.mark + text.encode(self.codec)

    def decode(self, data: bytes) -> str:
        assert data.startswith(self.mark)
        return data[len(self.mark) :].decode(self.codec)

    @staticmethod
    def _spelled(changes: Mapping[str, str]) -> Callable[[str | Slot], str]:
        def spell(part: str | Slot) -> str:
            if isinstance(part, str):
                return part
            new = changes.get(part.key, part.value)
            return part.before if new == part.value else part.after.replace("@", new)

        return spell


def words(codec: str) -> st.SearchStrategy[str]:
    """Short texts of what XML and an encoding can hold."""
    return st.text(st.characters(codec=codec, exclude_categories=["Cc", "Cs", "Cn"]), max_size=6)


blanks = st.sampled_from([" ", "  ", "\n", "\n   ", "\t", " \n\t"])
numbers = st.sampled_from(["0", "0.00", "+7", "-5", "+0.50", "1e1", "0,50", "NaN", "True", "15.4", "", "x y"])


def quoted(draw: st.DrawFn, text: str) -> str:
    """A value as XML spells it between quotes of either kind, some of it as references."""
    quote = draw(st.sampled_from("\"'"))
    never = "&<\t\n\r" + quote
    return quote + _referenced(draw, text, never) + quote


def _referenced(draw: st.DrawFn, text: str, never: str) -> str:
    forms = st.sampled_from(["{}", "&#{};", "&#x{:x};"])
    chosen = [draw(forms) for _ in text]
    return "".join(
        one if form == "{}" and one not in never else ("&#{};" if form == "{}" else form).format(ord(one))
        for one, form in zip(text, chosen, strict=True)
    )


def attribute(draw: st.DrawFn, key: str, name: str) -> Slot:
    value, space = draw(numbers), draw(blanks)
    equals = draw(st.sampled_from(["=", " = ", "\n="]))
    inner = quoted(draw, draw(st.sampled_from(["", " "])) + value)
    start = f"{space}{name}{equals}"
    return Slot(key, value, start + inner, f"{start}{inner[0]}@{inner[0]}")


def element(draw: st.DrawFn, key: str, prefix: str | None) -> Slot:
    """A property as an element, with a prefix that is in scope or a declaration of its own."""
    own, name = "", f"{prefix}:{key}"
    if prefix is None or draw(st.booleans()):
        own, name = draw(st.sampled_from([(f' xmlns="{CRS}"', key), (f"\nxmlns:q='{CRS}'", f"q:{key}")]))
    value = draw(numbers)
    after = f"<{name}{own}>@</{name}>"
    forms = [
        f"<{name}{own}>{_referenced(draw, value, '&<>')}</{name}>",
        f"<{name}{own}>\n  {value} </{name}>",
        f"<{name}{own}><![CDATA[{value}]]></{name}>",
        f"<{name}{own}>{value}<![CDATA[]]></{name}>",
    ]
    if not value:
        forms += [f"<{name}{own}/>", f"<{name}{own} />"]
    return Slot(key, value, draw(st.sampled_from(forms)), after)


def foreign(draw: st.DrawFn, codec: str, prefix: str | None) -> str:
    """What is not ours, and often looks like it."""
    word = _referenced(draw, draw(words(codec)), "&<>")
    comment = draw(words(codec)).replace("-", " ")
    c = prefix or "u"
    look = f"<{c}:Look><R:Description xmlns:R='{RDF}' {c}:Vibrance = '9' u:a='>'/></{c}:Look>"
    mask = (
        f"<{c}:Masks><R:Seq xmlns:R='{RDF}'>\n<R:li R:parseType='Resource'><{c}:Vibrance>3</{c}:Vibrance>\n</R:li>"
        f"<R:li xml:lang='x-default'>{word}</R:li></R:Seq></{c}:Masks>"
    )
    forms = [
        *("\n", " \t", f"<!--{comment}-->", f"<?crs {comment.replace('?', ' ')}?>", "<u:Empty/>", look, mask),
        f"<u:Text u:a={quoted(draw, draw(words(codec)))} >{word}</u:Text >",
        "<u:Text><![CDATA[<crs:Vibrance>0</crs:Vibrance> & ]]></u:Text>",
        f"<!-- <{c}:Vibrance>0</{c}:Vibrance> -->",
        f"<Vibrance xmlns='u:none'>{word}</Vibrance>",
        "<crs:Vibrance xmlns:crs='u:other'>0</crs:Vibrance>",
    ]
    return draw(st.sampled_from(forms))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Documents that a merge must not refuse."""
    mark, codec, declared = draw(st.sampled_from(ENCODINGS))
    r = draw(st.sampled_from(["rdf:", "r:", ""]))
    c = draw(st.sampled_from(["crs", "c", "autohdr", "ns", None]))
    known = f' xmlns:{c}="{CRS}"' if c else draw(st.sampled_from(["", " xmlns:crs='u:other'"]))
    scopes = [f" xmlns{':' * bool(r)}{r.rstrip(':')}='{RDF}'", "\nxmlns:u='u:u' xmlns:autohdr1='u:mine'"]
    where = draw(st.sampled_from(["top", "rdf", "each"]))
    parts: list[str | Slot] = [f"<?xml version='1.0'\nencoding=\"{declared}\"?>"] if declared else []
    parts += [draw(st.sampled_from(["", "\n", "<?xpacket begin='' id='W5M0'?>\n", "<!-- a -->"]))]
    wrapped = draw(st.booleans())
    top = known if where == "top" else ""
    parts += [f"<x:xmpmeta xmlns:x='adobe:ns:meta/'{top}>\n"] if wrapped else []
    inner = known if where == "rdf" or (where == "top" and not wrapped) else ""
    parts += [f"<{r}RDF{''.join(scopes)}{inner}>"]
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    count = draw(st.integers(0, 3))
    for number in range(count):
        mine, keys = (keys, []) if number == count - 1 else (keys[: len(keys) // 2], keys[len(keys) // 2 :])
        parts += [draw(st.sampled_from(["", "\n  ", "<!-- a -->"]))]
        parts += description(draw, mine, r, c, known if where == "each" else "", codec)
    parts += [draw(st.sampled_from(["", "\n ", "<!-- b -->"])), f"</{r}RDF>", "\n</x:xmpmeta>" if wrapped else ""]
    parts += [draw(st.sampled_from(["", "\n", " " * 50 + "\n<?xpacket end='w'?>", "<!-- c --> "]))]
    return Draft(tuple(parts), draw(st.sampled_from(["\n", "\r\n", "\r"])), mark, codec)


def description(draw: st.DrawFn, keys: list[str], r: str, c: str | None, known: str, codec: str) -> list[str | Slot]:
    """One rdf:Description that holds these keys."""
    as_attributes = [key for key in keys if c is not None and draw(st.booleans())]
    attributes: list[str | Slot] = [attribute(draw, key, f"{c}:{key}") for key in as_attributes]
    if r:
        attributes += [draw(st.sampled_from(["", f" {r}about=''", f"\n   {r}about='uuid:1'"]))]
    attributes += [f"{draw(blanks)}u:a{n} = {quoted(draw, draw(words(codec)))}" for n in range(draw(st.integers(0, 2)))]
    attributes += [known]
    body: list[str | Slot] = [element(draw, key, c) for key in keys if key not in as_attributes]
    body += [foreign(draw, codec, c) for _ in range(draw(st.integers(0, 3)))]
    start = [f"<{r}Description", *draw(st.permutations(attributes)), draw(st.sampled_from(["", " ", "\n"]))]
    if not body and draw(st.booleans()):
        return [*start, "/>"]
    return [*start, ">", *draw(st.permutations(body)), f"</{r}Description>"]
