"""People and organisations: registered, authorised, and looked at for a reason."""

from datetime import date

from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.identity import store
from tongban.identity.events import (
    AuthorisationGiven,
    AuthorisationRevoked,
    OrganisationAdded,
    PersonAdded,
    PersonalDataShown,
    ProfileChanged,
)
from tongban.identity.model.numbers import plain, telephone_problem
from tongban.identity.model.people import (
    Authorisation,
    Field,
    IdKind,
    NewOrganisation,
    NewPerson,
    NoSuchAuthorisation,
    NoSuchHolder,
    Organisation,
    OrganisationExists,
    Person,
    PersonExists,
    Profile,
    checked_reason,
    mask,
)
from tongban.identity.queries import people


def add_person(work: Work, *, person: NewPerson) -> Person:
    """Register a person, by an administrator or at the counter.

    :raises Invalid: naming each field that is wrong.
    :raises PersonExists: if the identity document is registered already.
    """
    _must_register(work)
    person = person.checked()
    with work.acting_as(SYSTEM):
        id = work.value("select 'p-' || nextval('identity.person_number')")
        if not store.claim_id_number(work, holder=id, kind=person.id_kind, number=person.id_number):
            raise PersonExists
        work.run(
            """
            insert into identity.person (id, name, id_kind, id_number_masked, telephone_masked,
                                         address_masked, created_at)
            values (%(id)s, %(name)s, %(id_kind)s, %(id_number)s, %(telephone)s, %(address)s,
                    %(now)s)
            """,
            id=id,
            name=person.name,
            id_kind=person.id_kind,
            id_number=mask(Field.ID_NUMBER, person.id_number),
            telephone=mask(Field.TELEPHONE, person.telephone),
            address=mask(Field.ADDRESS, person.address),
            now=work.now,
        )
        store.seal(work, holder=id, field=Field.TELEPHONE, text=person.telephone)
        store.seal(work, holder=id, field=Field.ADDRESS, text=person.address)
        found = people.person(work, id=id)
    work.record(PersonAdded(id))
    return found


def add_organisation(work: Work, *, organisation: NewOrganisation) -> Organisation:
    """Register an organisation, by an administrator or at the counter.

    :raises Invalid: naming each field that is wrong.
    :raises OrganisationExists: if the credit code is registered already.
    """
    _must_register(work)
    organisation = organisation.checked()
    with work.acting_as(SYSTEM):
        id = work.value(
            """
            insert into identity.organisation (name, credit_code, legal_representative,
                                               telephone_masked, address, created_at)
            values (%(name)s, %(credit_code)s, %(legal_representative)s, %(telephone)s,
                    %(address)s, %(now)s)
            on conflict (credit_code) do nothing
            returning id
            """,
            name=organisation.name,
            credit_code=organisation.credit_code,
            legal_representative=organisation.legal_representative,
            telephone=mask(Field.TELEPHONE, organisation.telephone),
            address=organisation.address,
            now=work.now,
        )
        if id is None:
            raise OrganisationExists(credit_code=organisation.credit_code)
        store.seal(work, holder=id, field=Field.TELEPHONE, text=organisation.telephone)
        found = people.organisation(work, id=id)
    work.record(OrganisationAdded(id, organisation.credit_code))
    return found


def change_contact(work: Work, *, holder: str, telephone: str, address: str) -> Profile:
    """Change one's own telephone and address, or those of an organisation one acts for.

    :raises Forbidden: if the holder is somebody else.
    :raises Invalid: if the telephone number is malformed.
    """
    work.actor.must_hold("cases.own", holder=holder)
    telephone, address = plain(telephone), address.strip()
    if telephone and (problem := telephone_problem(telephone)):
        raise Invalid(problem)
    before = people.details(work, holder=holder)
    with work.acting_as(SYSTEM):
        store.seal(work, holder=holder, field=Field.TELEPHONE, text=telephone)
        if holder.startswith("b-"):
            work.run(
                """
                update identity.organisation
                   set telephone_masked = %(telephone)s, address = %(address)s
                 where id = %(holder)s
                """,
                telephone=mask(Field.TELEPHONE, telephone),
                address=address,
                holder=holder,
            )
        else:
            store.seal(work, holder=holder, field=Field.ADDRESS, text=address)
            work.run(
                """
                update identity.person
                   set telephone_masked = %(telephone)s, address_masked = %(address)s
                 where id = %(holder)s
                """,
                telephone=mask(Field.TELEPHONE, telephone),
                address=mask(Field.ADDRESS, address),
                holder=holder,
            )
    after = {"telephone": telephone, "address": address}
    if changed := tuple(field for field, text in after.items() if getattr(before, field) != text):
        work.record(ProfileChanged(holder, changed))
    return people.profile(work, holder=holder)


def reveal(work: Work, *, holder: str, field: str, reason: str) -> str:
    """Show an officer one field in the clear. The person is told who looked, when and why.

    :returns: the text, empty where nothing is known.
    :raises Invalid: if the field is none of ``Field`` or the reason is missing or too long.
    :raises NoSuchHolder: if there is nobody with this id.
    """
    work.actor.must("cases.read")
    if field not in list(Field):
        raise Invalid(Problem("field", "没有名为“{field}”的个人信息", {"field": field}))
    note_look(work, holder=holder, field=field, reason=reason)
    with work.acting_as(SYSTEM):
        return people.opened(work, holder=holder).get(Field(field), "")


