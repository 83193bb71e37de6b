"""From a released table to the picture that chat platforms show: a PNG."""

import resvg_py

from bot.core.publication import ReleasedTable
from bot.views.charts import chart_svg


def chart_png(table: ReleasedTable) -> bytes:
    """Return the bytes of a PNG, drawn from the released table alone."""
    return resvg_py.svg_to_bytes(svg_string=chart_svg(table))
