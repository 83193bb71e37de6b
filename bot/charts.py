"""From what was released to the picture that chat platforms show: a PNG."""

import resvg_py

from bot.views.charts import chart_svg
from bot.views.widgets import Shown


def chart_png(shown: Shown) -> bytes:
    """Return the bytes of a PNG, drawn from what was released alone."""
    return resvg_py.svg_to_bytes(svg_string=chart_svg(shown))
