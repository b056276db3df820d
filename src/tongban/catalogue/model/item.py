"""What a service item (事项, as one department in one place implements it) is. Pure.

An ``Item`` is one version of one service: everything that is published about it. Texts that came
from an official source are kept letter for letter. Field names and code values follow the national
item lists (事项类型, 办件类型, 时限单位 and so on; see GB/T 39046 and 39554 as deployed).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tongban.catalogue.model.coded import Action, Audience, Code, Handling, Limit, Status
from tongban.catalogue.model.parts import (
    Agency,
    Authority,
    Basis,
    Channels,
    Choice,
    Faq,
    Fee,
    Material,
    Offers,
    Place,
    Question,
    Redress,
    Result,
    Scenario,
    Source,
    SpecialProcedure,
    Step,
)
from tongban.foundation.errors import NotFound


class NoSuchItem(NotFound):
    message = "没有编码为 {code} 的事项，请核对网址，或从首页重新查找"


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one service.

    ``version`` counts from 1 and is given by ``publish``; 0 means not published yet.
    ``base_code`` is the entry of the directory (基本目录) that it implements, ``power`` the entry
    of the power list that it exercises. A handling item names its item (``main_item``) and what it
    is for (``action``). An item that ``inherits`` shares the text of the item above it, version
    ``inherits_version``: only what differs is stored.
    ``form`` is a JSON Schema (2020-12) as described in ``model.form``.
    ``kind`` is a national type code (``KINDS``), or empty where the source gave none.
    ``visits``, ``online_depth`` (1-4, 网上办理深度) and ``charged`` (是否收费) are None where the
    source said nothing.
    ``special_days`` are for all special procedures together.
    ``extra`` keeps, unread, what the source said beyond the known fields.
    """

    code: str
    name: str
    department: str
    department_name: str
    region: str
    region_name: str
    version: int = 0
    parent_name: str = ""
    short_name: str = ""
    everyday_words: tuple[str, ...] = ()
    summary: str = ""
    codes: tuple[Code, ...] = ()
    kind: str = ""
    kind_name: str = ""
    audience: Audience = Audience.BOTH
    service_object: str = ""
    handling: Handling = Handling.COMMITTED
    statutory: Limit | None = None
    promised: Limit | None = None
    visits: int | None = None
    online_depth: int | None = None
    online_apply: bool = False
    cross_region_scope: str = ""
    charged: bool | None = None
    fees: tuple[Fee, ...] = ()
    conditions: str = ""
    materials: tuple[Material, ...] = ()
    questions: tuple[Question, ...] = ()
    steps: tuple[Step, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    results: tuple[Result, ...] = ()
    faq: tuple[Faq, ...] = ()
    channels: Channels = field(default_factory=Channels)
    rights: tuple[Redress, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    special_procedures: tuple[SpecialProcedure, ...] = ()
    special_days: int | None = None
    form: dict[str, Any] = field(default_factory=dict)
    prominence: int = 0
    source: Source = field(default_factory=Source)
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    base_code: str = ""
    power: str = ""
    main_item: str = ""
    action: Action = Action.NONE
    inherits: str = ""
    inherits_version: int = 0
    agency: Agency = field(default_factory=Agency)
    authority: Authority = field(default_factory=Authority)
    offers: Offers = field(default_factory=Offers)
    statutory_note: str = ""
    promised_note: str = ""
    visits_reason: str = ""
    prohibitions: str = ""
    fee_basis: str = ""
    scenarios: tuple[Scenario, ...] = ()
    intermediaries: tuple[str, ...] = ()
    person_themes: tuple[str, ...] = ()
    business_themes: tuple[str, ...] = ()
    local_themes: tuple[str, ...] = ()
    town: Place = field(default_factory=Place)
    village: Place = field(default_factory=Place)
    flow_chart: str = ""
    effective_until: date | None = None

    def material(self, key: str) -> Material | None:
        return next((material for material in self.materials if material.key == key), None)

    def materials_for(self, answers: Mapping[str, str]) -> tuple[Material, ...]:
        """Return the materials that a case with these answers needs, in the published order.

        A material that some choice names is needed only where such a choice was made; a material
        that no choice names is always on the list. ``answers`` are choice keys by question key.
        """
        chosen: set[str] = set()
        conditional: set[str] = set()
        for question in self.questions:
            for choice in question.choices:
                conditional.update(choice.materials)
                if answers.get(question.key) == choice.key:
                    chosen.update(choice.materials)
        return tuple(m for m in self.materials if m.key not in conditional or m.key in chosen)

    def with_fields_for(self, answers: Mapping[str, str]) -> "Item":
        """Return the item with the fields of the form that a case with these answers is asked for.

        A field, or a whole form, that some choice names is asked for only where such a choice was
        made.
        """
        said = [
            (answers.get(question.key) == choice.key, (*choice.fields, *choice.forms))
            for question in self.questions
            for choice in question.choices
        ]
        dropped = {key for _, keys in said for key in keys}
        dropped -= {key for chosen, keys in said if chosen for key in keys}
        return replace(self, form=_form_without(self.form, dropped)) if dropped else self

    def in_scenario(
        self,
        *,
        needed: Collection[str],
        not_needed: Collection[str],
        fields_not_needed: Collection[str] = (),
    ) -> "Item":
        """Return the item as one case meets it, where rules decide what is asked for.

        Materials ``needed`` are asked for whatever was answered, those ``not_needed`` are not; all
        others follow the questions as published. So do the fields of the form, without those not
        needed (``fields_not_needed``: keys of fields, and names of forms). Whether something is
        required or optional stays as published.
        """
        governed = {*needed, *not_needed}
        return replace(
            self,
            materials=tuple(m for m in self.materials if m.key not in not_needed),
            questions=tuple(
                replace(question, choices=tuple(_without(c, governed) for c in question.choices))
                for question in self.questions
            ),
            form=_form_without(self.form, fields_not_needed),
        )


def _without(choice: Choice, governed: Collection[str]) -> Choice:
    """Rules that name a material decide about it alone, so that no answer can ask for it too."""
    return replace(choice, materials=tuple(m for m in choice.materials if m not in governed))


def _form_without(form: dict[str, Any], dropped: Collection[str]) -> dict[str, Any]:
    if not form or not dropped:
        return form
    properties = {
        key: rule
        for key, rule in form.get("properties", {}).items()
        if key not in dropped and rule.get("x-form", "") not in dropped
    }
    required = [key for key in form.get("required", ()) if key in properties]
    return form | {"properties": properties, "required": required}
