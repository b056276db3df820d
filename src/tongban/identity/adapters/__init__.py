"""Ways of proving who one is. Today local accounts; a national identity platform through the same
face later.
"""

from dataclasses import dataclass
from typing import Protocol

from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom a login belongs to (empty: nobody), and whether that was proved."""

    subject: str
    proved: bool


class IdentityProvider(Protocol):
    """Proves who somebody is. It spends the same time whether or not the login exists."""

    @property
    def name(self) -> str:
        """What the provider is called in the trace."""

    def identify(self, work: Work, *, login: str, password: str) -> Identified:
        """Tell whom the login belongs to and whether the password proves it. Never raises for
        wrong credentials; the work is the system's own."""
