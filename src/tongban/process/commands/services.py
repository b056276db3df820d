"""Service tasks: jobs of the worker, tried again, given up, taken up anew by an operator."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from tongban.foundation.errors import NotFound
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import (
    SERVICE,
    Book,
    Following,
    ask_service,
    carried,
    must_run,
    of_instance,
    tell_of_move,
)
from tongban.process.events import ProcessActedOn
from tongban.process.model.carry import Move
from tongban.process.model.instance import Held, Instance, ItemKey, NoSuchItem
from tongban.process.model.play import Play
from tongban.process.model.tokens import State

Operation = Callable[[Work, Instance, Mapping[str, object]], Mapping[str, object] | None]
_operations: dict[str, Operation] = {}
WAIT = timedelta(minutes=1)


class NoSuchOperation(NotFound):
    message = "没有名为“{name}”的自动办理操作"


class ServiceError(Exception):
    """An outcome of a service that the process may catch as an error event of this code."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def operation(name: str) -> Callable[[Operation], Operation]:
    """Do the service tasks of this name with the decorated function, in the worker.

    It gets the instance and the variables that can be seen, and returns new ones. It may be called
    again after a fault, so it must bear that.
    """

    def register(do: Operation) -> Operation:
        _operations[name] = do
        return do

    return register


def operations() -> frozenset[str]:
    """Return the names of what services can do. Permits everyone: it says nothing of anybody."""
    return frozenset(_operations)


def do_service(work: Work, *, item: ItemKey) -> Following | None:
    """Do the service task at which a token waits; None if it does not wait there any more.

    A fault is noted at the token and tried again later, in the end given up.
    """
    work.actor.must("process.operate")
    try:
        book, held = _held(work, item)
    except NoSuchItem:
        return None
    must_run(held.instance)
    world = book.world(item.instance)
    node = world.graph(held.token.place.definition).node(held.token.node)
    play = Play(world)
    facts = play.facts(held.token.place) | dict(world.stored((item.token,)).get(item.token, {}))
    try:
        with work.savepoint():
            do = _operations.get(node.attributes.service)
            if do is None:
                raise NoSuchOperation(name=node.attributes.service)
            result = do(work, held.instance, facts)
            effects = play.complete(held.token, result or {})
            move = Move(item.instance, "service", held.token.node, effects)
            [following] = carried(book, [move])
    except ServiceError as error:
        return _failed(work, item, error)
    except Exception as error:  # Whatever went wrong: the worker must not stop.
        _try_again(work, item, held, error, node.attributes.retries)
        return None
    tell_of_move(work, "service", held.token.node, following)
    return following


def retry(work: Work, *, item: ItemKey) -> None:
    """Let a service task that was given up be tried again, after its cause is gone."""
    _, held = _held(work, item, State.FAILED)
    work.actor.must(
        "process.operate", department=held.instance.department, region=item.instance.region
    )
    must_run(held.instance)
    store.fail_job(work, item, attempts=0, error="", give_up=False)
    ask_service(work, item)
    work.record(
        ProcessActedOn(**of_instance(held.instance), act="retry", node=held.token.node, reason="")
    )


def _held(work: Work, item: ItemKey, state: State = State.JOB) -> tuple[Book, Held]:
    book = Book(work)
    held = book.hold(item.instance, item.token)
    if held.token.state is not state:
        raise NoSuchItem
    return book, held


def _failed(work: Work, item: ItemKey, error: ServiceError) -> Following:
    book = Book(work)
    held = book.hold(item.instance, item.token, whole=True)
    effects = Play(book.world(item.instance)).fail(held.token, error.code, error.data)
    book.notes[item.instance] = store.Note(held.born_at, error.code)
    [following] = carried(book, [Move(item.instance, "error", held.token.node, effects)])
    tell_of_move(work, "error", held.token.node, following)
    return following


def _try_again(work: Work, item: ItemKey, held: Held, error: Exception, retries: int) -> None:
    attempts = held.attempts + 1
    give_up = attempts > retries
    text = f"{type(error).__name__}: {error}"
    store.fail_job(work, item, attempts=attempts, error=text, give_up=give_up)
    if not give_up:
        due = work.now + WAIT * 2 ** (attempts - 1)
        schedule(work, kind=SERVICE, due_at=due, key=f"{item}#{attempts}", item=str(item))
