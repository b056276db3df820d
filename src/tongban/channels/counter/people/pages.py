from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, identity
from tongban.channels.shell.casework import PAGE_SIZE, typed
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

# Told to the person as the reason for which their entry was looked up.
REASON = "本人到窗口办事，出示证件"
FOUND = 10


def people(request: Request, work: Work) -> Response:  # noqa: ARG001
    """Ask for the document of whoever stands at the counter."""
    return show(request, "counter/people/home.html", typed=typed(request))


def find(request: Request, work: Work) -> Response:
    """Find a person by identity number, or an organisation by credit code.

    Sent as a form, because numbers of people must not stand in addresses and logs.
    """
    number = identity.plain(text(request, "document"))
    if not number:
        raise Invalid(Problem("document", "请输入或扫描证件号码"))
    try:
        if identity.resident_id_problem(number) and not identity.credit_code_problem(number):
            holder = identity.find_organisation(work, credit_code=number).id
        else:
            holder = identity.find_person(work, id_number=number, reason=REASON).id
    except identity.NoSuchHolder:
        raise Invalid(
            Problem("document", "没有登记过这个证件号码，请核对；第一次来办事的可以在下面登记")
        ) from None
    return go_to(request, "counter.person", holder=holder)


def register(request: Request, work: Work) -> Response:
    """Register somebody who has never been here, from the document they show."""
    try:
        added = identity.add_person(
            work,
            person=identity.NewPerson(
                text(request, "name"),
                text(request, "id_number"),
                telephone=text(request, "telephone"),
                address=text(request, "address"),
            ),
        )
    except identity.PersonExists as known:
        raise Invalid(Problem("id_number", known.message, known.details)) from known
    return go_to(request, "counter.person", flash="已登记", holder=added.id)


def person(request: Request, work: Work) -> Response:
    """Show who it is, with numbers masked, their cases, and what can be taken in for them."""
    holder = request.path_params["holder"]
    wanted = request.query_params.get("q", "").strip()
    after = request.query_params.get("after", "")
    ours, elsewhere = _services(work, wanted)
    return show(
        request,
        "counter/people/person.html",
        person=identity.profile(work, holder=holder),
        page=cases.of_holder(work, holder=holder, after=after, size=PAGE_SIZE),
        after=after,
        q=wanted,
        found=ours,
        elsewhere=elsewhere,
    )


def _services(work: Work, wanted: str) -> tuple[list[catalogue.ItemLine], list[catalogue.ItemLine]]:
    """Return the services that answer some words: those taken in here, and all others."""
    if not wanted:
        return [], []
    lines = [
        found.line
        for found in catalogue.search(work, text=wanted, region=work.actor.region, limit=FOUND)
        if found.line.status is catalogue.Status.PUBLISHED
    ]
    ours = [
        line
        for line in lines
        if work.actor.may("cases.accept", department=line.department, region=line.region)
    ]
    return ours, [line for line in lines if line not in ours]


_PERMIT = "cases.accept"
routes = [
    page("/counter/people", people, name="counter.people", permit=_PERMIT),
    action("/counter/people/find", find, name="counter.find", permit=_PERMIT, again=people),
    action(
        "/counter/people/register", register, name="counter.register", permit=_PERMIT, again=people
    ),
    page("/counter/people/{holder}", person, name="counter.person", permit=_PERMIT),
]
