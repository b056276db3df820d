"""How personal data is sealed. Used by the commands of this module and by nobody else."""

from tongban.foundation.db import Db
from tongban.foundation.secrets import vault
from tongban.identity.model.people import Field, IdKind


def claim_id_number(db: Db, *, holder: str, kind: IdKind, number: str) -> bool:
    """Keep the number of an identity document. Return False if somebody else holds it already."""
    return bool(
        db.run(
            """
            insert into identity.sealed (holder, field, content, hash)
            values (%(holder)s, %(field)s, %(content)s, %(hash)s)
            on conflict do nothing
            """,
            holder=holder,
            field=Field.ID_NUMBER,
            content=vault().encrypt(number),
            hash=id_hash(kind, number),
        )
    )


def seal(db: Db, *, holder: str, field: Field, text: str) -> None:
    """Keep a text encrypted, or forget it where it is empty."""
    if not text:
        db.run(
            "delete from identity.sealed where holder = %(holder)s and field = %(field)s",
            holder=holder,
            field=field,
        )
        return
    db.run(
        """
        insert into identity.sealed (holder, field, content, hash)
        values (%(holder)s, %(field)s, %(content)s, %(hash)s)
        on conflict (holder, field)
        do update set content = excluded.content, hash = excluded.hash
        """,
        holder=holder,
        field=field,
        content=vault().encrypt(text),
        hash=vault().keyed_hash(text),
    )


def id_hash(kind: IdKind, number: str) -> bytes:
    """Return the hash a person is found by: the same digits on another document are another."""
    return vault().keyed_hash(f"{kind}:{number}")
