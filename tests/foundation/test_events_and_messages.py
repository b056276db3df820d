"""Events that outlive their shape, refusals that say what to do, permissions of actors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from tongban.foundation import events
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor, Grant, Kind
from tongban.foundation.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Refusal,
    SignInNeeded,
)
from tongban.foundation.events import Event, UnknownTopic, decode, encode, subscribe, topic_of
from tongban.foundation.messages import catalogue, translate


@dataclass(frozen=True, slots=True)
class Painted(Event):
    version: ClassVar[int] = 2
    house: str
    colour: str = "white"

    @property
    def subject(self) -> str:
        return self.house

    @classmethod
    def upcast(cls, body: dict[str, Any], version: int) -> dict[str, Any]:
        assert version == 1
        return {"house": body["house"], "colour": body["color"]}


def test_a_recorded_event_comes_back_as_it_was() -> None:
    painted = Painted("h-1", "红色")
    assert (
        decode(topic="test_events_and_messages.Painted", version=2, body=encode(painted)) == painted
    )


def test_an_event_of_an_older_shape_is_read_in_todays() -> None:
    old = '{"house": "h-1", "color": "red"}'
    assert decode(topic=topic_of(Painted), version=1, body=old) == Painted("h-1", "red")


def test_a_field_that_was_added_has_its_default_and_one_too_many_is_ignored() -> None:
    body = '{"house": "h-1", "painter": "p-1"}'
    assert decode(topic=topic_of(Painted), version=2, body=body) == Painted("h-1", "white")


def test_a_topic_that_no_module_knows_is_told() -> None:
    with pytest.raises(UnknownTopic, match=r"gone\.Away"):
        decode(topic="gone.Away", version=1, body="{}")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("tongban.cases.subscribers", "cases.heard"),
        ("tongban.cases.subscribers.calendar", "cases.heard"),
        ("tongban.evaluation.events.rating", "evaluation.heard"),
        ("tongban.foundation.calendar.events", "calendar.heard"),
        ("subscribers", "subscribers.heard"),
    ],
)
def test_topics_and_subscribers_are_named_after_their_module(
    monkeypatch: pytest.MonkeyPatch, file: str, name: str
) -> None:
    def heard(work: object, event: Painted) -> None:
        raise AssertionError(work, event)

    heard.__module__ = file
    monkeypatch.setitem(events._handlers, Painted, {})
    subscribe(Painted)(heard)
    assert events.handlers_of(Painted) == [name]


def test_events_with_fields_named_like_their_version_do_not_exist() -> None:
    # Such a field would hide the version by which the body is read again.
    for topic, event in events.registered().items():
        assert isinstance(event.version, int), topic


class Missing(NotFound):
    message = "没有“{name}”"


def test_refusals_are_told_in_the_language_of_the_person() -> None:
    refusal = Missing(name="甲")
    assert str(refusal) == "没有“甲”"
    assert translate(Forbidden.message, "en", permission="x").startswith("You do not have")
    assert translate(Missing.message, "en", **refusal.details) == "没有“甲”"  # Better than nothing.
    assert translate(SignInNeeded.message, "zh-CN") == "请先登录"
    assert catalogue("en")["请先登录"] == translate(SignInNeeded.message, "en") != "请先登录"


def test_everything_wrong_is_told_at_once() -> None:
    refused = Invalid(Problem("name", "请填写姓名"), Problem("age", "不能大于 {most}", {"most": 5}))
    assert str(refused) == "填写有误：请填写姓名；不能大于 5"
    assert [problem.field for problem in refused.problems] == ["name", "age"]


@pytest.mark.parametrize("refusal", [NotFound, Invalid, Conflict, SignInNeeded])
def test_there_are_four_kinds_of_refusal(refusal: Callable[[], Refusal]) -> None:
    assert isinstance(refusal(), Refusal)


ACCEPT = frozenset({"cases.accept"})
MARKET = Actor("o-1", "王科长", grants=(Grant(ACCEPT, department="market"),))
CITY = Actor("o-2", "李局长", grants=(Grant(ACCEPT, region="9901"),))
PERSON = Actor("p-1", "张三", Kind.PERSON, (Grant(frozenset({"cases.apply"})),), ("p-1", "b-2"))


@pytest.mark.parametrize(
    ("actor", "department", "region", "may"),
    [
        (MARKET, "market", "990102", True),
        (MARKET, "housing", "990102", False),
        (MARKET, None, None, True),
        (CITY, "housing", "990102", True),
        (CITY, "housing", "990200", False),
        (SYSTEM, "housing", "980000", True),
        (PERSON, "market", "990102", False),
        (ANONYMOUS, None, None, False),
    ],
)
def test_officers_act_within_their_department_or_region(
    actor: Actor, department: str | None, region: str | None, may: bool
) -> None:
    assert actor.may("cases.accept", department=department, region=region) is may
    assert not actor.may("cases.decide", department=department, region=region) or actor is SYSTEM


def test_people_act_for_themselves_and_for_whom_they_may() -> None:
    for holder in ("p-1", "b-2"):
        PERSON.must_hold("cases.apply", holder=holder)
    for actor, holder in ((PERSON, "p-3"), (MARKET, "p-1")):
        with pytest.raises(Forbidden):
            actor.must_hold("cases.apply", holder=holder)
    with pytest.raises(SignInNeeded):
        ANONYMOUS.must_hold("cases.apply", holder="p-1")
    SYSTEM.must_hold("cases.apply", holder="p-3")


def test_where_an_officer_belongs_is_read_from_the_grants() -> None:
    both = Actor("o", "", grants=(*CITY.grants, *MARKET.grants))
    assert (both.department, both.departments, both.regions) == ("market", ("market",), ("9901",))
    assert both.region == "9901"
