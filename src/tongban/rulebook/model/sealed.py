"""The part of a record that may be personal: written encrypted, read back letter for letter."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from tongban.foundation.secrets import vault
from tongban.rulebook.model.outcome import Fact, Fired, Missing, Outcome, Said
from tongban.rulebook.model.running import ENCODER


@dataclass(frozen=True, slots=True)
class Sealed:
    """What of an outcome may be personal."""

    facts: dict[str, Fact]
    fired: tuple[Fired, ...]
    reasons: tuple[Said, ...]
    missing: tuple[Missing, ...]


_OPENER = msgspec.json.Decoder(Sealed, float_hook=Decimal)
_PLAIN: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder(float_hook=Decimal)


def seal(outcome: Outcome) -> bytes:
    """Return what of an outcome may be personal, encrypted."""
    private = Sealed(dict(outcome.facts), outcome.fired, outcome.reasons, outcome.missing)
    return vault().encrypt(ENCODER.encode(private).decode())


def unseal(text: bytes) -> Sealed:
    """Return what ``seal`` wrote.

    :raises WrongKey: if it was sealed in another installation.
    """
    return _OPENER.decode(vault().decrypt(text))


def plain(text: str) -> Any:
    """Return a value of JSON, numbers with all their digits."""
    return _PLAIN.decode(text)
