"""Replay: how a version would have decided the past, as a chart and as a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from tongban import rulebook
from tongban.channels.console.rulebook.pages import EDIT, ONE, _day, _number
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of the chart: where it begins and how long it is, of ``WIDTH``."""

    effect: str
    label: str
    number: int
    at: float
    length: float


def bars(run: rulebook.Replay) -> list[Bar]:
    """Return the effects of a replay side by side; what does not occur is left out."""
    found, at = [], 0.0
    for effect, label in rulebook.EFFECT_NAMES.items():
        number = run.count(effect)
        length = WIDTH * number / run.done if run.done else 0
        if number:
            found.append(Bar(effect.value, label, number, round(at, 2), round(length, 2)))
        at += length
    return found


def ask(request: Request, work: Work) -> Response:
    """Where a replay is asked for: which version, which period."""
    code = request.path_params["code"]
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    names, language = rulebook.STATUS_NAMES, visitor(request).language
    return show(
        request,
        "console/rulebook/replay_ask.html",
        rule_set=rule_set,
        versions=[
            (str(one.version), f"{one.version} · {translate(names[one.status], language)}")
            for one in rulebook.versions(work, code=code)
        ],
        since=_year_before(work.today),
        until=work.today,
        replays=rulebook.replays(work, code=code),
    )


def _year_before(day: date) -> date:
    return day - timedelta(days=365)


def begin(request: Request, work: Work) -> Response:
    since, until = _day(request, "since"), _day(request, "until")
    if since is None or until is None:
        raise Invalid(Problem("since" if since is None else "until", "请填写日期，如 2027-10-01"))
    code = request.path_params["code"]
    id = rulebook.ask_replay(
        work, code=code, version=_number(text(request, "version")), since=since, until=until
    )
    return go_to(request, "console.rules_replay", code=code, replay=str(id))


def watch(request: Request, work: Work) -> Response:
    """A replay as far as it is: the page comes again by itself until it is finished."""
    code = request.path_params["code"]
    rule_set = rulebook.rule_set(work, code=code)
    work.actor.must(EDIT, department=rule_set.department, region=rule_set.region)
    try:
        run = rulebook.replay_asked(work, id=UUID(request.path_params["replay"]))
    except ValueError:
        raise rulebook.NoSuchReplay from None
    return show(
        request,
        "console/rulebook/replay.html",
        rule_set=rule_set,
        run=run,
        bars=bars(run),
        width=WIDTH,
        effects=rulebook.EFFECT_NAMES,
        called=_called(work, rule_set, run.version),
    )


def _called(work: Work, rule_set: rulebook.RuleSet, number: int) -> Mapping[str, str]:
    """Return what the results that count are called."""
    version = rulebook.version(work, code=rule_set.code, version=number)
    sheet = rulebook.Compiled(version.dmn, version.decision).summary.sheet
    outputs = sheet.outputs if sheet else ()
    return next((one.words for one in outputs if one.name == rule_set.favour.output), {})


routes = [
    page(ONE + "/replays", ask, name="console.rules_replays", permit=EDIT),
    action(ONE + "/replays", begin, name="console.rules_replay_begin", permit=EDIT, again=ask),
    page(ONE + "/replays/{replay}", watch, name="console.rules_replay", permit=EDIT),
]
