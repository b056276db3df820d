"""Reading the published services into an index, and what has changed since into a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tongban import identity
from tongban.catalogue.finding import kept
from tongban.catalogue.finding.places import Places
from tongban.catalogue.finding.sums import Tally
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.meaning import Nearness
from tongban.catalogue.model.index.taking import Read, learn_names, lexicon_of, take_apart
from tongban.foundation.db import Db

# So many changed documents at once are read together with all others.
MANY = 2000


@dataclass(frozen=True, slots=True)
class Loaded:
    """An index, and the transaction up to which it is known to hold everything.

    ``tally`` are the counts of the pages, where this process keeps them; ``nearness`` is what a
    model knows of the names, where one is asked.
    """

    index: Index
    places: Places
    documents: Mapping[int, Read]
    since: str
    tally: Tally | None = None
    nearness: Nearness | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    key: int
    name: str
    parent_name: str
    departments: list[str]
    themes: list[str]
    person: bool
    business: bool
    depth: int
    popularity: int


@dataclass(frozen=True, slots=True)
class _Changed:
    documents: list[int]
    regions: list[str]


@dataclass(frozen=True, slots=True)
class _Alias:
    key: int
    aliases: list[str]


def load(db: Db, *, folder: Path | None = None, counted: bool = True) -> Loaded:
    """Return an index over all services that can be found now.

    :param folder: where documents are kept taken apart from one process to the next.
    :param counted: whether the counts of the pages are taken too.
    """
    remembered = kept.recall(folder)
    loaded = _remembered(db, remembered) or _read(db, remembered)
    keep(db, loaded, folder)
    return with_counts(db, loaded) if counted else loaded


def with_counts(db: Db, loaded: Loaded) -> Loaded:
    """Return the index with the counts of the pages, which take as long to make as it does."""
    return replace(loaded, tally=Tally.take(db))


def keep(db: Db, loaded: Loaded, folder: Path | None) -> None:
    """Keep the documents for the next process, and up to when they are known."""
    kept.keep(
        folder,
        kept.Kept(
            kept.fingerprint(),
            list(loaded.documents.values()),
            loaded.index.lexicon,
            loaded.since,
            _database(db),
        ),
    )


def _remembered(db: Db, remembered: kept.Kept | None) -> Loaded | None:
    """Return the index that another process kept, with what was published since, if it can be.

    Changes are told for a day; a file that is older, or of another database, is not believed.
    """
    if remembered is None or not remembered.fresh or remembered.database != _database(db):
        return None
    if int(remembered.since) > int(watermark(db)):
        return None  # The database was set back to a time before.
    learn_names([read.document for read in remembered.read])
    read = {one.document.key: one for one in remembered.read}
    index = Index(list(read.values()), remembered.lexicon)
    places = Places.of(identity.regions(db))
    return follow(db, Loaded(index, places, read, remembered.since))


def _read(db: Db, remembered: kept.Kept | None) -> Loaded:
    since = watermark(db)
    documents = _documents(db, None)
    learn_names(documents)
    known = kept.by_document(remembered)
    read = {document.key: known.get(document) or take_apart(document) for document in documents}
    if remembered and len(known) == len(read) and all(each in known for each in documents):
        lexicon = remembered.lexicon
    else:
        lexicon = lexicon_of(list(read.values()))
    places = Places.of(identity.regions(db))
    return Loaded(Index(list(read.values()), lexicon), places, read, since)


def _database(db: Db) -> str:
    """Return what tells a database from any other, a restored copy of it too."""
    found: str = db.value(
        """
        select (select system_identifier from pg_control_system()) || '.' || oid
          from pg_database where datname = current_database()
        """
    )
    return found


def watermark(db: Db) -> str:
    """Return the oldest transaction that is still open: all before it are in what is read now."""
    found: str = db.value("select pg_snapshot_xmin(pg_current_snapshot())::text")
    return found


def follow(db: Db, loaded: Loaded) -> Loaded:
    """Return an index that holds what was published since; the same one if nothing was."""
    since = watermark(db)
    told = db.one(
        _Changed,
        """
        select coalesce(array_agg(distinct document), '{}') as documents,
               coalesce(array_agg(distinct region), '{}') as regions
          from catalogue.search_change
         where changed >= %(since)s::text::xid8
           and changed <= pg_snapshot_xmax(pg_current_snapshot())
        """,
        since=loaded.since,
    )
    assert told
    changed = told.documents
    tally = loaded.tally and loaded.tally.followed(db, regions=told.regions)
    if not changed:
        return replace(loaded, since=since, tally=tally)
    if len(changed) > MANY:
        return replace(_read(db, None), tally=tally)
    now = {document.key: document for document in _documents(db, changed)}
    same = all(
        key in loaded.documents and loaded.documents[key].document == now[key] for key in now
    )
    if same and all(key in now or key not in loaded.documents for key in changed):
        return replace(loaded, since=since, tally=tally)
    read = {key: one for key, one in loaded.documents.items() if key not in changed}
    read |= {
        key: known
        if (known := loaded.documents.get(key)) and known.document == document
        else take_apart(document)
        for key, document in now.items()
    }
    # The words of the catalogue change too little to be collected again for each publication.
    index = Index(list(read.values()), loaded.index.lexicon)
    return Loaded(index, loaded.places, read, since, tally)


def _documents(db: Db, only: Sequence[int] | None) -> list[Document]:
    keys = None if only is None else list(only)
    rows = db.all(
        _Row,
        """
        select catalogue.document_of(name, parent_name) as key, min(name) as name,
               min(parent_name) as parent_name,
               array[min(department_name), max(department_name)] as departments,
               max(themes) as themes,
               bool_or(audience <> 'business') as person, bool_or(audience <> 'person') as business,
               max(case when online_apply and visits = 0 then 4 when online_apply then 3
                        else 1 end) as depth,
               max(prominence) as popularity
          from catalogue.item
         where status <> 'cancelled'
           and (%(keys)s::bigint[] is null
                or catalogue.document_of(name, parent_name) = any(%(keys)s))
         group by 1
        """,
        keys=keys,
    )
    # What an exact search may say are names, everyday words and codes; codes are no words.
    said = db.all(
        _Alias,
        """
        select key, array_agg(word order by word) as aliases
          from (select distinct catalogue.document_of(name, parent_name) as key, word
                  from catalogue.item, unnest(words[2:]) as word
                 where status <> 'cancelled' and word !~ '^[0-9a-z]{6,}$' and length(word) <= 60
                   and (%(keys)s::bigint[] is null
                        or catalogue.document_of(name, parent_name) = any(%(keys)s))) as each
         group by key
        """,
        keys=keys,
    )
    aliases = {one.key: tuple(one.aliases) for one in said}
    return [_document(row, aliases.get(row.key, ())) for row in rows]


def _document(row: _Row, aliases: tuple[str, ...]) -> Document:
    audience = "both" if row.person and row.business else "person" if row.person else "business"
    return Document(
        key=row.key,
        name=row.name,
        parent_name=row.parent_name,
        aliases=aliases,
        departments=tuple(dict.fromkeys(row.departments)),
        themes=tuple(theme for theme in row.themes if theme not in ("其他", "998", "999")),
        audience=audience,
        depth=row.depth,
        popularity=row.popularity,
    )
