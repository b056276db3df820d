"""Facts as the caller knows them: with the register they come from and the time they are of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tongban.rules.analysis.phrases import fact_words, value_words
from tongban.rules.analysis.words import Phrase, words
from tongban.rules.feel.values import Value, from_python
from tongban.rules.plain import to_json


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its source (the name of a register, of a material, of who said so).

    `at` is the time that the value is of, as the source says; naive times count as they stand.
    """

    value: object
    source: str = ""
    at: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that the decision looked at; a part of a context has the path to it as its name."""

    name: str
    value: Value
    source: str = ""
    at: datetime | date | None = None
    age_days: int | None = None
    """Whole days between `at` and the decision; None where `at` is not known."""

    @property
    def words(self) -> Phrase:
        """The fact with its source and age, as part of a sentence."""
        told = fact_words(self.name, self.value)
        if self.at is None:
            return (
                words("{fact}（来自{source}）", fact=told, source=self.source)
                if self.source
                else told
            )
        day = self.at.date() if isinstance(self.at, datetime) else self.at
        since = value_words(from_python(day))
        age = AGES[0] if not self.age_days else words("{days} 天前", days=self.age_days)
        if not self.source:
            return words("{fact}（截至{day}，{age}）", fact=told, day=since, age=age)
        return words(
            "{fact}（来自{source}，截至{day}，{age}）",
            fact=told,
            source=self.source,
            day=since,
            age=age,
        )

    def as_json(self) -> dict[str, object]:
        """The fact as JSON has it."""
        return {
            "name": self.name,
            "value": to_json(self.value),
            "source": self.source,
            "at": self.at.isoformat() if self.at else None,
            "age_days": self.age_days,
        }


AGES = (words("当天"),)


def bare(given: object) -> object:
    """What was given without sources, at any depth."""
    if isinstance(given, Fact):
        return bare(given.value)
    if isinstance(given, Mapping):
        return {name: bare(part) for name, part in given.items()}
    # A date of FEEL is a tuple of its parts, but it is one value.
    if isinstance(given, list) or type(given) is tuple:
        return [bare(part) for part in given]
    return given


def used(name: str, given: object, now: datetime) -> Iterator[UsedFact]:
    """A fact that was given, or its parts where these have sources of their own."""
    if isinstance(given, Fact):
        value = from_python(bare(given.value))
        yield UsedFact(name, value, given.source, given.at, _age(given.at, now))
    elif isinstance(given, Mapping) and _has_sources(given):
        for part, value in given.items():
            yield from used(f"{name}.{part}", value, now)
    else:
        yield UsedFact(name, from_python(bare(given)))


def _has_sources(given: object) -> bool:
    if isinstance(given, Mapping):
        return any(isinstance(part, Fact) or _has_sources(part) for part in given.values())
    return False


def _age(at: datetime | date | None, now: datetime) -> int | None:
    if at is None:
        return None
    if isinstance(at, datetime):
        moment = now if at.tzinfo is not None else now.replace(tzinfo=None)
        return max((moment - at).days, 0)
    return max((now.date() - at).days, 0)
