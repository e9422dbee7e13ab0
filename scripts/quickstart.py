"""Label the sample shoot with the default model: `python scripts/quickstart.py`. Needs Python and nothing else.

The photos are copied to `sample-shoot-labelled/` first, so that the samples stay as they are. They are DNGs, and their
labels go into the copies, where Lightroom reads them.
"""

import shutil
import sys

from environment import ROOT, ready, run

if __name__ == "__main__":
    programs = ready("quickstart", "-e .[cpu,fast]")
    shoot = ROOT / "sample-shoot-labelled"
    shoot.mkdir(exist_ok=True)
    for photo in sorted((ROOT / "samples" / "shoot").glob("*.dng")):
        shutil.copyfile(photo, shoot / photo.name)
    sys.exit(run(programs, "autohdr", "label", shoot.name))
