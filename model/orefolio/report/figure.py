"""A figure as a page of its own, that needs no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orefolio.errors import MissingExtraError

if TYPE_CHECKING:
    from typing import TypeAlias

    import plotly.graph_objects

    Drawn: TypeAlias = plotly.graph_objects.Figure

INSTALL = "pip install 'orefolio[report]'"
TEMPLATE = "plotly_white"
FONT = "Noto Sans, Noto Sans CJK JP, Noto Sans CJK SC, Arial, sans-serif"


def drawn(figure: Mapping[str, Any]) -> Drawn:
    """A figure as plotly has it, in the look of all. figure: `data` and `layout`. Raises MissingExtraError."""
    try:
        import plotly.graph_objects as go
    except ImportError as error:
        raise MissingExtraError(f"A figure needs plotly. Install with: {INSTALL}") from error
    made = go.Figure(dict(figure))
    return made.update_layout(template=TEMPLATE, font_family=FONT)


def page(figure: Mapping[str, Any]) -> str:
    """HTML that draws a figure. figure: `data` and `layout` as plotly has them. Raises MissingExtraError."""
    made = drawn(figure)
    import plotly.io

    html: str = plotly.io.to_html(made, include_plotlyjs=True, full_html=True, div_id="figure")
    return html
