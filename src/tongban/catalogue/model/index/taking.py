"""Taking documents apart: the terms of each, and the words of them all. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tongban.catalogue.model.index import data, meaning, terms
from tongban.catalogue.model.index.cutting import learn, words
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.meaning import Said
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.text import folded, is_han, runs
from tongban.catalogue.model.index.weighing import Held

OWN, PARENT, DEPARTMENT, THEME = 1.0, 0.45, 0.25, 0.2


@dataclass(frozen=True, slots=True)
class Read:
    """A document taken apart: its terms, weighted by where they stand, and what is held of it.

    ``meant`` are the words of each of its names, as ``meaning`` knows them.
    """

    document: Document
    terms: Mapping[str, float]
    length: float
    held: Held
    meant: tuple[Said, ...] = ((),)


def take_apart(document: Document) -> Read:
    names = tuple(dict.fromkeys(folded(one) for one in (document.name, *document.aliases)))
    counted: dict[str, float] = {}
    for place, text in enumerate(names):
        # An alias says the name again in other words: it does not make its words weigh more.
        for term, count in Counter(terms.of_text(text)).items():
            counted[term] = max(counted.get(term, 0.0), min(count, 2) * (OWN if not place else 1.0))
    for weight, texts in (
        (PARENT, (document.parent_name,)),
        (DEPARTMENT, document.departments[:3]),
        (THEME, (*document.themes, *document.life_events)),
    ):
        for term in {term for text in texts for term in terms.of_text(folded(text))}:
            counted[term] = counted.get(term, 0.0) + weight
    length = float(len(names[0].replace(" ", ""))) if names else 1.0
    held = Held.of(names, folded(document.parent_name))
    return Read(document, counted, length, held, tuple(meaning.said(name) for name in names))


def learn_names(documents: Iterable[Document]) -> None:
    """Teach the segmenter the names and everyday words of the catalogue, before any is cut."""
    learn({folded(name) for each in documents for name in (each.name, *each.aliases)})


def lexicon_of(read_documents: Collection[Read]) -> Lexicon:
    """Collect the words people may mean: of asking, everyday ones, those of the names."""
    counted: Counter[str] = Counter()
    for each in read_documents:
        for name in each.held.names:
            counted.update(
                {name, *(word for run in runs(name) if is_han(run[0]) for word in words(run))}
            )
    spoken = [form for entry in data.everyday() for part in entry.parts for form in part]
    acting = [form for action in data.actions() for form in (*action.said, *action.named)]
    asking = data.fillers()
    return Lexicon.of([*asking, *acting, *spoken, *(word for word, _ in counted.most_common())])
