"""People and organisations, as far as the actor may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from tongban.foundation.actor import Kind
from tongban.foundation.secrets import vault
from tongban.foundation.work import Work
from tongban.identity.model.people import (
    Authorisation,
    Details,
    Field,
    Look,
    NoSuchHolder,
    Organisation,
    Person,
    Profile,
)


@dataclass(frozen=True, slots=True)
class _Named:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Sealed:
    field: str
    content: bytes


def person(work: Work, *, id: str) -> Person:
    """Return a person, masked: oneself, or anybody for an officer.

    :raises NoSuchHolder: if there is no such person, or the actor may not know that there is.
    """
    found = work.one(
        Person,
        """
        select id, name, id_kind, id_number_masked, telephone_masked, address_masked
          from identity.person
         where id = %(id)s
        """,
        id=id,
    )
    if found is None:
        raise NoSuchHolder(holder=id)
    return found


def organisation(work: Work, *, id: str) -> Organisation:
    """Return an organisation that the actor may act for, or any for an officer.

    :raises NoSuchHolder: if there is no such organisation, or the actor may not know it.
    """
    found = work.one(
        Organisation,
        """
        select id, name, credit_code, legal_representative, telephone_masked, address
          from identity.organisation
         where id = %(id)s
        """,
        id=id,
    )
    if found is None:
        raise NoSuchHolder(holder=id)
    return found


def profile(work: Work, *, holder: str) -> Profile:
    """Return whom an affair belongs to, masked, as a case page shows it.

    :raises NoSuchHolder: if there is nobody, or the actor may not know that there is.
    """
    if holder.startswith("b-"):
        firm = organisation(work, id=holder)
        return Profile(
            holder,
            firm.name,
            "credit_code",
            firm.credit_code,
            firm.telephone_masked,
            firm.address,
            firm.legal_representative,
        )
    found = person(work, id=holder)
    return Profile(
        holder,
        found.name,
        found.id_kind,
        found.id_number_masked,
        found.telephone_masked,
        found.address_masked,
    )


def details(work: Work, *, holder: str) -> Details:
    """Return one's own data in the clear, to fill in forms with what is known.

    :raises Forbidden: unless the holder is the actor or somebody the actor may act for. Officers
        use ``reveal``, which the person is told of.
    """
    work.actor.must_hold("cases.own", holder=holder)
    known = profile(work, holder=holder)
    clear = opened(work, holder=holder)
    return Details(
        holder,
        known.name,
        known.id_kind,
        clear.get(Field.ID_NUMBER, known.id_number),
        clear.get(Field.TELEPHONE, ""),
        clear.get(Field.ADDRESS, known.address),
        known.legal_representative,
    )


def opened(work: Work, *, holder: str) -> dict[Field, str]:
    """Return all that is sealed of a holder, as far as row-level security shows it to the actor."""
    rows = work.all(
        _Sealed,
        "select field, content from identity.sealed where holder = %(holder)s",
        holder=holder,
    )
    return {Field(row.field): vault().decrypt(row.content) for row in rows}


def names(work: Work, *, holders: Iterable[str]) -> dict[str, str]:
    """Return the names of those of the holders whom the actor may see."""
    rows = work.all(
        _Named,
        """
        select id, name from identity.person where id = any (%(holders)s)
        union all
        select id, name from identity.organisation where id = any (%(holders)s)
        """,
        holders=list(holders),
    )
    return {row.id: row.name for row in rows}


def looks(work: Work, *, holder: str, limit: int = 100) -> list[Look]:
    """Return who was shown personal data of the holder, the latest first.

    :raises Forbidden: unless the holder is the actor or somebody the actor may act for.
    """
    work.actor.must_hold("cases.own", holder=holder)
    return work.all(
        Look,
        """
        select l.id, l.field, l.reason, l.officer_name, l.department,
               coalesce(d.name, '') as department_name, l.at
          from identity.look l
          left join identity.department d on d.code = l.department
         where l.holder = %(holder)s
         order by l.id desc
         limit %(limit)s
        """,
        holder=holder,
        limit=limit,
    )


def authorisations(work: Work, *, holder: str) -> list[Authorisation]:
    """Return the authorisations given to a person, or by an organisation, that hold or will hold.

    :raises Forbidden: unless the actor is concerned, or manages identities.
    """
    if work.actor.kind is Kind.OFFICER:
        work.actor.must("identity.manage")
    else:
        work.actor.must_hold("cases.own", holder=holder)
    return work.all(
        Authorisation,
        """
        select a.id, a.person, a.organisation, o.name as organisation_name, a.since, a.until,
               a.granted_by
          from identity.authorisation a
          join identity.organisation o on o.id = a.organisation
         where (a.person = %(holder)s or a.organisation = %(holder)s)
           and a.revoked_at is null
           and (a.until is null or a.until >= %(today)s)
         order by a.id
        """,
        holder=holder,
        today=work.today,
    )
