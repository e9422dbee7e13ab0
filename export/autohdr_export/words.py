"""The choices of an export's options; imports nothing heavy."""

from typing import Literal

Target = Literal["cpu", "openvino", "trt"]
"""Engines that int8 can be made for: what is fast differs by engine."""
