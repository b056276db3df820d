"""The acts on cases. Each one: lock, permit, check, change, record."""

from tongban.cases.commands.apply import discard_draft, save_draft, submit
from tongban.cases.commands.course import catch_up
from tongban.cases.commands.courses import (
    NotACourse,
    TooLong,
    course_of,
    install_courses,
    items_on,
    set_course,
    unset_course,
)
from tongban.cases.commands.deliver import close, deliver
from tongban.cases.commands.discretion import NothingChosen, ProposeFirst, propose
from tongban.cases.commands.follow import (
    TooManyWrongCodes,
    follower,
    reveal,
    track,
)
from tongban.cases.commands.intake import (
    MaterialsMissing,
    NoticeTooLate,
    accept,
    decline,
    request_correction,
)
from tongban.cases.commands.limits import NotToBeExtended, extend, pause, resume
from tongban.cases.commands.receive import NotReceived, receive
from tongban.cases.commands.recheck import NotDrawn, recheck
from tongban.cases.commands.respond import correct, withdraw
from tongban.cases.commands.review import FourEyes, StillPaused, decide, review, send_back
from tongban.cases.commands.ruled import decide_task
from tongban.cases.commands.steps import DoneOnTheCase, Said, do_step
from tongban.cases.commands.taking_part import open_part_file

__all__ = [
    "DoneOnTheCase",
    "FourEyes",
    "MaterialsMissing",
    "NotACourse",
    "NotDrawn",
    "NotReceived",
    "NotToBeExtended",
    "NothingChosen",
    "NoticeTooLate",
    "ProposeFirst",
    "Said",
    "StillPaused",
    "TooLong",
    "TooManyWrongCodes",
    "accept",
    "catch_up",
    "close",
    "correct",
    "course_of",
    "decide",
    "decide_task",
    "decline",
    "deliver",
    "discard_draft",
    "do_step",
    "extend",
    "follower",
    "install_courses",
    "items_on",
    "open_part_file",
    "pause",
    "propose",
    "receive",
    "recheck",
    "request_correction",
    "resume",
    "reveal",
    "review",
    "save_draft",
    "send_back",
    "set_course",
    "submit",
    "track",
    "unset_course",
    "withdraw",
]
