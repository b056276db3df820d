"""Whose hands a work item is in: claim, release, assign, delegate, ask others to help (加签)."""

from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Book, must_do, must_run, of_instance
from tongban.process.events import StepHandedOn
from tongban.process.model.carry import Move
from tongban.process.model.instance import Held, ItemKey, NoSuchItem
from tongban.process.model.tokens import HELPED, Duty, Effects, State, Token


class NotYours(Conflict):
    message = "这项工作不在您手中，不能转交或放回"


def claim(work: Work, *, item: ItemKey) -> None:
    """Take a work item into one's own hands. Claiming it again changes nothing.

    :raises TakenByAnother: if somebody else has it.
    """
    book, held = _held(work, item)
    must_do(work, held)
    if held.token.duty.assignee != work.actor.id:
        _hand(book, held, "claim", work.actor.id, work.actor.name)


def release(work: Work, *, item: ItemKey) -> None:
    """Put a work item back for everybody who may do it.

    :raises NotYours: if it is not in the actor's hands.
    """
    book, held = _held(work, item)
    must_do(work, held)
    if held.token.duty.assignee != work.actor.id:
        raise NotYours
    _hand(book, held, "release", "", "")


def delegate(work: Work, *, item: ItemKey, to: str, to_name: str, reason: str = "") -> None:
    """Hand one's own work item on to a colleague, who still needs the role to complete it.

    :raises NotYours: if it is not in the actor's hands.
    """
    book, held = _held(work, item)
    must_do(work, held)
    if held.token.duty.assignee != work.actor.id:
        raise NotYours
    _hand(book, held, "delegate", to, to_name, reason)


def assign(work: Work, *, item: ItemKey, to: str, to_name: str, reason: str = "") -> None:
    """Give a work item to somebody, whoever has it, as those who lead a unit may."""
    book, held = _held(work, item)
    work.actor.must(
        "process.assign", department=held.token.duty.department, region=item.instance.region
    )
    must_run(held.instance)
    _hand(book, held, "assign", to, to_name, reason)


def add_helper(work: Work, *, item: ItemKey, to: str, to_name: str, reason: str = "") -> ItemKey:
    """Ask somebody for an opinion on a work item (加签), which then waits for it.

    The helper completes a work item of their own at the same step; it moves nothing on.
    """
    book, held = _held(work, item)
    must_do(work, held)
    if held.token.helps > 0:
        raise NotYours
    world = book.world(item.instance)
    asked = held.token.duty
    act = world.graph(held.token.place.definition).node(held.token.node).attributes.act
    duty = Duty(asked.role, asked.department, to, asked.due, act)
    helper = Token(
        world.new_id(), held.token.node, held.token.place, State.WORK,
        sweeping=held.token.sweeping, duty=duty, helps=item.token,
    )  # fmt: skip
    book.notes[item.instance] = store.Note(held.born_at, reason, {"to": to, "name": to_name})
    move = Move(item.instance, "add_helper", held.token.node, Effects(born={helper.id: helper}))
    book.apply([move])
    store.mark_helped(work, item, HELPED)
    store.count_as_helped(work, item, helper.id)
    work.record(
        StepHandedOn(**of_instance(held.instance), act="add_helper", node=held.token.node, to=to)
    )
    return ItemKey(item.instance, helper.id)


def withdraw_helper(work: Work, *, item: ItemKey, reason: str = "") -> None:
    """Take back the question to a helper who has not answered."""
    book, held = _held(work, item)
    if held.token.helps <= 0:
        raise NoSuchItem
    permission = f"role.{held.token.duty.role}" if held.token.duty.role else "process.work"
    work.actor.must(permission, department=held.token.duty.department, region=item.instance.region)
    must_run(held.instance)
    book.notes[item.instance] = store.Note(held.born_at, reason)
    effects = Effects(gone=[item.token])
    book.apply([Move(item.instance, "withdraw_helper", held.token.node, effects)])
    work.record(
        StepHandedOn(
            **of_instance(held.instance), act="withdraw_helper", node=held.token.node,
            to=held.token.duty.assignee,
        )
    )  # fmt: skip


def _held(work: Work, item: ItemKey) -> tuple[Book, Held]:
    book = Book(work)
    held = book.hold(item.instance, item.token)
    if held.token.state is not State.WORK:
        raise NoSuchItem
    return book, held


def _hand(book: Book, held: Held, act: str, to: str, to_name: str, reason: str = "") -> None:
    work, key = book.work, held.instance.key
    store.hand_to(work, ItemKey(key, held.token.id), to, to_name)
    book.notes[key] = store.Note(held.born_at, reason, {"to": to, "name": to_name} if to else {})
    book.apply([Move(key, act, held.token.node, Effects())])
    work.record(StepHandedOn(**of_instance(held.instance), act=act, node=held.token.node, to=to))
