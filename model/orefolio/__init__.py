"""orefolio: which rare-earth contracts, plants and stockpiles an importing country should choose.

What people call from a notebook or a script is listed in PUBLIC and imported when it is first asked for, so that
`import orefolio` is quick. To add a name, add a line: its name, then `module:attribute`.
"""

from importlib import import_module

__version__ = "0.1.0.dev0"

PUBLIC = {
    "OrefolioError": "orefolio.errors:OrefolioError",
    "compare": "orefolio.api:compare",
    "load": "orefolio.api:load",
    "open_run": "orefolio.api:open_run",
    "solve": "orefolio.api:solve",
}

__all__ = ["PUBLIC", "__version__"]


def __getattr__(name: str) -> object:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *PUBLIC})
