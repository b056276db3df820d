"""What went out to the national platform, batch by batch, for those who run the exchange."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.console.exchange.pages import OPERATIONS
from tongban.channels.shell.pages import page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

PERMIT = "catalogue.exchange"
SIZE, MOST = 50, 10_000
NAMED_BY = ("task_name", "material_name", "fee_name", "question", "result_name")


def listing(request: Request, work: Work) -> Response:
    """The batches, the latest first, and how much waits for the next one."""
    after = request.query_params.get("after", "")
    return show(
        request,
        "console/exchange/batches.html",
        page=catalogue.batches(work, after=after),
        after=after,
        waiting=catalogue.waiting_for_exchange(work, most=MOST + 1),
        most=MOST,
    )


def one(request: Request, work: Work) -> Response:
    """One batch: how many rows of each table, and the rows themselves."""
    number, after = request.path_params["number"], request.query_params.get("after", "")
    table = request.query_params.get("table", "")
    made = catalogue.batch(work, number=number)
    rows = catalogue.batch_rows(work, number=number, table=table, after=after, limit=SIZE + 1)
    return show(
        request,
        "console/exchange/batch.html",
        one=made,
        table=table,
        after=after,
        following=rows[SIZE - 1].row_guid if len(rows) > SIZE else "",
        tables=catalogue.table_counts(work, number=number),
        table_name=catalogue.table_name,
        operations=OPERATIONS,
        rows=[
            {"row": row, "name": next((row.fields[n] for n in NAMED_BY if n in row.fields), "")}
            for row in rows[:SIZE]
        ],
    )


routes = [
    page("/console/exchange/batches", listing, name="console.batches", permit=PERMIT),
    page("/console/exchange/batches/{number}", one, name="console.batch", permit=PERMIT),
]
