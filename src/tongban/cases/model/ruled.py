"""What rules have said about a case, as it is kept with the case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class At(StrEnum):
    """The moment in the life of a case at which rules looked at it."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"

    @property
    def word(self) -> str:
        return {"submitted": "提交时", "accepted": "受理时"}[self]


@dataclass(frozen=True, slots=True)
class ScenarioFound:
    """What a case needed when it was submitted.

    ``needed`` are keys of materials, ``not_needed`` keys of materials and fields that rules govern
    and this case does not need. ``fee`` is in cents, None where the rules say nothing of it.
    """

    needed: tuple[str, ...]
    not_needed: tuple[str, ...]
    fee: int | None
    notes: tuple[str, ...]
    rule_set_code: str
    rule_version: int

    def __post_init__(self) -> None:
        for name in ("needed", "not_needed", "notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class RuledBy:
    """Which version of which rules decided, and the number of the record of it."""

    evaluation: str
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A message (a catalogue key) and what stands in its places."""

    message: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class InstantAnswer:
    """Whether rules granted a case at once, or why it came to a person.

    ``why`` is a value of ``rulebook.Why``, or "materials" where a required one was still lacking.
    ``evaluation`` names the record, empty where nothing was evaluated.
    """

    granted: bool
    why: str
    reasons: tuple[Reason, ...]
    evaluation: str = ""
    rule_set_code: str = ""
    rule_version: int = 0

    def __post_init__(self) -> None:
        # Rows arrive as plain JSON; an answer always holds the real types.
        object.__setattr__(self, "reasons", tuple(_reason(each) for each in self.reasons))

    @property
    def text(self) -> str:
        return "；".join(each.message.format(**each.details) for each in self.reasons)


@dataclass(frozen=True, slots=True)
class NoticedRisk:
    """Something that officers should look at, as rules said. ``level`` is their own word."""

    risk: str
    level: str
    advice: str
    at: At
    noticed_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", At(self.at))


def _reason(given: Reason | dict[str, Any]) -> Reason:
    return given if isinstance(given, Reason) else Reason(given["message"], given["details"])
