"""The acts that change what is known of halls."""

from tongban import identity
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work
from tongban.halls import queries
from tongban.halls.events import HallClosed, HallSet
from tongban.halls.model import Hall, problems


def set_hall(work: Work, *, hall: Hall) -> Hall:
    """Add a hall, or replace what is said of a known one. The same again changes nothing.

    :raises Invalid: naming every field that is wrong.
    :raises NoSuchRegion: if nobody knows the region.
    """
    work.actor.must("identity.manage", department="", region=hall.region)
    if wrong := problems(hall):
        raise Invalid(*wrong)
    region = identity.region(work, code=hall.region)
    changed = work.run(
        """
        insert into halls.hall as old (code, name, region, address, hours, telephone, windows,
                                       getting_there, latitude, longitude, open)
        values (%(code)s, %(name)s, %(region)s, %(address)s, %(hours)s, %(telephone)s,
                %(windows)s, %(getting_there)s, %(latitude)s, %(longitude)s, %(open)s)
        on conflict (code) do update
           set name = excluded.name, region = excluded.region, address = excluded.address,
               hours = excluded.hours, telephone = excluded.telephone, windows = excluded.windows,
               getting_there = excluded.getting_there, latitude = excluded.latitude,
               longitude = excluded.longitude, open = excluded.open
         where old.* is distinct from excluded.*
        """,
        code=hall.code,
        name=hall.name.strip(),
        region=region.code,
        address=hall.address.strip(),
        hours=hall.hours.strip(),
        telephone=hall.telephone,
        windows=list(hall.windows),
        getting_there=hall.getting_there,
        latitude=hall.latitude,
        longitude=hall.longitude,
        open=hall.open,
    )
    if changed:
        work.record(HallSet(hall.code, region.code, hall.name.strip()))
    return queries.hall(work, code=hall.code)


def close_hall(work: Work, *, code: str) -> None:
    """Give up a hall: it is listed no more. Closing it again changes nothing.

    :raises NoSuchHall: if there is none with this code.
    """
    hall = queries.hall(work, code=code)
    work.actor.must("identity.manage", department="", region=hall.region)
    if work.run("update halls.hall set open = false where code = %(code)s and open", code=code):
        work.record(HallClosed(hall.code, hall.region))
