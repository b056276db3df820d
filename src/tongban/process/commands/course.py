"""Changing the course of an instance: send back, take back, skip, suspend, resume, cancel."""

from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import (
    Book,
    Following,
    carried,
    must_do,
    must_run,
    of_instance,
)
from tongban.process.events import ProcessActedOn
from tongban.process.model.back import region
from tongban.process.model.back import send_back as sent_back
from tongban.process.model.carry import Move
from tongban.process.model.instance import Held, Instance, InstanceState, ItemKey, Key, NoSuchItem
from tongban.process.model.play import Play
from tongban.process.model.tokens import ROOT, Effects, State

TEXT_MAX = 2000


class TooLateToTakeBack(Conflict):
    message = "后续环节已经开始办理，或最近一步不是您办理的，不能撤回"


def send_back(work: Work, *, item: ItemKey, to: str, reason: str) -> Following:
    """Send a case back to an earlier activity (退回), for a reason.

    Every branch behind that activity is withdrawn: its work items, timers and what had arrived at
    joins; branches that do not lie behind it go on.

    :raises NotEarlier: if the activity does not lie before this one.
    """
    reason = _told(reason, "reason", "请写明退回的理由")
    book = Book(work)
    held = book.hold(item.instance, item.token, whole=True)
    if held.token.state is not State.WORK:
        raise NoSuchItem
    must_do(work, held)
    return _sent_back(work, book, held, to, "send_back", reason)


def take_back(work: Work, *, instance: Key, node: str, reason: str = "") -> Following:
    """Take back a step that one has just completed (撤回), while nobody has gone on with it.

    :raises TooLateToTakeBack: if somebody else acted since, or it was not the actor's step.
    """
    book = Book(work)
    whole = store.hold_instance(book, instance)
    work.actor.must("process.work", department=None, region=instance.region)
    must_run(whole.instance)
    mine = work.value(
        """
        select act = 'complete' and node = %(node)s and actor = %(actor)s
          from process.history
         where region = %(region)s and month = %(month)s and instance = %(id)s
           and act not in ('join', 'advance')
         order by id desc limit 1
        """,
        node=node,
        actor=work.actor.id,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    graph = book.world(instance).graph(whole.instance.definition)
    if not mine or node not in graph.by_id:
        raise TooLateToTakeBack
    behind = region(graph, graph.by_id[node])
    standing = [
        token
        for token in whole.tokens
        if token.node in graph.by_id and graph.by_id[token.node] in behind
    ]
    if not standing or any(one.duty.assignee not in ("", work.actor.id) for one in standing):
        raise TooLateToTakeBack
    held = Held(whole.instance, standing[0], work.now)
    return _sent_back(work, book, held, node, "take_back", reason)


def _sent_back(work: Work, book: Book, held: Held, to: str, act: str, reason: str) -> Following:
    key = held.instance.key
    whole = store.hold_instance(book, key)
    effects = sent_back(
        Play(book.world(key)), held.token, to, tokens=whole.tokens, gatherings=whole.gatherings
    )
    book.notes[key] = store.Note(held.born_at, reason, {"to": to})
    [following] = carried(book, [Move(key, act, held.token.node, effects)])
    _record(work, held.instance, act, held.token.node, reason)
    return following


def skip(work: Work, *, item: ItemKey, reason: str, authority: str) -> Following:
    """Pass over a step, for a reason and by an authority: who ordered it, by which document."""
    reason = _told(reason, "reason", "请写明跳过的理由")
    authority = _told(authority, "authority", "请写明跳过的依据：谁批准的，文号是什么")
    book = Book(work)
    held = book.hold(item.instance, item.token)
    must_run(held.instance)
    work.actor.must(
        "process.skip",
        department=held.token.duty.department or held.instance.department,
        region=item.instance.region,
    )
    if held.token.state not in (State.WORK, State.FAILED):
        raise NoSuchItem
    effects = Play(book.world(item.instance)).complete(held.token, {})
    book.notes[item.instance] = store.Note(held.born_at, reason, {"authority": authority})
    [following] = carried(book, [Move(item.instance, "skip", held.token.node, effects)])
    _record(work, held.instance, "skip", held.token.node, reason, authority)
    return following


def suspend(work: Work, *, instance: Key, reason: str) -> None:
    """Let nobody move in an instance until it is resumed; its timers ring when it is."""
    _permitted_change(work, instance, "suspend", InstanceState.RUNNING, reason)


def resume(work: Work, *, instance: Key, reason: str = "") -> None:
    """Let a suspended instance go on."""
    _permitted_change(work, instance, "resume", InstanceState.SUSPENDED, reason or "-")


def cancel(work: Work, *, instance: Key, reason: str) -> None:
    """End an instance with everything in it, as when a case is withdrawn."""
    reason = _told(reason, "reason", "请写明理由")
    book = Book(work)
    whole = store.hold_instance(book, instance)
    _must_operate(work, whole.instance)
    if whole.instance.state is InstanceState.ENDED:
        must_run(whole.instance)
    effects = Effects(felled=[ROOT], disarmed=[ROOT], outcome="cancelled")
    book.notes[instance] = store.Note(text=reason)
    carried(book, [Move(instance, "cancel", "", effects)])
    _record(work, whole.instance, "cancel", "", reason)


def _permitted_change(work: Work, key: Key, act: str, before: InstanceState, reason: str) -> None:
    reason = _told(reason, "reason", "请写明理由")
    book = Book(work)
    whole = store.hold_instance(book, key)
    _must_operate(work, whole.instance)
    if whole.instance.state is not before:
        raise WrongState(state=whole.instance.state.word)
    after = InstanceState.SUSPENDED if act == "suspend" else InstanceState.RUNNING
    store.set_state(work, key, after)
    book.notes[key] = store.Note(text=reason)
    book.apply([Move(key, act, "", Effects())])
    _record(work, whole.instance, act, "", reason)


class WrongState(Conflict):
    message = "流程现在的状态是“{state}”，不能这样操作"


def _must_operate(work: Work, instance: Instance) -> None:
    work.actor.must("process.operate", department=instance.department, region=instance.key.region)


def _told(text: str, field: str, ask: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(Problem(field, ask))
    if len(text) > TEXT_MAX:
        raise Invalid(Problem(field, "最多{limit}个字", {"limit": TEXT_MAX}))
    return text


def _record(
    work: Work, instance: Instance, act: str, node: str, reason: str, authority: str = ""
) -> None:
    work.record(
        ProcessActedOn(
            **of_instance(instance), act=act, node=node, reason=reason, authority=authority
        )
    )
