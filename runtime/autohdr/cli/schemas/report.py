"""Describes the JSON lines of `autohdr report`."""

from autohdr.cli.schemas.parts import CODE, DONE, Line

REPORT = (
    Line(
        "photo",
        "for each photo of which tables say different things",
        {
            "path": ("string", "the RAW file"),
            "code": CODE,
            "tables": ("array", "the tables that it is in, as they were named; what the last one says is kept"),
            "said": ("array", "what each of them says, in a few words"),
        },
    ),
    Line(
        "summary",
        "at the end",
        {
            "code": DONE,
            "table": ("string", "the table that was written"),
            "tables": ("integer", "tables that were put together"),
            "photos": ("integer", "photos in it"),
            "labelled": ("integer", "how many of them were labelled"),
            "skipped": ("integer", "how many of them were left alone, with a reason"),
            "failed": ("integer", "how many of them could not be labelled"),
            "several": ("integer", "photos that are in more than one table"),
            "different": ("integer", "how many of these in different words"),
        },
    ),
)
