"""Thirty demonstration cases, made by the same acts that people use, at moments of the last weeks.

Fictional throughout. What is filled in follows from the item's form, so it is the same every time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import cycle
from typing import Any

import segno

from tongban import cases, catalogue, documents, identity
from tongban.cases import Case, Filled
from tongban.foundation.actor import Actor
from tongban.foundation.work import Work

# What becomes of the cases, in the order in which they are made, and how many days ago they began.
FATES = (
    ("submitted", 0), ("submitted", 1), ("submitted", 1), ("submitted", 2), ("submitted", 3),
    ("correcting", 4), ("correcting", 6), ("corrected", 5),
    ("declined", 8), ("withdrawn", 7),
    ("accepted", 2), ("accepted", 4), ("accepted", 6), ("accepted", 9), ("accepted", 16),
    ("reviewing", 5), ("reviewing", 8), ("reviewing", 12),
    ("approving", 9), ("approving", 14), ("paused", 10),
    ("granted", 11), ("granted", 15), ("granted", 18), ("refused", 20),
    ("delivered", 22), ("delivered", 25), ("delivered", 30), ("delivered", 33), ("delivered", 40),
)  # fmt: skip


# Fates that only a committed item has, because an instant one is decided by its handler.
INSIDE = frozenset({"reviewing", "approving", "paused"})
Affair = tuple[Actor, str, catalogue.Item]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the demonstration: applicants with whom they act for, and officers by login."""

    applicants: tuple[tuple[Actor, str], ...]
    officers: Mapping[str, Actor]


def play(work: Work, *, cast: Cast) -> int:
    """Make the cases and return how many there are."""
    today = work.now
    parts = cycle(_affairs(work, cast))
    made = 0
    for fate, days in FATES:
        work.now = today - timedelta(days=days, hours=2)
        case = _next_case(work, parts, committed=fate in INSIDE)
        _Play(work, cast, case, today).carry_to(fate)
        made += 1
    work.now = today
    return made


def _next_case(work: Work, parts: Iterator[Affair], *, committed: bool) -> Case:
    """Submit the next application whose form can be filled in by rule alone."""
    for applicant, holder, item in parts:
        if committed and item.handling is not catalogue.Handling.COMMITTED:
            continue
        with work.acting_as(applicant):
            case = _submitted(work, item, holder)
        if case is not None:
            return case
    raise AssertionError("parts never end")


class _Play:
    """One case on its way, each act some hours or days after the one before."""

    def __init__(self, work: Work, cast: Cast, case: Case, today: datetime) -> None:
        self.work, self.cast, self.number, self.today = work, cast, case.number, today
        self.instant, self.holder = case.instant, case.holder

    def carry_to(self, fate: str) -> None:
        ways: dict[str, tuple[Callable[[], object], ...]] = {
            "submitted": (),
            "correcting": (self.ask,),
            "corrected": (self.ask, self.answer),
            "declined": (self.decline,),
            "withdrawn": (self.withdraw,),
            "accepted": (self.accept,),
            "reviewing": (self.accept, self.handle),
            "approving": (self.accept, self.handle, self.review),
            "paused": (self.accept, self.pause),
            "granted": (self.accept, *self.inside(), self.grant),
            "refused": (self.accept, *self.inside(), self.refuse),
            "delivered": (self.accept, *self.inside(), self.grant, self.deliver),
        }
        for act in ways[fate]:
            self.work.now = min(self.work.now + timedelta(hours=20), self.today)
            act()

    def inside(self) -> tuple[Callable[[], object], ...]:
        return () if self.instant else (self.handle, self.review)

    def by(self, login: str, act: Callable[..., object], **details: Any) -> None:
        with self.work.acting_as(self.cast.officers[login]):
            act(self.work, number=self.number, **details)

    def accept(self) -> None:
        case = cases.case(self.work, number=self.number)
        self.by("clerk", cases.accept, checked=[m.key for m in case.materials])

    def ask(self) -> None:
        case = cases.case(self.work, number=self.number)
        wanted = [m.key for m in case.materials if m.files][:1]
        key = wanted[0] if wanted else "contact_telephone"
        what = "上传的内容不清晰，请重新拍照或扫描后上传，四角和文字要完整可辨。"
        if not wanted:
            what = "电话号码无法接通，请核对后重新填写。"
        self.by("clerk", cases.request_correction, missing=[(key, what)])

    def answer(self) -> None:
        case = cases.case(self.work, number=self.number)
        applicant = next(a for a, holder in self.cast.applicants if holder == case.holder)
        with self.work.acting_as(applicant):
            materials = {
                each.key: (_upload(self.work, each.label, case.holder),)
                for each in case.to_correct
                if each.of == "material"
            }
            answers = {"contact_telephone": "19900000009"} if not materials else None
            cases.correct(
                self.work,
                number=self.number,
                filled=Filled(answers=answers, materials=materials),
            )

    def decline(self) -> None:
        self.by(
            "clerk",
            cases.decline,
            reason="申请事项依法不属于本机关职权范围。",
            where_to_go="请向经营所在地的区（县）主管部门申请。",
        )

    def withdraw(self) -> None:
        applicant = next(a for a, holder in self.cast.applicants if holder == self.holder)
        with self.work.acting_as(applicant):
            cases.withdraw(self.work, number=self.number, reason="计划有变，暂不办理。")

    def handle(self) -> None:
        self.by("handler", cases.review, opinion="材料齐全，符合法定条件，拟同意。", agree=True)

    def review(self) -> None:
        self.by("reviewer", cases.review, opinion="审核无误，同意。", agree=True)

    def pause(self) -> None:
        self.by(
            "handler",
            cases.pause,
            kind=cases.PauseKind.SITE_VISIT,
            days_needed=5,
            reason="需要现场核查场所条件，所需时间依法不计入办理时限。",
        )

    def grant(self) -> None:
        self.by("handler" if self.instant else "approver", cases.decide, grant=True)

    def refuse(self) -> None:
        self.by(
            "handler" if self.instant else "approver",
            cases.decide,
            grant=False,
            reason="现场条件与申请材料不一致，不符合法定条件。",
        )

    def deliver(self) -> None:
        self.by("clerk", cases.deliver, way="pick_up", receiver="本人")


