"""orefolio: which rare-earth contracts, plants and stockpiles an importing country should choose.

What people call from a notebook or a script is listed in PUBLIC and imported when it is first asked for, so that
`import orefolio` is quick. To add a name, add a line: its name, then `module:attribute`; and one for type checkers.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orefolio.api import Comparison as Comparison
    from orefolio.api import Run as Run
    from orefolio.api import Study as Study
    from orefolio.api import compare as compare
    from orefolio.api import load as load
    from orefolio.api import open_run as open_run
    from orefolio.api import solve as solve
    from orefolio.api.examples import example as example
    from orefolio.api.examples import new as new
    from orefolio.api.run import report as report
    from orefolio.errors import OrefolioError as OrefolioError

__version__ = "0.1.0"

PUBLIC = {
    "Comparison": "orefolio.api:Comparison",
    "OrefolioError": "orefolio.errors:OrefolioError",
    "Run": "orefolio.api:Run",
    "Study": "orefolio.api:Study",
    "compare": "orefolio.api:compare",
    "example": "orefolio.api.examples:example",
    "load": "orefolio.api:load",
    "new": "orefolio.api.examples:new",
    "open_run": "orefolio.api:open_run",
    "report": "orefolio.api.run:report",
    "solve": "orefolio.api:solve",
}


class _Package(ModuleType):
    """The package as people see it: a public name stays what PUBLIC says where a folder has the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({"__version__", *PUBLIC})
