"""An application being filled in, and what is still wrong with it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from tongban.cases.model import form
from tongban.cases.model.case import Material, MaterialState, Way
from tongban.cases.model.private import Private
from tongban.foundation.errors import Conflict, Problem

KEPT_DAYS = 90
# Written beside a material whose paper original was seen at the counter.
SEEN = "窗口核验纸质原件"
_LONGEST = {"receiver": 50, "telephone": 20, "address": 200}
_DELIVERY_LABELS = {"receiver": "收件人", "telephone": "收件人电话", "address": "收件地址"}


class NoDraft(Conflict):
    message = "没有找到这件事的申请草稿，请从办事指南重新开始"


class AlreadySubmitted(Conflict):
    message = "这份申请已经提交，编号 {number}，无需重复提交"


class NotOpen(Conflict):
    message = "“{name}”目前不能在网上申请，请查看办事指南中的办理方式"


class Requirement(Protocol):
    """What a draft needs to know of a material in the guide, ``catalogue.Material``."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def need(self) -> str: ...
    @property
    def exempt(self) -> bool: ...
    @property
    def upload(self) -> bool: ...


class Choice(Protocol):
    @property
    def key(self) -> str: ...


class Question(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def choices(self) -> Sequence[Choice]: ...


class Guide(Protocol):
    """What a draft needs to know of a service, ``catalogue.Item``."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def form(self) -> Mapping[str, Any]: ...
    @property
    def questions(self) -> Sequence[Question]: ...
    @property
    def materials(self) -> Sequence[Requirement]: ...
    def materials_for(self, answers: Mapping[str, str], /) -> Sequence[Requirement]: ...


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in just now. What is None was not on the page and stays as it was.

    ``answers`` as the page's fields say them; ``materials`` files by material key; ``choices``
    choice keys by question key (情形); ``delivery`` has way, receiver, telephone, address.
    """

    answers: Mapping[str, Any] | None = None
    materials: Mapping[str, tuple[str, ...]] | None = None
    choices: Mapping[str, str] | None = None
    delivery: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One application being filled in: one for each holder and item, kept once it is saved."""

    holder: str
    item_code: str
    item_version: int
    item_name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    delivery: Mapping[str, str] = field(default_factory=dict)
    name: str = ""  # The holder's, as known when the draft was begun.
    begun_at: datetime | None = None
    saved_at: datetime | None = None

    @property
    def forgotten_on(self) -> date | None:
        """The day on which it is deleted unless it is saved again."""
        return self.saved_at.date() + timedelta(days=KEPT_DAYS) if self.saved_at else None

    @property
    def private(self) -> Private:
        return Private(
            name=self.name,
            answers=dict(self.answers),
            choices=dict(self.choices),
            delivery=dict(self.delivery),
        )

    def private_with(self, *, query_code: str) -> Private:
        return replace(self.private, query_code=query_code)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(file for files in self.materials.values() for file in files)

    def merged(self, item: Guide, filled: Filled) -> "Draft":
        """Return the draft with what was just filled in; emptied fields are emptied.

        Unknown fields, materials and questions are dropped: pages of an older version send them.
        """
        answers = dict(self.answers)
        if filled.answers is not None:
            for key in filled.answers:
                answers.pop(key, None)
            answers |= form.read(item.form, filled.answers)
        known = {material.key for material in item.materials}
        materials = dict(self.materials) | {
            key: tuple(files) for key, files in (filled.materials or {}).items() if key in known
        }
        choices = dict(self.choices) | {
            question.key: filled.choices[question.key]
            for question in item.questions
            if filled.choices and question.key in filled.choices
        }
        delivery = dict(self.delivery) | {
            key: form.clean(value)
            for key, value in (filled.delivery or {}).items()
            if key in ("way", *_LONGEST)
        }
        ordered = form.properties(item.form)
        return replace(
            self,
            item_version=item.version,
            item_name=item.name,
            answers={key: answers[key] for key in ordered if key in answers},
            materials={key: files for key, files in materials.items() if files},
            choices=choices,
            delivery=delivery,
        )


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as it is kept: what is personal encrypted."""

    holder: str
    item_code: str
    item_version: int
    item_name: str
    sealed: bytes
    materials: dict[str, list[str]]
    begun_at: datetime
    saved_at: datetime
    serial: int = 0  # For the number of its case, where it is to become one.
    definition: int | None = None  # The process on which that will run.

    def opened(self) -> Draft:
        private = Private.unseal(bytes(self.sealed))
        return Draft(
            holder=self.holder,
            item_code=self.item_code,
            item_version=self.item_version,
            item_name=self.item_name,
            answers=private.answers,
            materials={key: tuple(files) for key, files in self.materials.items()},
            choices=private.choices,
            delivery=private.delivery,
            name=private.name,
            begun_at=self.begun_at,
            saved_at=self.saved_at,
        )


def check_draft(item: Guide, draft: Draft, *, seen: Collection[str] | None = None) -> list[Problem]:
    """Return everything that stands between a draft and its submission.

    Fields are named by their keys, others as ``choice.<key>``, ``material.<key>``,
    ``delivery.<name>``. ``seen`` are the keys of the materials whose paper originals the counter
    has seen; it is None online, where a paper can only be brought later.
    """
    return [
        *_choice_problems(item, draft),
        *form.problems(item.form, draft.answers),
        *(
            _material_problems(item, draft)
            if seen is None
            else _problems_at_the_counter(item, draft, seen)
        ),
        *delivery_problems(draft.delivery),
    ]


def materials_of(item: Guide, draft: Draft, *, seen: Collection[str] = ()) -> tuple[Material, ...]:
    """Return the materials of a case made of a draft: those that its choices ask for.

    Those whose paper originals were ``seen`` at the counter are checked already.
    """
    return tuple(
        Material(
            key=material.key,
            name=material.name,
            need=material.need,
            exempt=material.exempt,
            files=files,
            state=_state(files, seen=material.key in seen),
            note=SEEN if material.key in seen else "",
        )
        for material in item.materials_for(draft.choices)
        for files in [tuple(draft.materials.get(material.key, ()))]
    )


def delivery_problems(delivery: Mapping[str, str]) -> list[Problem]:
    way = delivery.get("way", "")
    if way not in set(Way):
        return [Problem("delivery.way", "请选择结果的领取方式")]
    found = []
    for name, longest in _LONGEST.items():
        details = {"label": _DELIVERY_LABELS[name], "limit": longest}
        if way == Way.POST and not delivery.get(name):
            found.append(Problem(f"delivery.{name}", "请填写{label}", details))
        elif len(delivery.get(name, "")) > longest:
            found.append(Problem(f"delivery.{name}", "{label}最多{limit}个字", details))
    return found


def _choice_problems(item: Guide, draft: Draft) -> list[Problem]:
    return [
        Problem(f"choice.{question.key}", "请选择“{label}”", {"label": question.title})
        for question in item.questions
        if draft.choices.get(question.key) not in {choice.key for choice in question.choices}
    ]


def _material_problems(item: Guide, draft: Draft) -> list[Problem]:
    return [
        Problem(f"material.{material.key}", "请上传“{label}”", {"label": material.name})
        for material in item.materials_for(draft.choices)
        if material.need == "required"
        and material.upload
        and not material.exempt
        and not draft.materials.get(material.key)
    ]


def _problems_at_the_counter(item: Guide, draft: Draft, seen: Collection[str]) -> list[Problem]:
    """At the counter a paper counts once it was seen, so those for paper only are asked for too."""
    return [
        Problem(
            f"material.{material.key}", "请核验“{label}”的原件，或者上传", {"label": material.name}
        )
        for material in item.materials_for(draft.choices)
        if material.need == "required"
        and not material.exempt
        and material.key not in seen
        and not draft.materials.get(material.key)
    ]


def _state(files: tuple[str, ...], *, seen: bool) -> MaterialState:
    if seen:
        return MaterialState.CHECKED
    return MaterialState.PROVIDED if files else MaterialState.MISSING
