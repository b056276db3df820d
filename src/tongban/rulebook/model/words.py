"""Tables in plain sentences, findings and differences in words, in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tongban import rules
from tongban.foundation.messages import SOURCE, translate
from tongban.rulebook.model.sheet import Row, Sheet

# Analysing a table of thousands of cells takes seconds; beyond this it is left to the command line.
MOST_CELLS = 6000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule as people read it, with its basis in law."""

    number: int
    text: str
    law: str
    clause: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: ``level`` is note, warning or error; ``rules`` count from 1."""

    level: str
    text: str
    rules: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the analysis of a sheet found, the worst first, and what it proved."""

    findings: tuple[Found, ...]
    complete: bool | None
    disjoint: bool | None

    @property
    def wrong(self) -> bool:
        return any(found.level == "error" for found in self.findings)


def sentences(sheet: Sheet, *, language: str = SOURCE) -> list[Sentence]:
    """Return each rule as a sentence, without its basis, which is beside it.

    Values are called as people call them, and results that a rule leaves empty are left out.
    """
    words = {term.name: term.words for term in sheet.facts}
    inputs = [words.get(column.expression, {}) for column in sheet.inputs]
    return [
        Sentence(number, _sentence(sheet, row, inputs, language), row.law, row.clause)
        for number, row in enumerate(sheet.rows, 1)
    ]


def _sentence(sheet: Sheet, row: Row, inputs: Sequence[Mapping[str, str]], language: str) -> str:
    told = [at for at, text in enumerate(row.results) if text.strip() not in ("", "null", "[]")]
    told = told or list(range(len(sheet.outputs)))
    box = sheet.box()
    rule = rules.Rule(
        tuple(_called(text, words) for text, words in zip(row.conditions, inputs, strict=True)),
        tuple(_called(row.results[at], sheet.outputs[at].words) for at in told),
    )
    outputs = tuple(replace(box.outputs[at], values="", default="") for at in told)
    bare = tuple(replace(clause, values="") for clause in box.inputs)
    return rules.read_rule(rules.TableBox(bare, outputs, (rule,), sheet.policy), 1, language)


def _called(text: str, words: Mapping[str, str]) -> str:
    """Return a cell with its values called as people call them."""

    def word(found: re.Match[str]) -> str:
        return '"' + words.get(found[1], found[1]).replace('"', "”") + '"'

    return _QUOTED.sub(word, text) if words else text


_QUOTED = re.compile(r'"([^"\\]*)"')


def policy(sheet: Sheet, *, language: str = SOURCE) -> str:
    """Return how the rules of a sheet make one result, as a sentence."""
    return rules.read_aloud(_bare(sheet), language).partition("\n")[0]


def analysed(sheet: Sheet, *, language: str = SOURCE) -> Checked:
    """Return what the analysis finds in a sheet whose cells can be read."""
    if len(sheet.rows) * (len(sheet.inputs) + 1) > MOST_CELLS:
        return Checked((), None, None)
    sheet = spoken(sheet)
    table = rules.compile_table(sheet.box(), names=[term.name for term in sheet.facts])
    analysis = rules.analyse(table)
    return Checked(
        tuple(
            Found(
                one.severity.name.lower(),
                one.words.text(lambda message: translate(message, language)),
                one.rules,
            )
            for one in analysis.findings
        ),
        analysis.complete,
        analysis.disjoint,
    )


def compared(old: Sheet, new: Sheet, *, language: str = SOURCE) -> list[str]:
    """Return what changed from one sheet to another, a sentence for each change."""
    return [
        one.text(lambda message: translate(message, language))
        for one in rules.differences(spoken(old).box(), spoken(new).box())
    ]


def spoken(sheet: Sheet) -> Sheet:
    """Return the sheet with values called as people call them, where each has a word of its own."""
    words = {
        term.name: term.words
        for term in sheet.facts
        if len(set(term.words.values())) == len(term.words)
    }
    columns = [words.get(column.expression, {}) for column in sheet.inputs]
    return replace(
        sheet,
        inputs=tuple(
            replace(column, values=_called(column.values, called))
            for column, called in zip(sheet.inputs, columns, strict=True)
        ),
        outputs=tuple(replace(one, values=_called(one.values, one.words)) for one in sheet.outputs),
        rows=tuple(
            replace(
                row,
                conditions=tuple(
                    _called(text, called)
                    for text, called in zip(row.conditions, columns, strict=True)
                ),
                results=tuple(
                    _called(text, one.words)
                    for text, one in zip(row.results, sheet.outputs, strict=True)
                ),
            )
            for row in sheet.rows
        ),
    )


def _bare(sheet: Sheet) -> rules.TableBox:
    return rules.TableBox(
        sheet.box().inputs,
        sheet.box().outputs,
        tuple(rules.Rule(row.conditions, row.results) for row in sheet.rows),
        sheet.policy,
        sheet.aggregation,
    )
