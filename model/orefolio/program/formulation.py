"""The formulation in the families' own words."""

from __future__ import annotations

import inspect
import sys

from ..families import FAMILIES
from . import risk


def formulation() -> dict[str, str]:
    """The families' own words and equations, in the order in which they are stated, and those of risk."""
    modules = {name: sys.modules[state.__module__] for name, state in FAMILIES.items()}
    return {name: inspect.cleandoc(module.__doc__ or "") for name, module in {**modules, "risk": risk}.items()}
