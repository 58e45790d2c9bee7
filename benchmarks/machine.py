"""What the figures were measured on and with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from . import Rows

CPUINFO = Path("/proc/cpuinfo")
PACKAGES = ("highspy", "numpy", "scipy", "pyomo", "linopy")


def machine() -> Rows:
    """A row for the processor, its cores, Python and each package; no value where one is not known or not there."""
    found: dict[str, str | int | None] = {
        "processor": processor(CPUINFO.read_text(encoding="utf-8") if CPUINFO.is_file() else ""),
        "cores": os.cpu_count(),
        "Python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }
    return [{"what": name, "value": value} for name, value in found.items()]


def processor(cpuinfo: str) -> str | None:
    """The name of the first processor in the kernel's list."""
    pairs = (line.partition(":") for line in cpuinfo.splitlines())
    return next((value.strip() for name, _, value in pairs if name.strip() == "model name"), None)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
