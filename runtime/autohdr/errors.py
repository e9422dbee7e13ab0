"""Every error a user can meet, as one tree. A message names the file or value, what was expected, and the next step.

AutohdrError
|-- PhotoError         one photo cannot be labelled; the others go on
|   |-- RawError       its RAW file cannot be read, or is of a kind not supported yet
|   |   `-- IncompleteError   a part of its picture is missing or damaged, whoever decodes it
|   `-- SidecarError   its sidecar cannot be understood or changed safely; it is left as it was
|-- CatalogError       a Lightroom catalog cannot be read or understood; nothing ever changes one
|-- FileError          the system refuses to read or write a file; it is left as it was
|-- ModelError         the model file is missing, not ours, or from a newer version
|-- EngineError        no inference engine can run here
|   |-- OutOfMemoryError   the device has too little memory for so many photos at once
|   `-- DeviceLostError    the device has stopped answering
|-- MissingError       a package is not installed
|-- LearningError      there is nothing to learn from, or learning diverged
`-- SettingsError      a setting is impossible

Each error carries a code for programs, and each class the exit code of a command that it ends.
"""

from typing import ClassVar

from autohdr.codes import Code
from autohdr.exits import Exit


class AutohdrError(Exception):
    """The root of all errors: anything that a user can put right."""

    exit_code: ClassVar[Exit] = Exit.FAILED
    """The exit code of a command that the error ends. A class says its own where it means something else."""
    code: Code = Code.BUG
    """What a program goes by. Each class has its own; an error may say it more exactly."""

    def __init__(self, sentence: str, *, code: Code | None = None) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code


class PhotoError(AutohdrError):
    """One photo could not be labelled; the others are not affected."""

    code = Code.PHOTO_REFUSED


class RawError(PhotoError):
    """A RAW file cannot be read, or is of a kind that is not supported yet."""

    code = Code.DAMAGED


class IncompleteError(RawError):
    """A part of a RAW file's picture is missing or damaged: what another decoder makes of the file is not the photo."""

    code = Code.TRUNCATED


class SidecarError(PhotoError):
    """A sidecar cannot be understood or changed safely; it is left as it was."""

    code = Code.SIDECAR_REFUSED


class FileError(AutohdrError):
    """The system refuses to read or write a file; it is left as it was, and `__cause__` is the OSError."""

    code = Code.FILE_REFUSED


class CatalogError(AutohdrError):
    """A Lightroom catalog, or what it says of one photo, cannot be read or understood; nothing ever changes one."""

    code = Code.CATALOG_REFUSED


class ModelError(AutohdrError):
    """A model file is missing, not ours, or from a newer version."""

    exit_code = Exit.MISSING
    code = Code.MODEL_REFUSED


class EngineError(AutohdrError):
    """No inference engine can run here, or not the one asked for."""

    exit_code = Exit.MISSING
    code = Code.ENGINE_REFUSED


class OutOfMemoryError(EngineError):
    """The device has too little memory for so many photos at once; fewer may do."""

    exit_code = Exit.FAILED
    code = Code.OUT_OF_MEMORY


class DeviceLostError(EngineError):
    """The device has stopped answering; what is written is whole, and the run ends."""

    exit_code = Exit.FAILED
    code = Code.DEVICE_LOST


class MissingError(AutohdrError):
    """A package is not installed that an extra brings."""

    exit_code = Exit.MISSING
    code = Code.MISSING_EXTRA


class LearningError(AutohdrError):
    """Raised where there is nothing to learn from, or learning diverged."""

    code = Code.NOTHING_TO_LEARN


class SettingsError(AutohdrError, ValueError):
    """A setting is impossible."""

    exit_code = Exit.USAGE
    code = Code.WRONG_SETTING
