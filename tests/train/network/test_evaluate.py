"""What a network answers for photos: within what sliders allow, and whatever the batch."""

import numpy as np

from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SliderNet


def test_predictions_are_clipped_to_what_sliders_allow(network: SliderNet, photos: TensorDataset) -> None:
    network.classifier.bias.data[0] = 9.0
    predicted = predict(network, photos)
    assert predicted.shape == (12, 8)
    assert (predicted[:, 0] == 5.0).all()


def test_predictions_do_not_depend_on_the_batch(network: SliderNet, photos: TensorDataset) -> None:
    np.testing.assert_allclose(predict(network, photos, batch=5), predict(network, photos), atol=1e-4)
