"""What processes do by themselves: service tasks, and messages and signals on their way."""

from datetime import datetime
from typing import Any

from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.calendar.model import prefix
from tongban.foundation.events import subscribe
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import SERVICE, THROWN
from tongban.process.commands.beginnings import BEGIN, begin_by_timer
from tongban.process.commands.counting import COUNT_AGAIN, changed_days, count_again
from tongban.process.commands.happenings import message, signal
from tongban.process.commands.migrate import MIGRATE
from tongban.process.commands.migrating import go_on_migrating
from tongban.process.commands.services import do_service
from tongban.process.model.instance import Key, read_item_key, read_key


@job(SERVICE)
def service(work: Work, payload: dict[str, Any]) -> None:
    do_service(work, item=read_item_key(payload["item"]))


@job(THROWN)
def thrown(work: Work, payload: dict[str, Any]) -> None:
    """Deliver a message, which is tried again while nobody listens; or a part of a signal."""
    name, data = payload["name"], payload["data"]
    if payload["what"] == "message":
        message(work, name=name, key=payload["correlation"], data=data)
        return
    after: Key | None = read_key(payload["after"]) if payload.get("after") else None
    told = [(read_key(key), token, node) for key, token, node in payload.get("told", [])]
    further = signal(work, name=name, data=data, after=after, told=told)
    if further is not None:
        schedule(
            work, kind=THROWN, due_at=work.now, what="signal", name=name, correlation="", data=data,
            after=str(further), told=payload.get("told", []),
        )  # fmt: skip


@job(MIGRATE)
def migrating(work: Work, payload: dict[str, Any]) -> None:
    """Carry out a part of a migration; the next one is a job of its own."""
    number = payload["migration"]
    if go_on_migrating(work, migration=number):
        schedule(work, kind=MIGRATE, due_at=work.now, key=str(number), migration=number)


@subscribe(CalendarChanged)
def move_due_dates(work: Work, event: CalendarChanged) -> None:
    """Count due dates of steps and timers anew and list those that moved."""
    changed = store.Changed(prefix(event.region), event.first_day, event.last_day)
    count_again(work, changed=changed)


@job(COUNT_AGAIN)
def counting_again(work: Work, payload: dict[str, Any]) -> None:
    """Count a further part of the due dates; the next one is a job of its own."""
    changed = changed_days(payload["below"], payload["first_day"], payload["last_day"])
    after: Key | None = read_key(payload["after"]) if payload["after"] else None
    count_again(work, changed=changed, after=after, missed=payload["missed"], last=payload["last"])


@job(BEGIN)
def begin_due(work: Work, payload: dict[str, Any]) -> None:
    begin_by_timer(
        work,
        definition=int(payload["definition"]),
        node=payload["node"],
        due=datetime.fromisoformat(payload["due"]),
        fired=payload["fired"],
    )
