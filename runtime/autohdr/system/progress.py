"""Shows the progress of everything that takes long."""

import sys
import threading
from typing import TYPE_CHECKING, Any, TypeAlias

from tqdm import tqdm

if TYPE_CHECKING:
    Progress: TypeAlias = tqdm
else:

    class Progress(tqdm):
        """A progress bar (tqdm), which shows nothing where there is no standard error: in a service, or a program
        without a console.
        """

        def __init__(self, *args: Any, **settings: Any) -> None:
            if sys.stderr is None or sys.stderr.closed:
                settings["disable"] = True
            super().__init__(*args, **settings)

    Progress.set_lock(threading.RLock())  # tqdm's own is one of processes, a semaphore of the system's; ours write none
