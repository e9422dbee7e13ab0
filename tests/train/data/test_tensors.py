"""Tensors with labels: of photos, whole and in part."""

import dataclasses
from pathlib import Path

import numpy as np
import torch

from autohdr.edits.photos import EditedPhotos
from autohdr.raw.prepare import prepare
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset


def test_photos_come_with_their_tensors_labels_and_groups(shoot: Path, spec: InputSpec, tmp_path: Path) -> None:
    found = EditedPhotos.find([shoot]).photos
    photos, left_out = TensorDataset.from_photos(found, spec, tmp_path)
    assert (len(photos), left_out) == (16, [])
    pixels, labels = photos[3]
    np.testing.assert_array_equal(pixels.numpy(), prepare(found[3].path, spec))
    np.testing.assert_array_equal(labels.numpy(), found[3].labels)
    assert pixels.dtype == labels.dtype == torch.float32
    assert 1 < len(set(photos.groups)) < 16  # the shoot walks from place to place, hours apart


def test_photos_come_in_the_order_of_their_paths_and_say_what_was_corrected(
    shoot: Path, spec: InputSpec, tmp_path: Path
) -> None:
    found = list(EditedPhotos.find([shoot]).photos)
    found[5] = dataclasses.replace(found[5], corrected=True)
    photos, _ = TensorDataset.from_photos([found[5], *found[:5][::-1]], spec, tmp_path)
    np.testing.assert_array_equal(photos.labels, [photo.labels for photo in found[:6]])
    np.testing.assert_array_equal(photos.corrected, np.arange(6) == 5)
    np.testing.assert_array_equal(photos.subset(np.array([5, 0])).corrected, [True, False])


def test_a_batch_is_its_photos(photos: TensorDataset) -> None:
    part = photos.subset(np.array([9, 4, 2]))
    pixels, labels = part.batch(np.array([2, 0]))
    for place, index in enumerate((2, 0)):
        assert torch.equal(pixels[place], part[index][0])
        np.testing.assert_array_equal(labels[place], part[index][1])
    pixels.fill_(7.0)
    labels.fill_(7.0)
    assert not (part.batch(np.array([0]))[0] == 7.0).any()
    assert not (photos.labels == 7.0).any()


def test_part_of_a_part_is_a_part(photos: TensorDataset) -> None:
    part = photos.subset(np.array([9, 4, 2])).subset(np.array([2, 0]))
    assert part.groups == [photos.groups[2], photos.groups[9]]
    for index, original in enumerate((2, 9)):
        assert torch.equal(part[index][0], photos[original][0])
        np.testing.assert_array_equal(part[index][1].numpy(), photos.labels[original])
