"""Questions about halls. Everybody may ask them."""

from tongban.foundation.calendar.model import prefix, region_and_above
from tongban.foundation.db import Db
from tongban.halls.model import Hall, NoSuchHall


def hall(db: Db, *, code: str) -> Hall:
    """Return a hall, also one that has been given up.

    :raises NoSuchHall: if none ever had this code.
    """
    found = db.one(
        Hall,
        """
        select code, name, region, address, hours, telephone, windows, getting_there, latitude,
               longitude, open
          from halls.hall where code = %(code)s
        """,
        code=code,
    )
    if found is None:
        raise NoSuchHall(code=code)
    return found


def halls(db: Db, *, region: str) -> list[Hall]:
    """Return the open halls for somebody in a region: its own first, then those below and above it.

    An empty region asks for all of them.
    """
    return db.all(
        Hall,
        """
        select code, name, region, address, hours, telephone, windows, getting_there, latitude,
               longitude, open
          from halls.hall
         where open and (starts_with(region, %(below)s) or region = any(%(above)s))
         order by region <> %(region)s, not starts_with(region, %(below)s), region, code
        """,
        region=region,
        below=prefix(region),
        above=list(region_and_above(region)) if region else [],
    )
