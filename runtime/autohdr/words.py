"""The choices and defaults of options and arguments, of all verbs and of their functions; imports nothing heavy."""

from typing import Literal

EngineName = Literal["trt", "ort-trt", "cuda", "cpu", "openvino"]
"""Inference engines, fastest first: the order in which `auto` tries them, less what `preferred` puts before."""

DecoderName = Literal["auto", "libraw", "flashraw"]
"""auto: flashraw where it is installed and was seen to read what LibRaw reads, else both or LibRaw."""

Existing = Literal["skip", "fill", "replace"]
"""What becomes of a photo that has develop settings of its own: skip it, fill in what is missing, or replace our eight
sliders and the HDR mode."""

Naming = Literal["adobe", "darktable"]
"""Whose way of naming sidecars: adobe's `IMG_1.xmp` (Lightroom, Camera Raw, Bridge and Capture One), or darktable's
`IMG_1.CR2.xmp` (darktable and digiKam)."""

BATCH = 8
"""Photos that are handed to the engine at once, unless told."""

PlanTask = Literal["list", "clear"]
"""What is done with the plans in the cache folder."""

ModeName = Literal["hdr", "sdr"]
"""Lightroom's HDR mode, or SDR."""

Keep = Literal["sdr", "black-and-white", "unedited"]
"""Photos to learn from that would be left out. sdr: edits made in the other mode than most are; black-and-white: edits
in black and white where more are in colour, or the other way round; unedited: photos whose settings were saved and
never changed."""

PICKED = 20
"""Photos that `pick` names unless told."""

PIXELS, PIXELS_FROM, PIXELS_TO = 1024, 128, 4096
"""Longer edge of the pictures of a page, unless told, and the least and most that may be asked for."""
