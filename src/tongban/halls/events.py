"""Facts about halls that other modules may rely on. Fields are only ever added, with a default."""

from dataclasses import dataclass

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class _OfHall:
    code: str
    region: str

    @property
    def subject(self) -> str:
        return f"hall-{self.code}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region)


@dataclass(frozen=True, slots=True)
class HallSet(_OfHall, Event):
    """A hall came to be known, or what is said of it changed."""

    name: str


@dataclass(frozen=True, slots=True)
class HallClosed(_OfHall, Event):
    """A hall was given up."""
