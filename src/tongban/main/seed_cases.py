"""Thirty demonstration cases, made by the same acts that people use, at moments of the last weeks.

Fictional throughout. What is filled in follows from the item's form, so it is the same every time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import segno

from tongban import cases, catalogue, documents
from tongban.cases import Case, Filled, Step
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
# One case on each process that the city has drawn itself, and how many of its steps are done.
COURSES = (
    ("AL-WJ-003", "granted", 9, 0), ("AL-ZJ-001", "steps", 3, 2), ("AL-WJ-002", "steps", 4, 1),
    ("AL-ZRGH-002", "steps", 12, 2), ("AL-ZJ-002", "steps", 6, 3),
    ("AL-JY-002", "correcting", 2, 0),
)  # fmt: skip
_ON_FORMS = {
    "site-visit": {"visited_on": "2026-11-20", "visit_result": "fit", "visitors": "王工、李工"},
    "expert-review": {"reviewed_on": "2026-11-20", "experts_count": "5", "needs_hearing": "yes"},
    "hearing": {"heard_on": "2026-11-24", "heard_count": "12"},
    "publication": {"published_on": "2026-11-20", "published_where": "社区公示栏和本局网站"},
    "objections": {"objections": "0"},
}
Affair = tuple[Actor, str, catalogue.Item]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the demonstration, and what they fill in.

    ``applicants`` and ``officers`` by login, ids of ``organisations`` by their short names,
    ``sheets`` (applicant, organisation, choices, answers) by the code of a service.
    """

    applicants: Mapping[str, Actor]
    organisations: Mapping[str, str]
    officers: Mapping[str, Actor]
    sheets: Mapping[str, Mapping[str, Any]]

    def applicant_of(self, holder: str) -> Actor:
        return next(actor for actor in self.applicants.values() if holder in actor.holders)


def play(work: Work, *, cast: Cast) -> int:
    """Make the cases and return how many there are."""
    today = work.now
    parts = _affairs(work, cast)
    made = 0
    own = {code for code, *_ in COURSES}
    drawn = {affair[2].code: affair for affair in parts if affair[2].code in own}
    parts = [affair for affair in parts if affair[2].code not in drawn]
    for code, fate, days, steps in COURSES:
        work.now = today - timedelta(days=days, hours=2)
        applicant, holder, item = drawn[code]
        with work.acting_as(applicant):
            case = _submitted(work, item, holder, cast.sheets[code])
        _Play(work, cast, case, today).carry_to(fate, steps=steps)
        made += 1
    for fate, days in FATES:
        work.now = today - timedelta(days=days, hours=2)
        case = _next_case(work, cast, parts, committed=fate in INSIDE)
        _Play(work, cast, case, today).carry_to(fate)
        made += 1
    work.now = today
    return made


def _next_case(work: Work, cast: Cast, parts: list[Affair], *, committed: bool) -> Case:
    """Submit the next application that can have such a fate; it is made only once."""
    place = next(
        place
        for place, (_, _, item) in enumerate(parts)
        if not committed or item.handling is catalogue.Handling.COMMITTED
    )
    applicant, holder, item = parts.pop(place)
    with work.acting_as(applicant):
        return _submitted(work, item, holder, cast.sheets[item.code])


class _Play:
    """One case on its way, each act some hours or days after the one before."""

    def __init__(self, work: Work, cast: Cast, case: Case, today: datetime) -> None:
        self.work, self.cast, self.number, self.today = work, cast, case.number, today
        self.instant, self.holder = case.instant, case.holder

    def carry_to(self, fate: str, *, steps: int = 0) -> None:
        ways: dict[str, tuple[Callable[[], object], ...]] = {
            "submitted": (),
            "correcting": (self.ask,),
            "corrected": (self.ask, self.answer),
            "declined": (self.decline,),
            "withdrawn": (self.withdraw,),
            "accepted": (self.accept,),
            "steps": (self.accept, *(self.forward for _ in range(steps))),
            "reviewing": (self.accept, self.forward),
            "approving": (self.accept, self.forward, self.forward),
            "paused": (self.accept, self.pause),
            "granted": (self.accept, *self.inside(), self.grant),
            "refused": (self.accept, *self.inside(), self.refuse),
            "delivered": (self.accept, *self.inside(), self.grant, self.deliver),
        }
        for act in ways[fate]:
            self.work.now = min(self.work.now + timedelta(hours=20), self.today)
            act()

    def inside(self) -> tuple[Callable[[], object], ...]:
        return () if self.instant else (self.through,)

    def through(self) -> None:
        """Do every step before the decision."""
        while cases.case(self.work, number=self.number).step is not Step.APPROVING:
            self.work.now = min(self.work.now + timedelta(hours=20), self.today)
            self.forward()

    def forward(self) -> None:
        """Do the next step for which the process of the case waits."""
        case = cases.case(self.work, number=self.number)
        if case.step is Step.HANDLING:
            self.handle()
        elif case.step is Step.REVIEWING:
            self.review()
        else:
            [first, *_] = cases.standing(self.work, case=case)
            answers = _ON_FORMS.get(first.attributes.form, {})
            with self.work.acting_as(self.cast.officers[first.role]):
                said = cases.Said(True, "已核对，没有发现问题，同意。", answers)
                cases.do_step(self.work, item=first.item, said=said)

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
        with self.work.acting_as(self.cast.applicant_of(self.holder)):
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
        with self.work.acting_as(self.cast.applicant_of(self.holder)):
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
    """Return the applications of the example sheet, one department after the other."""
    found = []
    for code, sheet in sorted(cast.sheets.items(), key=lambda each: each[0][::-1]):
        applicant = cast.applicants[sheet["applicant"]]
        firm = cast.organisations.get(sheet.get("organisation", ""), applicant.id)
        found.append((applicant, firm, catalogue.item(work, code=code)))
    return found


def _submitted(work: Work, item: catalogue.Item, holder: str, sheet: Mapping[str, Any]) -> Case:
    """Apply for an item with the answers of the example sheet and made-up materials."""
    choices = sheet.get("choices", {})
    draft = cases.draft(work, item_code=item.code, holder=holder)
    contact = {"notify_by": "sms", "contact_name": work.actor.name}
    filled = Filled(
        answers=contact | dict(draft.answers) | sheet["answers"],
        choices=choices,
        delivery={"way": "pick_up"},
        materials={
            material.key: (_upload(work, material.name, holder),)
            for material in item.materials_for(choices)
            if material.upload and not material.exempt and material.need is catalogue.Need.REQUIRED
        },
    )
    cases.save_draft(work, item_code=item.code, holder=holder, filled=filled)
    return cases.submit(work, item_code=item.code, holder=holder, declared=True)


def _upload(work: Work, name: str, holder: str) -> str:
    """Upload a picture that says of itself what it is."""
    picture = BytesIO()
    segno.make(f"演示材料：{name}").save(picture, kind="png", scale=6)
    stored = documents.store(
        work, name=f"{name[:40]}（演示）.png", content=picture.getvalue(), holder=holder
    )
    return str(stored.id)
