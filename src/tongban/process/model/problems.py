"""What is wrong in a definition, in words with its place."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from tongban.foundation import errors
from tongban.foundation.errors import Invalid
from tongban.foundation.messages import SOURCE, translate
from tongban.rules import Reason


class Severity(IntEnum):
    """A note is for information; a warning deserves a look; with an error it cannot run."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


class Term(str):
    """A word of ours among the details of a message: it is translated, what people wrote is not."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file. ``node`` is the id of the element at fault, "" for the whole file.

    ``message`` is a catalogue key whose places ``details`` fill; a detail may be a ``Term``, or a
    ``Reason`` of the rules. ``line`` counts from 1 in the file, 0 where there is none.
    """

    node: str
    message: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)
    line: int = 0
    severity: Severity = Severity.ERROR

    def said(self, language: str = SOURCE) -> str:
        """Return the sentence alone."""
        return translate(self.message, language, **_shown(self.details, language))

    def told(self, language: str = SOURCE) -> str:
        """Return the sentence with its place in the file."""
        said = self.said(language)
        if not self.line:
            return said
        return translate("第 {line} 行：{said}", language, line=self.line, said=said)

    def __str__(self) -> str:
        return self.told()


def _shown(details: Mapping[str, object], language: str) -> dict[str, object]:
    def in_language(message: str) -> str:
        return translate(message, language)

    def shown(value: object) -> object:
        if isinstance(value, Reason):
            return value.text(in_language)
        return in_language(value) if isinstance(value, Term) else value

    return {name: shown(value) for name, value in details.items()}


class Faulty(Invalid):
    """The definition cannot be read or run; ``faults`` says everything that is wrong at once."""

    message = "流程定义有误：{summary}"

    def __init__(self, faults: Iterable[Problem]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            *(
                errors.Problem("file", fault.message, _shown(fault.details, SOURCE))
                for fault in self.faults
            ),
            summary="；".join(fault.told() for fault in self.faults[:5]),
        )

    def told(self, language: str = SOURCE) -> str:
        """Return all faults, a line for each."""
        return "\n".join(fault.told(language) for fault in self.faults)


class Unreadable(Faulty):
    """The file is no BPMN 2.0."""

    message = "无法读取流程文件：{summary}"
