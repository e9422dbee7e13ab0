"""Sidecars: what Lightroom knows of a photo, read and changed without losing anything in it."""

from autohdr.sidecar.document import Document
from autohdr.sidecar.edits import Edit, Existing, apply, check_existing, develop, plan, refusal
from autohdr.sidecar.labels import Labels, read_labels
from autohdr.sidecar.merge import merge
from autohdr.sidecar.names import sidecar_path
from autohdr.sidecar.owners import Owners

__all__ = [
    "Document",
    "Edit",
    "Existing",
    "Labels",
    "Owners",
    "apply",
    "check_existing",
    "develop",
    "merge",
    "plan",
    "read_labels",
    "refusal",
    "sidecar_path",
]
