"""What is said to people, in their language. Chinese is the source and the key of every message."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from tongban.foundation.errors import Invalid, Problem, Refusal

SOURCE = "zh-CN"
LANGUAGES = (SOURCE, "en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all translations of a language, one file for each module, merged."""
    found: dict[str, str] = {}
    for file in sorted(
        (files("tongban") / "locale" / language).iterdir(), key=lambda entry: entry.name
    ):
        if file.name.endswith(".po"):
            with file.open("rb") as stream:
                found |= {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}
    return found


def learn(language: str, told: Mapping[str, str]) -> None:
    """Add what an installation calls its own things; what is translated already stays."""
    known = catalogue(language)
    for message, translation in told.items():
        known.setdefault(message, translation)


def translate(message: str, language: str, **details: object) -> str:
    """Return the message in a language, with its places filled.

    A message that a catalogue lacks is shown in Chinese rather than not at all.
    """
    if language != SOURCE:
        message = catalogue(language).get(message, message)
    return message.format(**details) if details else message


def said(thing: Refusal | Problem, language: str) -> str:
    """Return what a refusal or a problem says, in a language; so are the words in its places."""
    details = {
        name: translate(value, language) if isinstance(value, str) else value
        for name, value in thing.details.items()
    }
    if isinstance(thing, Invalid):
        mark = "；" if language == SOURCE else "; "
        details["summary"] = mark.join(said(problem, language) for problem in thing.problems)
    return translate(thing.message, language, **details)
