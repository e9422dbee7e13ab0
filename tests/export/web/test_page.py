"""The template of pages, and its tables: plain text in, HTML out."""

from autohdr_export.web.page import page, section, table


def test_text_cannot_become_html() -> None:
    made = page("<t>", section("<h>", table(["<a>"], [["<b>"]]), "<n>"), "p { color: red; }")
    assert made.count("&lt;") == 5
    assert not {"<t>", "<h>", "<a>", "<b>", "<n>"} & set(made.replace(">", "> ").split())
    assert made.index("p { color: red; }") < made.index("</style>")


def test_a_dollar_in_a_page_is_a_dollar() -> None:
    assert "$body costs $5" in page("$title", "$body costs $5")


def test_rows_have_their_looks_and_a_table_without_rows_is_nothing() -> None:
    made = table(["", "ms"], [["one", "1"], ["two", "2"]], "last-words", ["ours"])
    assert '<tr class="ours"><td>one</td>' in made
    assert '<tr class=""><td>two</td>' in made
    assert table(["", "ms"], []) == ""
