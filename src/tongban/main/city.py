"""What is known of the demonstration city without planting it: its files, its accounts."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PASSWORD = "tongban-demo-1"
CITY = "990100"


@dataclass(frozen=True, slots=True)
class Account:
    login: str
    password: str
    says: str


def folder() -> Path:
    """Return the folder of the demonstration city: of the package, else of the source tree."""
    packaged = Path(__file__).parents[1] / "seed"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "seed"


@cache
def city() -> dict[str, Any]:
    return tomllib.loads((folder() / "city.toml").read_text(encoding="utf-8"))


def accounts() -> list[Account]:
    """Return the demonstration accounts, people before officers."""
    known = [*city()["person"], *city()["officer"]]
    return [Account(each["login"], PASSWORD, each["says"]) for each in known]
