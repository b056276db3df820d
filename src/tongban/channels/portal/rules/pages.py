"""Rules made public: every discretion standard and instant approval, as it runs now."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, rulebook
from tongban.channels.shell.pages import PUBLIC, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

# What people may rely on is public; what points officers to risks would help to avoid them.
PUBLISHED = (
    rulebook.Purpose.INSTANT,
    rulebook.Purpose.DISCRETION,
    rulebook.Purpose.ELIGIBILITY,
    rulebook.Purpose.SCENARIO,
)


def listing(request: Request, work: Work) -> Response:
    lines = rulebook.rule_sets(work, on=work.today, published=True)
    groups = [
        (rulebook.PURPOSE_NAMES[purpose], [line for line in lines if line.purpose is purpose])
        for purpose in PUBLISHED
    ]
    return show(request, "portal/rules/list.html", groups=[group for group in groups if group[1]])


def one(request: Request, work: Work) -> Response:
    """One rule set, generated from the version in force, so it cannot differ from what runs."""
    code = request.path_params["code"]
    rule_set = rulebook.rule_set(work, code=code)
    running = rulebook.in_force(work, code=code, on=work.today)
    past = [
        version
        for version in rulebook.versions(work, code=code)
        if version.status in (rulebook.Status.PUBLISHED, rulebook.Status.WITHDRAWN)
    ]
    if rule_set.purpose not in PUBLISHED or not past:
        raise rulebook.NoSuchRuleSet(code=code)
    language = visitor(request).language
    return show(
        request,
        "portal/rules/rule.html",
        rule_set=rule_set,
        purpose_name=rulebook.PURPOSE_NAMES[rule_set.purpose],
        running=running,
        read=rulebook.read_version(running, language=language) if running else None,
        sheet=rulebook.spoken_sheet(running) if running else None,
        history=_history(past, language),
        items=[_item(work, bound.item_code) for bound in rulebook.bindings(work, code=code)],
        today=work.today,
    )


def _history(
    past: list[rulebook.Version], language: str
) -> list[tuple[rulebook.Version, list[str] | None]]:
    """Return each version that was ever published, with what it changed in the one before."""
    return [
        (
            version,
            rulebook.compare_versions(past[at + 1], version, language=language)
            if at + 1 < len(past)
            else None,
        )
        for at, version in enumerate(past)
    ]


def _item(work: Work, code: str) -> tuple[str, str]:
    try:
        return code, catalogue.item(work, code=code).name
    except catalogue.NoSuchItem:
        return code, code


routes = [
    page("/rules", listing, name="portal.rules", permit=PUBLIC),
    page("/rules/{code}", one, name="portal.rule", permit=PUBLIC),
]
