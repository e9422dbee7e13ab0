"""Writes down whom a model's photographs are owed to: a table that travels with it."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from autohdr_train.data.photographs import Photograph

NAME = "CREDITS.csv"


def credits_of(photographs: Sequence[Photograph]) -> bytes:
    """Returns a CSV table with a line for each source, licence and credit, and how many photographs they are of."""
    counts = Counter((photo.source, photo.licence, " ".join(photo.credit.split())) for photo in photographs)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["source", "licence", "credit", "photographs"])
    writer.writerows([*owed, count] for owed, count in sorted(counts.items()))
    return buffer.getvalue().encode()


def licences(photographs: Sequence[Photograph]) -> str:
    """Returns one sentence's worth of licences, each with the number of its photographs, most first."""
    counts = Counter(photo.licence for photo in photographs)
    return ", ".join(f"{licence} ({count})" for licence, count in counts.most_common())
