"""Questions that a case is asked by turning one lever step by step."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import key, number, reference, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A lever turned over equally spaced values; the base is planned too, wherever it lies."""

    sweep: str = key("id")
    name: str = text("name as people say it")
    lever: str = reference("levers", "lever that is turned", part_of_key=True)
    from_value: float = number("unit of the lever", "first value", low=None)
    to_value: float = number("unit of the lever", "last value", low=None)
    steps: int = whole("how many values, with the first and the last", low=2)
    off_lever: str = reference(
        "levers", "lever that takes the matter away, for one further point; blank: none", optional=True
    )
    off_value: float = number("unit of that lever", "its value at that point", low=None, default=0.0)
    asks: str = text("what it asks")
    source: str = text("fact ids, or assumption: its one-line derivation")
