"""Every error a user can meet, as one tree. A message names the file or value, what was expected, and the next step.

AutohdrError
|-- PhotoError         one photo cannot be labelled; the others go on
|   |-- RawError       its RAW file cannot be read, or is of a kind not supported yet
|   |   `-- IncompleteError   a part of its picture is missing or damaged, whoever decodes it
|   `-- SidecarError   its sidecar cannot be understood or changed safely; it is left as it was
|-- FileError          the system refuses to read or write a file; it is left as it was
|-- ModelError         the model file is missing, not ours, or from a newer version
|-- EngineError        no inference engine can run here
|   |-- OutOfMemoryError   the device has too little memory for so many photos at once
|   `-- DeviceLostError    the device has stopped answering
|-- LearningError      there is nothing to learn from, or learning diverged
`-- SettingsError      a setting is impossible

Each class carries the exit code of a command that it ends.
"""

from typing import ClassVar

from autohdr.exits import Exit


class AutohdrError(Exception):
    """The root: anything that a user can put right."""

    exit_code: ClassVar[Exit] = Exit.FAILED
    """Of a command that it ends. A class says its own where it means something else."""


class PhotoError(AutohdrError):
    """One photo cannot be labelled; the others go on."""


class RawError(PhotoError):
    """A RAW file cannot be read, or is of a kind that is not supported yet."""


class IncompleteError(RawError):
    """A part of a RAW file's picture is missing or damaged: what another decoder makes of the file is not the photo."""


class SidecarError(PhotoError):
    """A sidecar cannot be understood or changed safely; it is left as it was."""


class FileError(AutohdrError):
    """The system refuses to read or write a file; it is left as it was, and `__cause__` is the OSError."""


class ModelError(AutohdrError):
    """A model file is missing, not ours, or from a newer version."""

    exit_code = Exit.MISSING


class EngineError(AutohdrError):
    """No inference engine can run here, or not the one asked for."""

    exit_code = Exit.MISSING


class OutOfMemoryError(EngineError):
    """The device has too little memory for so many photos at once; fewer may do."""

    exit_code = Exit.FAILED


class DeviceLostError(EngineError):
    """The device has stopped answering; what is written is whole, and the run ends."""

    exit_code = Exit.FAILED


class LearningError(AutohdrError):
    """There is nothing to learn from, or learning diverged."""


class SettingsError(AutohdrError, ValueError):
    """A setting is impossible."""

    exit_code = Exit.USAGE
