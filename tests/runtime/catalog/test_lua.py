"""Develop settings in Lua's notation: what is read, and what is refused, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.catalog.lua import DEPTH_LIMIT, ENTRY_LIMIT, TEXT_LIMIT, Table, parse
from autohdr.errors import CatalogError
from tests.catalogs import lua

PLAIN = st.booleans() | st.floats(-1e9, 1e9).map(float) | st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def table(value: object) -> object:
    """A Python value as `parse` gives it."""
    if isinstance(value, dict):
        return Table({name: table(one) for name, one in value.items()}, [])  # type: ignore[misc]
    return Table({}, [table(one) for one in value]) if isinstance(value, list) else value  # type: ignore[misc]


@given(
    st.recursive(
        st.dictionaries(st.from_regex(r"\A[A-Z][A-Za-z0-9]{0,9}\Z"), PLAIN),
        lambda below: st.dictionaries(st.from_regex(r"\A[A-Z][a-z]{0,9}\Z"), PLAIN | below | st.lists(PLAIN)),
        max_leaves=8,
    )
)
def test_what_is_spelled_in_lua_is_read_again(value: dict[str, object]) -> None:
    assert parse(f"s = {lua(value)}\n") == table(value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{ A = 1 }", {"A": 1.0}),
        ("s = {A=-0.5,B=.5;C=8.3e-05,}", {"A": -0.5, "B": 0.5, "C": 8.3e-05}),
        ('s = { A = "x\\"y\\\\z\\\n\\65", B = true }', {"A": 'x"y\\z\nA', "B": True}),
        ('{ ["x-default"] = "Profiles", C = nil, D = 1e999 }', {"x-default": "Profiles"}),
        ("{ A = 1, A = 2 }", {"A": 2.0}),
        ("{}", {}),
    ],
)
def test_forms_that_lightroom_writes(text: str, named: dict[str, object]) -> None:
    assert parse(text).named == named


def test_names_within_a_look_are_not_the_photos_own() -> None:
    read = parse(
        "s = { Exposure2012 = 1, Look = { Parameters = { Exposure2012 = 4 } }, ToneCurve = { 0, 0, 255, 255 } }"
    )
    assert read.named["Exposure2012"] == 1.0
    assert read.named["ToneCurve"] == Table({}, [0.0, 0.0, 255.0, 255.0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "are not a table"),
        ("return os.execute('x')", "are not a table"),
        ("s = { A = 1", "cannot be understood"),
        ("s = { A = B }", "cannot be understood"),
        ("s = { A = 1 } x()", "do not end where"),
        ('s = { A = "x', "end within a string"),
        ('s = { A = "\\', "end within a string"),
        ("s = " + "{" * 1_000_000, f"more than {DEPTH_LIMIT} deep"),
        ("s = " + "{ A = " * 200_000, f"more than {DEPTH_LIMIT} deep"),
        ("s = {" + "1," * (ENTRY_LIMIT + 1) + "}", f"more than {ENTRY_LIMIT} entries"),
        ("s = {" + " " * TEXT_LIMIT + "}", "characters long"),
        ('s = { A = "' + "\\" * 3_000_000, "end within a string"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CatalogError, match=sentence):
        parse(text)
