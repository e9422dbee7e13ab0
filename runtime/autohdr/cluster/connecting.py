"""Connects to a Ray cluster, or starts one on this machine for a run, quietly: nothing is reported to Ray's makers."""

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

from autohdr.codes import Code
from autohdr.errors import EngineError, MissingError, SettingsError
from autohdr.system.no_telemetry import asking_no_cloud, switch_off
from autohdr.system.processors import processors

_OWN = 100 << 20
"""Bytes of shared memory for a cluster of our own, beside what is sent to its workers; Ray asks for 75 MiB."""
_SETTINGS = {
    # What Ray's daemons say of workers that die would stand between the lines of --json; a run says it in a sentence.
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
    # Under `uv run` Ray would copy the current folder to all machines; autohdr is installed there.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    # On a cluster of our own, workers are as quick as a run without one; Ray would let everything else go before them.
    "RAY_worker_niceness": "0",
}
"""Environment variables that Ray reads when it is imported; each is set where the user has not set it."""


GIVEN_UP = 10.0
"""Seconds for which Ray may take to end."""
T = TypeVar("T")


def address_of(cluster: str) -> str | None:
    """The address that `--cluster` names, as `ray.init` takes it; None where none is named: then it is the cluster that
    RAY_ADDRESS names, one that `ray start` has started on this machine, or else one of our own.

    Raises:
        SettingsError: it is none of `ray`, `ray:ADDRESS` and `ray://HOST:PORT`.
    """
    engine, colon, address = cluster.partition(":")
    if engine != "ray" or (colon and not address):
        raise SettingsError(f"cluster is {cluster!r}; expected ray, ray:ADDRESS, such as ray:auto, or ray://HOST:10001")
    if address.startswith("//"):  # what Ray calls a client's address
        return cluster
    return address or None


@contextlib.contextmanager
def connected(cluster: str, sent: int) -> Iterator[ModuleType]:
    """Ray, connected for a block. What was started for it has ended afterwards.

    Args:
        cluster: what `--cluster` names.
        sent: bytes that are sent to each worker.

    Raises:
        SettingsError: the address is none.
        MissingError: Ray is not installed.
        EngineError: there is no cluster, or it cannot be used from here.
    """
    address = address_of(cluster)
    ray = _import(client=address is not None and "://" in address)
    if ray.is_initialized():
        raise SettingsError("this program is connected to a Ray cluster already; call ray.shutdown() before")
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        _connect(ray, address, sent)
        yield ray
    finally:
        try:
            within(GIVEN_UP, ray.shutdown)
        except TimeoutError:  # it waits for a head that has gone, and would do so once more at the program's end
            atexit.unregister(ray.shutdown)


def within(seconds: float, call: Callable[[], T]) -> T:
    """What a call of Ray's returns. Where the head of a cluster has gone, some never do, and Ctrl-C does not end them;
    so another thread waits for them.

    Raises:
        TimeoutError: it has not returned.
    """
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(call()), name="ray", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise TimeoutError
    return found[0]


def _import(*, client: bool) -> ModuleType:
    switch_off()
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingError('ray is not installed; run: pip install "autohdr[cluster]"') from error
    if client and find_spec("grpc") is None:
        raise MissingError('addresses that begin with ray:// need grpcio; run: pip install "ray[client]"')
    return ray


def _connect(ray: ModuleType, address: str | None, sent: int) -> None:
    quiet = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR}
    own = {"include_dashboard": False, "num_cpus": processors(), "object_store_memory": _OWN + 2 * sent}
    try:
        if address in (None, "local"):
            try:
                with asking_no_cloud():
                    ray.init(address=address, **quiet, **own)
                return
            except ValueError:  # there is one already, which takes no settings
                if address is not None:
                    raise
        ray.init(address=address, **quiet)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise EngineError(_refused(address, error), code=Code.CLUSTER_REFUSED) from error


def _refused(address: str | None, error: Exception) -> str:
    """Why Ray cannot be used, in one sentence."""
    named = address or "on this machine"
    why = " ".join(str(error).split())[:300].rstrip(". ")
    return (
        f"the Ray cluster {named} cannot be used ({why}); start one with ray start, with the same Python and Ray "
        f"{version('ray')} on all machines, or use --cluster ray:local"
    )
