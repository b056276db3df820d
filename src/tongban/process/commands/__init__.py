"""The acts on instances and definitions. Each one: hold, permit, check, play, carry out, record."""

from tongban.process.commands.acting import Following, decide_with
from tongban.process.commands.items import complete, complete_many
from tongban.process.commands.publish import publish
from tongban.process.commands.start import New, Refused, start, start_many

__all__ = [
    "Following",
    "New",
    "Refused",
    "complete",
    "complete_many",
    "decide_with",
    "publish",
    "start",
    "start_many",
]
