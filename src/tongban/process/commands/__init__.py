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
from tongban.process.commands.drafts import (
    begin_draft,
    comment_draft,
    judged,
    main_process,
    publish_draft,
    return_draft,
    save_draft,
    submit_draft,
    withdraw_draft,
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
from tongban.process.commands.operations import (
    NoSuchTimer,
    look_into,
    retry_many,
    ring_again,
)
from tongban.process.commands.publish import publish
from tongban.process.commands.services import ServiceError, do_service, operation, retry
from tongban.process.commands.start import New, Refused, start, start_many
from tongban.process.commands.within import OWN_NUMBERS_BELOW, begin, complete_act, end

__all__ = [
    "OWN_NUMBERS_BELOW",
    "Following",
    "New",
    "NoSuchTimer",
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
    "begin_draft",
    "cancel",
    "claim",
    "comment_draft",
    "complete",
    "complete_act",
    "complete_many",
    "decide_with",
    "delegate",
    "do_service",
    "end",
    "judged",
    "look_into",
    "main_process",
    "message",
    "operation",
    "publish",
    "publish_draft",
    "release",
    "resume",
    "retry",
    "retry_many",
    "return_draft",
    "ring_again",
    "ring_due",
    "save_draft",
    "send_back",
    "signal",
    "skip",
    "start",
    "start_many",
    "submit_draft",
    "suspend",
    "take_back",
    "withdraw_draft",
    "withdraw_helper",
]
