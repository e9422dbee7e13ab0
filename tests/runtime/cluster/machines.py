"""A Ray cluster of several machines on this one, in a process of its own: it ends when its standard input does.

python machines.py PROCESSORS...    prints the cluster's address, and a line more once it has ended
"""

import logging
import os
import sys
import tempfile
from typing import Any


def main(processors: list[str]) -> None:
    """Starts a machine with each of these numbers of processors."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", "RAY_AUTH_MODE": "disabled"}
    import ray
    from ray.cluster_utils import Cluster

    logging.getLogger("ray").setLevel(logging.ERROR)
    small: dict[str, Any] = {"object_store_memory": 80 << 20, "include_dashboard": False}
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "temp_dir": folder, **small})
        try:
            for number in processors:
                cluster.add_node(num_cpus=int(number), **small)
            print(cluster.address, flush=True)
            sys.stdin.read()
        finally:
            ray.shutdown()
            cluster.shutdown()  # type: ignore[no-untyped-call]
    print("ended", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
