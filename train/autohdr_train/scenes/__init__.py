"""Synthetic shoots: scenes of real dynamic range, seen by a simulated camera, edited by a simulated photographer."""

from autohdr_train.scenes.camera import BODIES, OTHER_CELLS, PHASES, Camera, developed, expose, random_camera
from autohdr_train.scenes.dng import Compression, write_dng
from autohdr_train.scenes.kinds import KINDS
from autohdr_train.scenes.metering import meter
from autohdr_train.scenes.panorama import load_radiance, random_view, read_exr, view
from autohdr_train.scenes.photographers import PHOTOGRAPHERS, Photographer, draw
from autohdr_train.scenes.procedural import random_scene
from autohdr_train.scenes.rule import NOISE, label
from autohdr_train.scenes.scene import Scene
from autohdr_train.scenes.shoot import bracket, write_shoot
from autohdr_train.scenes.shot import Mixture, Procedural, Shot, Source, Views, shots, take
from autohdr_train.scenes.sidecar import photographer_xmp

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
    "Shot",
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
