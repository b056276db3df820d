"""Charts of processes: as SVG, as an ordered list of words, and laid out where a file has none."""

from tongban.process.model.drawing.interchange import with_diagram
from tongban.process.model.drawing.lanes import lane_names
from tongban.process.model.drawing.outline import Step, outline
from tongban.process.model.drawing.signs import BADGES, MARK_NAMES
from tongban.process.model.drawing.svg import Chart, chart

__all__ = [
    "BADGES",
    "MARK_NAMES",
    "Chart",
    "Step",
    "chart",
    "lane_names",
    "outline",
    "with_diagram",
]