def note_look(work: Work, *, holder: str, field: str, reason: str) -> None:
    """Note that the acting officer is being shown personal data; other modules call it too.

    :param field: one of ``Field``, or what else is shown, such as "materials".
    :raises Invalid: if the reason is missing or longer than 200 characters.
    :raises NoSuchHolder: if there is nobody with this id.
    """
    work.actor.must("cases.read")
    reason = checked_reason(reason)
    people.profile(work, holder=holder)
    if work.actor.kind is Kind.SYSTEM:
        return  # A program at work is not somebody who looks.
    work.run(
        """
        insert into identity.look (holder, field, reason, officer, officer_name, department, at)
        values (%(holder)s, %(field)s, %(reason)s, %(officer)s, %(name)s, %(department)s, %(now)s)
        """,
        holder=holder,
        field=field,
        reason=reason,
        officer=work.actor.id,
        name=work.actor.name,
        department=work.actor.department,
        now=work.now,
    )
    work.record(PersonalDataShown(holder, field, reason, work.actor.department))


def find_person(
    work: Work, *, id_number: str, reason: str, id_kind: IdKind = IdKind.RESIDENT
) -> Person:
    """Find somebody by the document they hand over at the counter. They are told of it.

    :raises NoSuchHolder: if nobody with this document is registered.
    """
    work.actor.must("cases.accept")
    with work.acting_as(SYSTEM):
        holder = work.value(
            "select holder from identity.sealed where field = 'id_number' and hash = %(hash)s",
            hash=store.id_hash(id_kind, plain(id_number)),
        )
    if holder is None:
        raise NoSuchHolder(holder=mask(Field.ID_NUMBER, plain(id_number)))
    note_look(work, holder=holder, field="lookup", reason=reason)
    return people.person(work, id=holder)


def find_organisation(work: Work, *, credit_code: str) -> Organisation:
    """Find an organisation by its unified social credit code.

    :raises NoSuchHolder: if it is not registered.
    """
    work.actor.must("cases.read")
    id = work.value(
        "select id from identity.organisation where credit_code = %(code)s",
        code=plain(credit_code),
    )
    if id is None:
        raise NoSuchHolder(holder=plain(credit_code))
    return people.organisation(work, id=id)


def authorise(
    work: Work, *, person: str, organisation: str, since: date, until: date | None = None
) -> Authorisation:
    """Let a person act for an organisation, from ``since`` up to and including ``until``.

    It is given by somebody who acts for the organisation already, or by an administrator.

    :raises Forbidden: if the actor is neither.
    :raises Invalid: if it would end before it begins.
    :raises NoSuchHolder: if there is no such person or organisation.
    """
    _must_speak_for(work, organisation)
    if until is not None and until < max(since, work.today):
        raise Invalid(Problem("until", "授权的结束日期不能早于开始日期，也不能早于今天"))
    by = work.actor.id
    with work.acting_as(SYSTEM):
        people.person(work, id=person)
        people.organisation(work, id=organisation)
        id = work.value(
            """
            insert into identity.authorisation (person, organisation, since, until, granted_by,
                                                granted_at)
            values (%(person)s, %(organisation)s, %(since)s, %(until)s, %(by)s, %(now)s)
            returning id
            """,
            person=person,
            organisation=organisation,
            since=since,
            until=until,
            by=by,
            now=work.now,
        )
        [given] = [a for a in people.authorisations(work, holder=organisation) if a.id == id]
    work.record(AuthorisationGiven(id, person, organisation, since, until))
    return given


def revoke_authorisation(work: Work, *, id: int) -> None:
    """End an authorisation at once. The person loses sight of the organisation's affairs.

    :raises NoSuchAuthorisation: if there is none that could be revoked.
    :raises Forbidden: if the actor neither acts for the organisation nor manages identities.
    """
    with work.acting_as(SYSTEM):
        found = work.one(
            Authorisation,
            """
            select a.id, a.person, a.organisation, o.name as organisation_name, a.since, a.until,
                   a.granted_by
              from identity.authorisation a
              join identity.organisation o on o.id = a.organisation
             where a.id = %(id)s and a.revoked_at is null
               for update of a
            """,
            id=id,
        )
    if found is None:
        raise NoSuchAuthorisation(id=id)
    _must_speak_for(work, found.organisation)
    by = work.actor.id
    with work.acting_as(SYSTEM):
        work.run(
            """
            update identity.authorisation set revoked_by = %(by)s, revoked_at = %(now)s
             where id = %(id)s
            """,
            by=by,
            now=work.now,
            id=id,
        )
        work.run(
            """
            update identity.session set acting_for = subject
             where subject = %(person)s and acting_for = %(organisation)s
            """,
            person=found.person,
            organisation=found.organisation,
        )
    work.record(AuthorisationRevoked(id, found.person, found.organisation))


def _must_speak_for(work: Work, organisation: str) -> None:
    if work.actor.kind is Kind.PERSON:
        work.actor.must_hold("cases.own", holder=organisation)
    else:
        work.actor.must("identity.manage")


def _must_register(work: Work) -> None:
    if not work.actor.may("cases.accept"):
        work.actor.must("identity.manage")
