"""A figure as a page of its own, that needs no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orefolio.errors import MissingExtraError

INSTALL = "pip install 'orefolio[report]'"
TEMPLATE = "plotly_white"
FONT = "Noto Sans, Noto Sans CJK JP, Noto Sans CJK SC, Arial, sans-serif"


def page(figure: Mapping[str, Any]) -> str:
    """HTML that draws a figure. figure: `data` and `layout` as plotly has them. Raises MissingExtraError."""
    try:
        import plotly.graph_objects as go
        import plotly.io
    except ImportError as error:
        raise MissingExtraError(f"A figure as a page needs plotly. Install with: {INSTALL}") from error
    drawn = go.Figure(dict(figure))
    drawn.update_layout(template=TEMPLATE, font_family=FONT)
    html: str = plotly.io.to_html(drawn, include_plotlyjs=True, full_html=True, div_id="figure")
    return html