def _affairs(work: Work, cast: Cast) -> list[Affair]:
    """Pair applicants with services that are meant for them, evenly."""
    people = [pair for pair in cast.applicants if pair[1].startswith("p-")]
    firms = [pair for pair in cast.applicants if pair[1].startswith("b-")]
    found = []
    for audience, pairs in (("person", people), ("business", firms)):
        lines = catalogue.popular(work, only=catalogue.Filter(audience=audience), limit=20)
        items = [catalogue.item(work, code=line.code) for line in lines]
        found.append([(*pairs[i % len(pairs)], item) for i, item in enumerate(items)])
    return [pair for both in zip(*found, strict=False) for pair in both]


def _submitted(work: Work, item: catalogue.Item, holder: str) -> Case | None:
    """Apply for an item with made-up answers, or return None if its form wants more than that."""
    choices = {question.key: question.choices[0].key for question in item.questions}
    draft = cases.draft(work, item_code=item.code, holder=holder)
    filled = Filled(
        answers=dict(draft.answers) | dict(_answers(item, draft.answers)),
        choices=choices,
        delivery={"way": "pick_up"},
        materials={
            material.key: (_upload(work, material.name, holder),)
            for material in item.materials_for(choices)
            if material.upload and not material.exempt and material.need is catalogue.Need.REQUIRED
        },
    )
    kept = cases.save_draft(work, item_code=item.code, holder=holder, filled=filled)
    if cases.check_draft(item, kept):
        cases.discard_draft(work, item_code=item.code, holder=holder)
        return None
    return cases.submit(work, item_code=item.code, holder=holder, declared=True)


def _answers(item: catalogue.Item, known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, rule in item.form.get("properties", {}).items():
        if name in known:
            continue
        options = rule.get("oneOf")
        if options:
            yield name, options[0]["const"]
        elif rule.get("type") == "boolean":
            yield name, True
        elif rule.get("type") in ("number", "integer"):
            yield name, str(rule.get("minimum", 1) or 1)
        elif rule.get("format") == "date":
            yield name, "2026-10-15"
        elif "pattern" in rule:
            yield name, "19900000009"
        else:
            yield name, "演示内容，虚构"[: rule.get("maxLength", 50)]


def _upload(work: Work, name: str, holder: str) -> str:
    """Upload a picture that says of itself what it is."""
    picture = BytesIO()
    segno.make(f"演示材料：{name}").save(picture, kind="png", scale=6)
    stored = documents.store(
        work, name=f"{name[:40]}（演示）.png", content=picture.getvalue(), holder=holder
    )
    return str(stored.id)


def cast_of(work: Work, *, people: Mapping[str, str], officers: list[str]) -> Cast:
    """Return the players. ``people`` are ids of people by login, ``officers`` logins."""
    by_login = {each.login: each.id for each in identity.officers(work)}
    actors = [identity.actor(work, id=person) for person in people.values()]
    return Cast(
        applicants=tuple((actor, holder) for actor in actors for holder in actor.holders),
        officers={login: identity.actor(work, id=by_login[login]) for login in officers},
    )
