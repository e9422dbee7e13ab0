"""Why a photo's settings are left alone: a sentence for its photographer, and a code for programs."""

from dataclasses import dataclass

from autohdr.codes import Code


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a photo's settings are left alone."""

    code: Code
    sentence: str
