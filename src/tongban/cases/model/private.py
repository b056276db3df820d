"""What is personal about a case, and how it is locked away."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from tongban.foundation.secrets import vault


@dataclass(frozen=True, slots=True)
class Private:
    """Name, answers and delivery of an application; kept as one encrypted text.

    ``sources`` names, by the key of a field, the register that said the same at ``sources_at``.
    Registers are asked only where rules are bound to the item.
    """

    name: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    delivery: dict[str, str] = field(default_factory=dict)
    receiver: str = ""
    query_code: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    sources_at: datetime | None = None

    def seal(self) -> bytes:
        return vault().encrypt(msgspec.json.encode(self).decode())

    @classmethod
    def unseal(cls, sealed: bytes) -> "Private":
        return msgspec.json.decode(vault().decrypt(sealed), type=cls)


def hash_of_code(number: str, code: str) -> bytes:
    return vault().keyed_hash(f"{number} {code.strip()}")


def code_is_right(number: str, code: str, kept: bytes) -> bool:
    """Compare in constant time, so that the delay of the answer tells nothing."""
    return hmac.compare_digest(hash_of_code(number, code), kept)
