"""Everyday words that departments added, as a list, as a table to take along and to bring back."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import WordRow, WordSource
from tongban.channels.console.items.pages import EDIT, scope
from tongban.channels.shell.forms import uploads
from tongban.channels.shell.pages import action, page
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem, Refusal
from tongban.foundation.work import Work

SHOWN, EXPORTED = 200, 20_000


def listing(request: Request, work: Work) -> Response:
    return _page(request, work)


def export(_request: Request, work: Work) -> Response:
    departments, regions = scope(work)
    words = catalogue.words_added(work, departments=departments, regions=regions, limit=EXPORTED)
    # Spreadsheet programs take UTF-8 for it only where the text says so.
    content = "\ufeff" + catalogue.words_csv(words)
    disposition = {"content-disposition": 'attachment; filename="words.csv"'}
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers=disposition)


def bring(request: Request, work: Work) -> Response:
    """Take a table of words over: good lines are kept, each other is shown with its reason."""
    files = [one for one in uploads(request) if one.field == "file"]
    if not files:
        raise Invalid(Problem("file", "请选择要导入的文件"))
    added, rejects = 0, []
    for row in catalogue.read_words(files[0].content):
        try:
            with work.savepoint():
                _take(work, row)
            added += 1
        except Refusal as refused:
            rejects.append((row, said(request, refused)))
    return _page(request, work, brought=True, added=added, rejects=rejects)


def _take(work: Work, row: WordRow) -> None:
    source = catalogue.checked_source(row.source or WordSource.DEPARTMENT.value)
    catalogue.add_word(work, item_code=row.item_code, word=row.word, source=source)


def _page(
    request: Request,
    work: Work,
    *,
    brought: bool = False,
    added: int = 0,
    rejects: list[tuple[WordRow, str]] | None = None,
) -> Response:
    departments, regions = scope(work)
    source = request.query_params.get("source", "")
    if source not in {one.value for one in WordSource}:
        source = ""
    return show(
        request,
        "console/searching/words.html",
        words=catalogue.words_added(
            work, departments=departments, regions=regions, source=source, limit=SHOWN
        ),
        source=source,
        sources=[(one.value, one.label) for one in WordSource],
        shown=SHOWN,
        brought=brought,
        added=added,
        rejects=rejects or [],
    )


routes = [
    page("/console/words", listing, name="console.words", permit=EDIT),
    page("/console/words.csv", export, name="console.words_export", permit=EDIT),
    action("/console/words", bring, name="console.words_bring", permit=EDIT, again=listing),
]
