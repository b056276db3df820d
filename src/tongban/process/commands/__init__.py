"""The acts on instances and definitions. Each one: hold, permit, check, play, carry out, record."""

from tongban.process.commands.acting import Following, decide_with
from tongban.process.commands.course import (
    TooLateToTakeBack,
    WrongState,
    cancel,
    resume,
    send_back,
    skip,
    suspend,
    take_back,
)
from tongban.process.commands.hands import (
    NotYours,
    add_helper,
    assign,
    claim,
    delegate,
    release,
    withdraw_helper,
)
from tongban.process.commands.happenings import (
    NobodyListens,
    SeveralListen,
    message,
    ring_due,
    signal,
)
from tongban.process.commands.items import complete, complete_many
from tongban.process.commands.publish import publish
from tongban.process.commands.services import ServiceError, do_service, operation, retry
from tongban.process.commands.start import New, Refused, start, start_many
from tongban.process.commands.within import OWN_NUMBERS_BELOW, begin, complete_act, end

__all__ = [
    "OWN_NUMBERS_BELOW",
    "Following",
    "New",
    "NobodyListens",
    "NotYours",
    "Refused",
    "ServiceError",
    "SeveralListen",
    "TooLateToTakeBack",
    "WrongState",
    "add_helper",
    "assign",
    "begin",
    "cancel",
    "claim",
    "complete",
    "complete_act",
    "complete_many",
    "decide_with",
    "delegate",
    "do_service",
    "end",
    "message",
    "operation",
    "publish",
    "release",
    "resume",
    "retry",
    "ring_due",
    "send_back",
    "signal",
    "skip",
    "start",
    "start_many",
    "suspend",
    "take_back",
    "withdraw_helper",
]
