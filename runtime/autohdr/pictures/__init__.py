"""Writes pictures: JPEG for SDR, gain-map JPEG and AVIF for HDR."""

from autohdr.pictures.avif import avif
from autohdr.pictures.files import write
from autohdr.pictures.gain_map import gain_map_jpeg
from autohdr.pictures.jpeg import jpeg

__all__ = ["avif", "gain_map_jpeg", "jpeg", "write"]
