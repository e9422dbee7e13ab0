"""Synthetic shoots: scenes of real dynamic range, seen by a simulated camera, edited by a simulated photographer."""

from autohdr_scenes.camera import BODIES, OTHER_CELLS, PHASES, Camera, developed, expose, random_camera
from autohdr_scenes.dng import Compression, write_dng
from autohdr_scenes.kinds import KINDS
from autohdr_scenes.metering import meter
from autohdr_scenes.panorama import load_radiance, random_view, read_exr, view
from autohdr_scenes.photographers import PHOTOGRAPHERS, Photographer, draw
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.rule import NOISE, label
from autohdr_scenes.scene import Scene
from autohdr_scenes.shoot import bracket, write_shoot
from autohdr_scenes.shot import Mixture, Procedural, SimulatedPhoto, Source, Views, shots, take
from autohdr_scenes.sidecar import photographer_xmp

__all__ = [
    "BODIES",
    "KINDS",
    "NOISE",
    "OTHER_CELLS",
    "PHASES",
    "PHOTOGRAPHERS",
    "Camera",
    "Compression",
    "Mixture",
    "Photographer",
    "Procedural",
    "Scene",
    "SimulatedPhoto",
    "Source",
    "Views",
    "bracket",
    "developed",
    "draw",
    "expose",
    "label",
    "load_radiance",
    "meter",
    "photographer_xmp",
    "random_camera",
    "random_scene",
    "random_view",
    "read_exr",
    "shots",
    "take",
    "view",
    "write_dng",
    "write_shoot",
]
