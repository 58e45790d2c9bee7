"""The program of one MPI rank: `mpiexec -n 3 python -P -m orefolio.scale.rank FOLDER`.

It goes to the folder before mpi-sppy is imported, which opens its logs where it stands.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path


def run(folder: Path) -> None:
    """Take part in the task of a folder; what is not refused but goes wrong ends all ranks."""
    os.chdir(folder)
    from mpi4py import MPI

    try:
        from .ranks import main

        main(folder)
    except Exception:
        traceback.print_exc()
        MPI.COMM_WORLD.Abort(1)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
