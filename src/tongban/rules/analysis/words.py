"""Sentences as values: a Chinese template (the msgid) whose places may hold sentences again.

They are put into a language when they are shown, so that one finding serves every reader.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from tongban.rules.problems import Reason

SOURCE = "zh-CN"
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Words:
    """A message with what fills its braces: texts, which stay as they are, or sentences."""

    message: str
    params: tuple[tuple[str, "str | Phrase"], ...] = ()

    def text(self, translate: Translate = str) -> str:
        """The sentence in the language of `translate`."""
        if not self.params:
            return translate(self.message)
        params = {name: shown(part, translate) for name, part in self.params}
        return translate(self.message).format(**params)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several parts in a row; `between` is the msgid of what stands between them."""

    parts: tuple["str | Phrase", ...]
    between: str

    def text(self, translate: Translate = str) -> str:
        """The parts in the language of `translate`."""
        return _joined([shown(part, translate) for part in self.parts], translate(self.between))


def _joined(parts: "list[str]", between: str) -> str:
    """Parts in a row; between a Chinese word and a digit beside it belongs a space."""
    text = "".join(parts[:1])
    for part in parts[1:]:
        before = " " * (text[-1:].isdigit() and between.isalpha())
        after = " " * (part[:1].isdigit() and between.isalpha())
        text += before + between + after + part
    return text


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Several parts as a list with a word before the last one; `last` is the msgid of that word."""

    parts: tuple["str | Phrase", ...]
    between: str
    last: str

    def text(self, translate: Translate = str) -> str:
        """The parts in the language of `translate`."""
        told = [shown(part, translate) for part in self.parts]
        if len(told) < 2:
            return "".join(told)
        first = translate(self.between).join(told[:-1])
        return _joined([first, told[-1]], translate(self.last))


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine says as a reason, among sentences."""

    reason: Reason

    def text(self, translate: Translate = str) -> str:
        """The reason in the language of `translate`."""
        return self.reason.text(translate)


Phrase = Words | Joined | Alternatives | Told


def shown(part: "str | Phrase", translate: Translate) -> str:
    """A part in the language of `translate`; plain text stays as it is."""
    return part if isinstance(part, str) else part.text(translate)


def words(message: str, /, **params: "str | int | Phrase") -> Words:
    """A sentence with its params; numbers become texts."""
    given = ((name, str(part) if isinstance(part, int) else part) for name, part in params.items())
    return Words(message, tuple(given))


def filled(template: Words, /, **params: "str | int | Phrase") -> Words:
    """A sentence made from a template that was written elsewhere."""
    return words(template.message, **params)


def both(parts: Iterable["str | Phrase"]) -> Joined:
    """Parts that hold together."""
    return Joined(tuple(parts), "且")


def either(parts: Iterable["str | Phrase"]) -> Alternatives:
    """Parts of which one holds."""
    return Alternatives(tuple(parts), "、", "或")


def listed(parts: Iterable["str | Phrase"]) -> Joined:
    """Parts in a row."""
    return Joined(tuple(parts), "、")


def clauses(parts: Iterable["str | Phrase"]) -> Joined:
    """Parts that are half-sentences."""
    return Joined(tuple(parts), "，")


@cache
def translator(language: str) -> Translate:
    """What puts messages into a language. ValueError for one that has no translations."""
    if language == SOURCE:
        return str
    known: dict[str, str] = {}
    folder = files("tongban") / "locale" / language
    if not folder.is_dir():
        raise ValueError(f"no translations into {language}")
    for name in ("rules.po", "rules_analysis.po"):
        with (folder / name).open("rb") as stream:
            known |= {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}
    return lambda message: known.get(message, message)
