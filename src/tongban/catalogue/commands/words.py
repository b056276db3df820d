"""Everyday words are added, taken away, and made of what people looked for in vain.

They need no second pair of eyes: they change what is found, never what a guide says, and each is
recorded with who added it.
"""

from tongban.catalogue import queries, store
from tongban.catalogue.commands.draft import must_be_mine
from tongban.catalogue.events import EverydayWordChanged
from tongban.catalogue.model import Item
from tongban.catalogue.model.search import normalise
from tongban.catalogue.model.words import MOST, EverydayWord, WordSource, checked_word
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work

EDIT = "catalogue.edit"


class NoSuchWord(NotFound):
    message = "这个日常用语已经不在了，请刷新页面"


def add_word(work: Work, *, item_code: str, word: str, source: WordSource) -> None:
    """Give an item another everyday word; search knows it within seconds.

    :raises NoSuchItem: if there is no such item.
    :raises Forbidden: unless the actor may edit it.
    :raises Invalid: if the word is empty or too long, the item has it, or has too many.
    """
    item = queries.item(work, code=item_code)
    work.actor.must(EDIT, department=item.department, region=item.region)
    item = _held(work, item)
    said = checked_word(word)
    held = queries.everyday_words(work, item=item)
    if normalise(said) in {normalise(one) for one in (item.name, *(one.word for one in held))}:
        raise Invalid(Problem("word", "这个事项已经有“{word}”", {"word": said}))
    if len(held) >= MOST:
        raise Invalid(Problem("word", "一个事项最多 {limit} 个日常用语", {"limit": MOST}))
    made = EverydayWord(
        item.code, item.name, said, source, item.department, item.department_name,
        work.actor.name, work.now,
    )  # fmt: skip
    store.add_word(work, made, region=item.region)
    _spread(work, item)
    _record(work, item, said, "added", source)


def remove_word(work: Work, *, item_code: str, word: str) -> None:
    """Take away an everyday word that was added beside the guide.

    :raises NoSuchItem: if there is no such item.
    :raises Forbidden: unless the actor may edit it.
    :raises NoSuchWord: if it has no such word beside its guide.
    """
    item = queries.item(work, code=item_code)
    work.actor.must(EDIT, department=item.department, region=item.region)
    item = _held(work, item)
    source = store.drop_word(work, item_code=item.code, word=word)
    if source is None:
        raise NoSuchWord
    _spread(work, item)
    _record(work, item, word, "removed", WordSource(source))


def adopt_miss(work: Work, *, text: str, item_code: str) -> None:
    """Make an everyday word of what people looked for in vain, and settle it.

    :raises NoSuchItem: if there is no such item.
    :raises Forbidden: unless the actor may edit it.
    :raises Invalid: if the item has the word already.
    """
    work.actor.must(EDIT)
    add_word(work, item_code=item_code, word=text, source=WordSource.SEARCH)
    work.run("delete from catalogue.search_miss where text = %(text)s", text=text)


def _held(work: Work, item: Item) -> Item:
    """Return an item whose line nobody else changes until the transaction ends."""
    must_be_mine(work, item)
    # Publications and other words of the item wait, so that its line holds all words afterwards.
    work.run("select from catalogue.item where code = %(code)s for update", code=item.code)
    return queries.item(work, code=item.code)


def _spread(work: Work, item: Item) -> None:
    held = queries.everyday_words(work, item=item)
    store.spread_words(work, item=item, besides=[one.word for one in held if not one.in_guide])


def _record(work: Work, item: Item, word: str, act: str, source: WordSource) -> None:
    work.record(
        EverydayWordChanged(item.code, word, act, source.value, item.department, item.region)
    )
