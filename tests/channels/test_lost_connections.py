"""A database that goes away for a moment: nobody notices, or everybody is told what to do."""

import psycopg
from psycopg import sql

from given_site import Site
from tongban import cases


def lose_every_connection(url: str) -> int:
    """End every other connection to the site's database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()
            """
        ).fetchone()
    return int(found[0]) if found else 0


def test_reading_goes_on_over_a_new_connection(site: Site, own_database: str) -> None:
    visitor = site.visitor()
    assert visitor.open("/services").status == 200
    assert lose_every_connection(own_database) > 0

    assert visitor.open("/services").status == 200


def test_an_upload_arrives_whole_although_the_connection_is_lost(
    site: Site, own_database: str
) -> None:
    with site.given() as given:
        item = given.item()
    person = site.person()
    page = person.open(f"/apply/{item.code}?step=materials")
    lose_every_connection(own_database)
    content = b"\x89PNG\r\n\x1a\n" + _PIXEL
    page = page.press("上传所选文件", **{"material.application": ("平面图.png", content)})
    site.pool.check()  # What the test itself asks through was lost, too.

    assert page.status == 200
    with site.work(person.actor) as work:
        draft = cases.draft(work, item_code=item.code, holder=person.actor.id)
    assert len(draft.materials["application"]) == 1


def test_when_the_database_stays_away_the_page_says_what_to_do(
    site: Site, server: str, own_database: str
) -> None:
    name = own_database.rsplit("/", 1)[1].split("?")[0]
    away = sql.SQL("alter database {} with allow_connections {}")
    visitor = site.visitor()
    site.pool.close()
    site._pages.timeout = 0.5
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(away.format(sql.Identifier(name), sql.Literal(False)))
        try:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
            )
            # What a process has counted a moment ago it shows without asking; this it must ask.
            page = visitor.open("/items/nobody-has-asked-for-this")
        finally:
            connection.execute(away.format(sql.Identifier(name), sql.Literal(True)))

    assert page.status == 503
    assert "请稍后再来" in page.text


# The chunks of a picture of one white point.
_PIXEL = bytes.fromhex(
    "0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100"
    "1bb6ee56"
    "0000000049454e44ae426082"
)
