"""A worker that ends when it is given a certain photo."""

import os

from autohdr.cluster.messages import Share, Told
from autohdr.cluster.worker import Worker

PHOTO = "IMG_33.dng"


class Deadly(Worker):
    """Ends its process as a library that crashes would."""

    def exchange(self, shares: list[Share], ended: bool) -> Told:
        """As of `Worker`, until the photo is among those given."""
        if any(photo.name == PHOTO for share in shares for photo in share.parcel.photos):
            os._exit(1)
        return super().exchange(shares, ended)
