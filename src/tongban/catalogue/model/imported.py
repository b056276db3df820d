"""What becomes of the records of a file. Pure."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """``read = accepted + unchanged + rejected``; ``accepted`` are new or changed.

    ``doubts`` counts by rule what was taken over although it looks wrong.
    """

    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    doubts: Counter[str] = field(default_factory=Counter)

    def add(self, others: "Counts") -> None:
        """Count what became of other records too."""
        self.read += others.read
        self.accepted += others.accepted
        self.unchanged += others.unchanged
        self.rejected += others.rejected
        self.doubts.update(others.doubts)
