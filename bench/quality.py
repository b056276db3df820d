"""How often the right service is found among the first: ours beside the peers."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg
from click import echo as say
from peers import FIRST, Ask, fts5, full_text, said_of
from pypinyin import lazy_pinyin

from tongban.catalogue import SearchModel
from tongban.catalogue.finding.vectors import Vectors
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.taking import learn_names, lexicon_of, take_apart


@dataclass(frozen=True, slots=True)
class Question:
    """``right`` are the names that answer it; ``kind`` is what its collection calls it."""

    text: str
    right: frozenset[str]
    kind: str = ""


def kinds(asked: Sequence[Question], texts: Sequence[str]) -> Iterator[tuple[str, list[Question]]]:
    """Return the questions as they were asked, and as they might have been typed."""
    alike: dict[str, list[str]] = defaultdict(list)
    for character in sorted({c for text in texts for c in text if "一" <= c <= "鿿"}):
        alike[lazy_pinyin(character)[0]].append(character)

    def made(change: Callable[[str, random.Random], str], whole: bool) -> list[Question]:
        fit = [q for q in asked if len(q.text) > 2 and (not whole or _is_chinese(q.text))]
        return [Question(change(q.text, random.Random(q.text)), q.right) for q in fit]

    yield "as asked", list(asked)
    for kind in sorted({question.kind for question in asked if question.kind}):
        yield f"- {kind}", [question for question in asked if question.kind == kind]
    yield "pinyin", made(lambda text, _: "".join(lazy_pinyin(text)), True)
    yield "initials", made(lambda text, _: "".join(p[0] for p in lazy_pinyin(text)), True)
    yield "sounds the same", made(lambda text, dice: _alike(text, dice, alike), False)
    yield "one left out", made(_shorter, False)
    yield "two exchanged", made(_exchanged, False)


def _is_chinese(text: str) -> bool:
    return all("一" <= character <= "鿿" for character in text)


def _alike(text: str, dice: random.Random, alike: dict[str, list[str]]) -> str:
    at = dice.randrange(len(text))
    others = [c for c in alike[lazy_pinyin(text[at])[0]] if c != text[at]]
    return text[:at] + dice.choice(others) + text[at + 1 :] if others else text


def _shorter(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _exchanged(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def ours(documents: Sequence[Document], model: SearchModel | None = None) -> Ask:
    learn_names(documents)
    read = [take_apart(document) for document in documents]
    index = Index(read, lexicon_of(read))
    nearness = None
    if model:
        vectors = Vectors(model, None)
        vectors.over(index)
        vectors.complete()
        nearness = vectors.over(index)

    def ask(text: str) -> list[str]:
        hits = index.search(index.read_question(text), limit=FIRST, nearness=nearness)
        return [hit.document.name for hit in hits]

    return ask


def judged(ask: Ask, asked: Sequence[Question]) -> str:
    """Return success@1, success@5 and the mean reciprocal rank."""
    first = five = 0
    ranks = 0.0
    for question in asked:
        found = ask(question.text)
        place = next((i for i, name in enumerate(found) if name in question.right), None)
        if place is not None:
            first, five, ranks = first + (place == 0), five + (place < 5), ranks + 1 / (place + 1)
    number = max(1, len(asked))
    return f"{first / number:5.0%} {five / number:5.0%} {ranks / number:5.2f}"


def compare(title: str, documents: Sequence[Document], asked: Sequence[Question], url: str) -> None:
    say(f"\n## {title}: {len(documents)} services, {len(asked)} questions")
    say(f"{'kind':18}{'':6}{'ours':>18}{'PostgreSQL':>20}{'FTS5':>19}   (@1, @5, MRR)")
    with psycopg.connect(url) as connection:
        peers = (
            ours(documents),
            full_text(connection, said_of(documents)),
            fts5(said_of(documents)),
        )
        texts = [document.name for document in documents]
        for kind, questions in kinds(asked, texts):
            shown = "  ".join(judged(ask, questions) for ask in peers)
            say(f"{kind:18}{len(questions):6}  {shown}")
