"""How everyday words are kept beside their items, and how search gets to know of them."""

from collections.abc import Sequence
from dataclasses import replace

from tongban.catalogue.model import Item
from tongban.catalogue.model.search import words_of
from tongban.catalogue.model.words import EverydayWord
from tongban.catalogue.store.naming import note_names
from tongban.foundation.work import Work


def add_word(work: Work, word: EverydayWord, *, region: str) -> bool:
    """Keep a word; tell whether it was new."""
    return (
        work.value(
            """
        insert into catalogue.everyday_word (item_code, word, source, department, department_name,
                                             region, added_by, added_name, added_at)
        values (%(item_code)s, %(word)s, %(source)s, %(department)s, %(department_name)s,
                %(region)s, %(added_by)s, %(added_name)s, %(added_at)s)
        on conflict do nothing
        returning true
        """,
            item_code=word.item_code,
            word=word.word,
            source=word.source,
            department=word.department,
            department_name=word.department_name,
            region=region,
            added_by=work.actor.id,
            added_name=word.added_name,
            added_at=word.added_at,
        )
        is True
    )


def drop_word(work: Work, *, item_code: str, word: str) -> str | None:
    """Take a word away and return where it came from; None if there was none."""
    source: str | None = work.value(
        """
        delete from catalogue.everyday_word
         where item_code = %(code)s and word = %(word)s
        returning source
        """,
        code=item_code,
        word=word,
    )
    return source


def spread_words(work: Work, *, item: Item, besides: Sequence[str]) -> None:
    """Let search know all words of an item; the indexes follow the changed line within seconds."""
    told = replace(item, everyday_words=(*item.everyday_words, *besides))
    work.run(
        "update catalogue.item set words = %(words)s where code = %(code)s",
        code=item.code,
        words=words_of(told),
    )
    note_names(work, [told])
