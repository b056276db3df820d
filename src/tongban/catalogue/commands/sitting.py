"""Going through the records of a file: each becomes an item, or is rejected with its reason."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from threading import Lock

import msgspec

from tongban import identity
from tongban.catalogue import queries, store
from tongban.catalogue.adapters.entries import Entry
from tongban.catalogue.adapters.mapped import NOT_READ
from tongban.catalogue.adapters.offer import Offer, code_of, placed, told_apart
from tongban.catalogue.adapters.partial import overlaid
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw
from tongban.catalogue.model.imported import Counts
from tongban.catalogue.model.seen import Seen
from tongban.foundation.errors import Forbidden, Problem, Refusal
from tongban.foundation.messages import said, translate
from tongban.foundation.work import Work

NOT_THEIRS = "“{department}”（{region}）不在导入人和确认人都管理的部门和地区内，不能导入"


@dataclass(frozen=True, slots=True)
class _Place:
    region: identity.Region
    department: str


@dataclass(slots=True)
class Part:
    """Some records on their way into the catalogue, and what has been found in them so far.

    ``end`` is how far the file has been read with them, in bytes. ``rejected`` and ``doubtful`` are
    lines of JSON.
    """

    end: int
    today: date | None = None
    counts: Counts = field(default_factory=Counts)
    rejected: list[bytes] = field(default_factory=list)
    doubtful: list[bytes] = field(default_factory=list)
    ready: list[tuple[Entry, Offer]] = field(default_factory=list)
    places: list[_Place | None] = field(default_factory=list)
    items: list[tuple[Entry, Item]] = field(default_factory=list)
    written: dict[str, store.Written] = field(default_factory=dict)

    @property
    def builds_upon_others(self) -> bool:
        """Whether what it says of some items holds only if others are published already."""
        return any(item.inherits or item.main_item for _, item in self.items)

    def reject(self, entry: Entry, *found: Flaw) -> None:
        self.counts.rejected += 1
        self.rejected.append(_told(entry, *found))


class Sitting:
    """One import: what it has seen, and what it finds.

    Each part of the file goes through four steps: ``read``, ``settle``, ``prepare``, ``write``. The
    first and the third ask nothing of the database, so that they can go on while it is at work on
    an earlier part. Each step takes the parts in the order of the file and one at a time, but for
    the last: several parts may be written at once. ``take`` does all four.
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self._counting = Lock()
        self._seen = Seen()
        self._regions: dict[tuple[str, str], identity.Region] = {}
        self._departments: dict[tuple[str, str], str] = {}

    def take(self, work: Work, batch: list[Entry]) -> tuple[Part, list[Item]]:
        """Take records over; return what was found in them, and the items that were published.

        :raises Forbidden: unless the actor may import into the catalogue.
        """
        part = self.read(batch)
        self.settle(work, part)
        self.prepare(part)
        return part, self.write(work, part)

    def pass_over(self, entry: Entry) -> None:
        """Remember a record that an earlier part of the same import has dealt with."""
        self.read([entry])

    def read(self, batch: list[Entry]) -> Part:
        """Return what can be taken over of these records, as far as the file alone tells."""
        part = Part(batch[-1].end)
        for entry in batch:
            if offer := self._read(part, entry):
                part.ready.append((entry, offer))
        return part

    def settle(self, work: Work, part: Part) -> None:
        """Find the region and the department of each record; both may be new.

        :raises Forbidden: unless the actor may import into the catalogue.
        """
        work.actor.must("catalogue.import")
        part.today = work.today
        known: dict[tuple[str, ...], _Place] = {}
        for entry, offer in part.ready:
            named = (
                offer.region,
                offer.region_code,
                offer.department,
                offer.department_credit_code,
            )
            place = known.get(named) or self._place(work, part, entry, offer)
            if place:
                known[named] = place
            part.places.append(place)

    def prepare(self, part: Part) -> None:
        """Make items of the records, and write down what can be written before they are saved."""
        for (entry, offer), place in zip(part.ready, part.places, strict=True):
            if place is None or entry.text is None:
                continue
            item = placed(
                entry.text,
                offer,
                department=place.department,
                region=(
                    place.region.code,
                    place.region.full_name if offer.region_code else offer.region,
                ),
                first_on=part.today,
            )
            part.items.append((entry, item))
            if not item.inherits:
                part.written[item.code] = store.written(item, text=entry.text)
        part.ready.clear()
        part.places.clear()

    def write(self, work: Work, part: Part) -> list[Item]:
        """Publish the items of a part, and return those of which a new version was made."""
        _keep_the_unsaid(work, part)
        items = self._fitting(work, part)
        published = take_over(work, items=items, written=part.written)
        part.counts.accepted = len(published)
        part.counts.unchanged = len(items) - len(published)
        with self._counting:
            self.counts.add(part.counts)
        part.items.clear()
        part.written.clear()
        return published

    def _read(self, part: Part, entry: Entry) -> Offer | None:
        part.counts.read += 1
        offer = entry.offer
        if offer is None:
            part.reject(entry, *entry.flaws)
            return None
        code, line, told = code_of(offer), entry.number, list(entry.flaws)
        first = self._seen.code(code, name=offer.name, line=line)
        if first != line:
            apart = offer.item_code and not offer.source_item_id
            if not apart or self._seen.has_named(code, name=offer.name, line=line):
                name = "source_item_id" if offer.source_item_id else "name"
                part.reject(entry, Flaw(name, "duplicate", {"line": first}))
                return None
            told.append(Flaw("item_code", "shared_code", {"line": first}))
            offer = told_apart(offer)
            code = code_of(offer)
        # Another line may offer this service at this place under another code.
        offered = "\0".join((offer.name, offer.department, offer.region_code or offer.region))
        other, its = self._seen.service(offered, code=code, line=line)
        if other != line:
            told.append(Flaw("name", "same_service", {"line": other, "code": its}))
        for flaw in told:
            part.counts.doubts[flaw.rule] += 1
            part.doubtful.append(_told(entry, flaw))
        return offer

    def _place(self, work: Work, part: Part, entry: Entry, offer: Offer) -> _Place | None:
        field = "region"
        try:
            region = self._region(work, offer)
            field = "department"
            department = self._department(work, offer, region.code)
            work.actor.must("catalogue.import", department=department, region=region.code)
        except Refusal as refused:
            refusal: Refusal | Problem = refused
            if isinstance(refused, Forbidden):
                named = {"department": offer.department, "region": offer.region}
                refusal = Problem(field, NOT_THEIRS, named)
            english = said(refusal, "en")
            reasons: dict[str, object] = {"reason": str(refusal), "reason_en": english}
            part.reject(entry, Flaw(field, "refused", reasons))
            return None
        return _Place(region, department)

    def _fitting(self, work: Work, part: Part) -> list[Item]:
        """Return the items that fit into the catalogue; the others are rejected in words."""
        wrong = misfits(work, items=[item for _, item in part.items])
        for entry, item in part.items if wrong else ():
            if item.code in wrong:
                part.reject(entry, *(_as_flaw(problem) for problem in wrong[item.code]))
        return [item for _, item in part.items if item.code not in wrong]

    def _region(self, work: Work, offer: Offer) -> identity.Region:
        named = (offer.region, offer.region_code)
        if named not in self._regions:
            name = "" if offer.region == offer.region_code else offer.region
            self._regions[named] = identity.ensure_region(work, name=name, code=offer.region_code)
        return self._regions[named]

    def _department(self, work: Work, offer: Offer, region: str) -> str:
        named = (offer.department, region)
        if named not in self._departments:
            made = identity.ensure_department(
                work,
                name=offer.department,
                region=region,
                credit_code=offer.department_credit_code,
            )
            self._departments[named] = made.code
        return self._departments[named]


def _keep_the_unsaid(work: Work, part: Part) -> None:
    """Let rows of tables change only what their columns say of items that are there already.

    A cell that nobody understands says nothing.
    """
    digests = {
        item.code: part.written[item.code].digest for entry, item in part.items if entry.targets
    }
    codes = store.changed_among(work, digests=digests) if digests else []
    known = {item.code: item for item in queries.present_of(work, codes=codes)} if codes else {}
    words = {item.code: item for item in queries.with_everyday_words(work, [*known.values()])}
    for place, (entry, item) in enumerate(part.items):
        if item.code in known and entry.targets:
            whole = overlaid(
                known[item.code],
                told=item,
                targets=entry.targets - {f.field for f in entry.flaws if f.rule in NOT_READ},
                besides=words[item.code].everyday_words,
            )
            part.items[place] = entry, whole
            part.written.pop(item.code)
            if not whole.inherits:
                part.written[item.code] = store.written(whole)


def _as_flaw(problem: Problem) -> Flaw:
    reasons: dict[str, object] = {"reason": str(problem), "reason_en": said(problem, "en")}
    return Flaw(problem.field, "refused", reasons)


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
