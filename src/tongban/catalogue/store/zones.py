"""How zones are kept."""

from dataclasses import asdict

from tongban.catalogue.model.zone import Zone
from tongban.foundation.work import Work


def _values(work: Work, zone: Zone) -> dict[str, object]:
    return asdict(zone) | {
        "kind": zone.kind.value,
        "items": list(zone.items),
        "words": list(zone.words),
        "actor": work.actor.id,
        "name": work.actor.name,
        "now": work.now,
    }


def add_zone(work: Work, zone: Zone) -> bool:
    """Add a zone. Return whether its code was free."""
    return (
        work.run(
            """
            insert into catalogue.zone (code, kind, title, card, place, items, audience,
                                        department, theme, words, region, published_from,
                                        published_until, changed_by, changed_name, changed_at)
            values (%(code)s, %(kind)s, %(title)s, %(card)s, %(place)s, %(items)s, %(audience)s,
                    %(department)s, %(theme)s, %(words)s, %(region)s, %(published_from)s,
                    %(published_until)s, %(actor)s, %(name)s, %(now)s)
                on conflict do nothing
            """,
            **_values(work, zone),
        )
        == 1
    )


def save_zone(work: Work, zone: Zone) -> None:
    work.run(
        """
        update catalogue.zone
           set kind = %(kind)s, title = %(title)s, card = %(card)s, place = %(place)s,
               items = %(items)s, audience = %(audience)s, department = %(department)s,
               theme = %(theme)s, words = %(words)s, published_from = %(published_from)s,
               published_until = %(published_until)s, changed_by = %(actor)s,
               changed_name = %(name)s, changed_at = %(now)s
         where code = %(code)s
        """,
        **_values(work, zone),
    )


def remove_zone(work: Work, *, code: str) -> bool:
    return work.run("delete from catalogue.zone where code = %(code)s", code=code) == 1
