"""How much is measured: on which photos, how often, how much of it."""

from dataclasses import dataclass, replace

from autohdr_bench.speed.files import FORMATS, Format


@dataclass(frozen=True, slots=True)
class Profile:
    """All that decides how long a run of `autohdr bench` takes, besides the machine."""

    name: str
    formats: tuple[Format, ...]
    """Photos that are generated where none are named."""
    rounds: int
    """How many rounds count of work that takes less than a second."""
    slow_rounds: int
    """How many rounds count of work that takes seconds. From eight on, two results of 90 figures can show that one is
    slower."""
    shoot: int
    """Photos of the shoot that is labelled from end to end."""
    peer_shoot: int
    """How many photos of the shoot slow peers are given."""
    batches: tuple[int, ...]
    """Photos that a network is given at once."""
    steps: int
    """Optimiser steps of one timed training."""
    compiled: bool = True
    """PyTorch's compiler is measured, too: it takes a minute to compile."""
    device: bool = False
    """Whether the profile is for a GPU: engines of the processor are left out then."""

    def with_rounds(self, rounds: int) -> "Profile":
        """Returns this profile with that many rounds of everything."""
        return replace(self, rounds=rounds, slow_rounds=rounds)


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            "ci", FORMATS[:2], rounds=5, slow_rounds=3, shoot=24, peer_shoot=2, batches=(1, 8), steps=2, compiled=False
        ),
        Profile("full", FORMATS, rounds=11, slow_rounds=8, shoot=48, peer_shoot=2, batches=(1, 8, 32), steps=6),
        Profile(
            "gpu",
            FORMATS,
            rounds=11,
            slow_rounds=5,
            shoot=600,
            peer_shoot=4,
            batches=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            steps=20,
            device=True,
        ),
    )
}
"""`ci`: minutes on two cores. `full`: for a result that is kept. `gpu`: the network on a GPU, and the whole with it."""
