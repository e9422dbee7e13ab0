"""Sidecars: what Lightroom knows of a photo, read and changed without losing anything in it."""

from autohdr.sidecar.edits import Edit, apply, plan
from autohdr.sidecar.looked import Looked, check_existing, look, refusal
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.owners import Owners
from autohdr.sidecar.settings.develop import develop
from autohdr.sidecar.settings.labels import Labels, read_labels
from autohdr.sidecar.undo import UndoResult, UndoStatus, undo
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.merge import merge
from autohdr.words import Existing, Naming

__all__ = [
    "Document",
    "Edit",
    "Existing",
    "Labels",
    "Looked",
    "Naming",
    "Owners",
    "UndoResult",
    "UndoStatus",
    "apply",
    "check_existing",
    "develop",
    "look",
    "merge",
    "plan",
    "read_labels",
    "refusal",
    "sidecar_path",
    "undo",
]
