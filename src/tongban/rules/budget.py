"""One evaluation: what it may cost, what it knows of time, and what it could not find out.

No expression may hang a server or fill its memory, so everything that can multiply work (a loop, a
call, a list, a text) pays for it here, and an expression that cannot pay ends with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tongban.rules.problems import BudgetExceeded, Reason, reason


@dataclass(frozen=True, slots=True)
class Limits:
    """Steps are loop turns, calls and list elements; `text` counts characters of one text."""

    steps: int = 1_000_000
    depth: int = 60
    text: int = 1_000_000
    pattern_seconds: float = 0.25
    reasons: int = 50


DEFAULT_LIMITS = Limits()


def system_clock() -> datetime:
    """The clock used when a caller injects none."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Run:
    """The state of one evaluation."""

    limits: Limits = DEFAULT_LIMITS
    clock: Callable[[], datetime] = system_clock
    reasons: list[Reason] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    steps: int = 0
    depth: int = 0
    watch: Callable[..., None] | None = None
    """Told of each table that decides: its element, the table, input values, hits, scope."""

    def spend(self, amount: int = 1) -> None:
        """Pay for work that was or will be done."""
        self.steps += amount
        if self.steps > self.limits.steps:
            raise BudgetExceeded(
                reason("计算步数超过上限 {limit}，已停止", limit=self.limits.steps)
            )

    def spend_text(self, length: int) -> None:
        """Pay for a text before it is built."""
        if length > self.limits.text:
            raise BudgetExceeded(reason("文本长度超过上限 {limit}，已停止", limit=self.limits.text))
        self.spend(1 + length // 64)

    def enter(self) -> None:
        """Go one call deeper; leave with `leave`."""
        self.depth += 1
        if self.depth > self.limits.depth:
            raise BudgetExceeded(
                reason("调用层数超过上限 {limit}，已停止", limit=self.limits.depth)
            )
        self.spend()

    def leave(self) -> None:
        """Come back from a call."""
        self.depth -= 1

    def note(self, message: str, /, **params: object) -> Any:
        """Record why a value became null; always returns None, so it can stand for the value."""
        if len(self.reasons) < self.limits.reasons:
            found = reason(message, **params)
            if found not in self.reasons:
                self.reasons.append(found)
        return None

    def lacks(self, name: str) -> None:
        """Record that a fact was read and is not known."""
        if name in self.facts:
            self.missing[name] = None
