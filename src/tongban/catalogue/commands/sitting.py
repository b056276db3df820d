"""Going through the records of a file: each becomes an item, or is rejected with its reason."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from functools import cache

import msgspec

from tongban import identity
from tongban.catalogue.adapters.entries import Entry
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.translation import code_of, placed, text_of, told_apart
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw
from tongban.catalogue.model.imported import Counts
from tongban.foundation.errors import Problem, Refusal
from tongban.foundation.messages import translate
from tongban.foundation.work import Work


class Sitting:
    """One import: what it has seen, and what it finds.

    ``rejected`` and ``doubtful`` are lines of JSON, which the caller takes away after each batch.
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self.rejected: list[bytes] = []
        self.doubtful: list[bytes] = []
        self._names: dict[str, dict[str, int]] = {}
        self._services: dict[int, tuple[int, str]] = {}
        self._regions: dict[tuple[str, str], identity.Region] = {}
        self._departments: dict[tuple[str, str], str] = {}

    def pass_over(self, entry: Entry) -> None:
        """Remember a record that an earlier part of the same import has dealt with."""
        before = dataclasses.replace(self.counts, doubts=Counter(self.counts.doubts))
        self._read(entry)
        self.counts = before
        self.rejected.clear()
        self.doubtful.clear()

    def take(self, work: Work, batch: list[Entry]) -> list[Item]:
        """Take records over and return the items of which a new version was made.

        :raises Forbidden: unless the actor may import into the catalogue.
        """
        work.actor.must("catalogue.import")
        ready = [(entry, guide) for entry in batch if (guide := self._read(entry))]
        placed = [(one[0], item) for one in ready if (item := self._place(work, *one))]
        items = self._fitting(work, placed)
        published = take_over(work, items=items)
        self.counts.accepted += len(published)
        self.counts.unchanged += len(items) - len(published)
        return published

    def _read(self, entry: Entry) -> Guide | None:
        self.counts.read += 1
        guide = entry.guide
        if guide is None:
            self._reject(entry, *entry.flaws)
            return None
        names = self._names.setdefault(code_of(guide), {})
        told = list(entry.flaws)
        if names and guide.item_code and not guide.source_item_id and guide.name not in names:
            told.append(Flaw("item_code", "shared_code", {"line": next(iter(names.values()))}))
            guide = told_apart(guide)
        elif names:
            field = "source_item_id" if guide.source_item_id else "name"
            self._reject(entry, Flaw(field, "duplicate", {"line": next(iter(names.values()))}))
            return None
        names[guide.name] = entry.number
        told += self._same_services(entry.number, guide)
        for flaw in told:
            self.counts.doubts[flaw.rule] += 1
            self.doubtful.append(_told(entry, flaw))
        return guide

    def _same_services(self, number: int, guide: Guide) -> Iterator[Flaw]:
        """Tell of an earlier line that offers this service at this place under another code.

        Of a million lines only the hashes of what they offer are kept.
        """
        offered = hash((guide.name, guide.department, guide.region_code or guide.region))
        line, code = self._services.setdefault(offered, (number, code_of(guide)))
        if line != number:
            yield Flaw("name", "same_service", {"line": line, "code": code})

    def _place(self, work: Work, entry: Entry, guide: Guide) -> Item | None:
        """Return the guide as an item of its region and department, which may be new."""
        field = "region"
        try:
            region = self._region(work, guide)
            field = "department"
            department = self._department(work, guide, region.code)
            work.actor.must("catalogue.import", department=department, region=region.code)
        except Refusal as refusal:
            english = translate(refusal.message, "en", **refusal.details)
            reasons: dict[str, object] = {"reason": str(refusal), "reason_en": english}
            self._reject(entry, Flaw(field, "refused", reasons))
            return None
        name = region.full_name if guide.region_code else guide.region
        text = entry.text or text_of(guide)
        return placed(text, guide, department=department, region=region.code, region_name=name)

    def _fitting(self, work: Work, placed: list[tuple[Entry, Item]]) -> list[Item]:
        """Return the items that fit into the catalogue; the others are rejected in words."""
        wrong = misfits(work, items=[item for _, item in placed])
        for entry, item in placed:
            if item.code in wrong:
                self._reject(entry, *(_as_flaw(problem) for problem in wrong[item.code]))
        return [item for _, item in placed if item.code not in wrong]

    def _region(self, work: Work, guide: Guide) -> identity.Region:
        named = (guide.region, guide.region_code or "")
        if named not in self._regions:
            name = "" if guide.region == guide.region_code else guide.region
            self._regions[named] = identity.ensure_region(
                work, name=name, code=guide.region_code or ""
            )
        return self._regions[named]

    def _department(self, work: Work, guide: Guide, region: str) -> str:
        named = (guide.department, region)
        if named not in self._departments:
            made = identity.ensure_department(
                work,
                name=guide.department,
                region=region,
                credit_code=guide.department_credit_code or "",
            )
            self._departments[named] = made.code
        return self._departments[named]

    def _reject(self, entry: Entry, *found: Flaw) -> None:
        self.counts.rejected += 1
        self.rejected.append(_told(entry, *found))


def _as_flaw(problem: Problem) -> Flaw:
    english = translate(problem.message, "en", **problem.details)
    return Flaw(problem.field, "refused", {"reason": str(problem), "reason_en": english})


def _told(entry: Entry, *found: Flaw) -> bytes:
    """Return what was found in a line as one line of JSON, in Chinese and in English."""
    first, *others = [_place(flaw) | _reasons(flaw) for flaw in found]
    told: dict[str, object] = {"line": entry.number, **first}
    if entry.sheet:
        told["sheet"] = entry.sheet
    if others:
        told["others"] = others
    told["record"] = entry.shown
    return msgspec.json.encode(told) + b"\n"


def _place(flaw: Flaw) -> dict[str, str]:
    told = {"field": flaw.field, "rule": flaw.rule}
    return told | {"column": flaw.column} if flaw.column else told


def _reasons(flaw: Flaw) -> dict[str, str]:
    """Return why, in Chinese and in English; flaws without details say the same in every line."""
    if flaw.details:
        return {"reason": str(flaw.problem), "reason_en": _in_english(flaw)}
    return _plain_reasons(flaw.field, flaw.rule)


@cache
def _plain_reasons(field: str, rule: str) -> dict[str, str]:
    flaw = Flaw(field, rule)
    return {"reason": str(flaw.problem), "reason_en": _in_english(flaw)}


def _in_english(flaw: Flaw) -> str:
    details = {
        name: translate(value, "en") if isinstance(value, str) and name != "field" else value
        for name, value in flaw.problem.details.items()
    }
    # What another module refuses has its own translation, made from its own details.
    details["reason"] = details.get("reason_en")
    return translate(flaw.problem.message, "en", **details)
