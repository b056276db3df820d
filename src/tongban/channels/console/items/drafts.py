"""One draft in the console: its sections with what the linter says, comments, and what is next."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import Draft, Item, Section, State
from tongban.channels.console.items.editing import LINT_KINDS, draft_of
from tongban.channels.console.items.pages import EDIT, READ, REVIEW, STATE_KINDS, day
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section as it stands on the page of the draft."""

    section: Section
    errors: int
    warnings: int


def one(request: Request, work: Work) -> Response:
    draft = draft_of(request, work)
    item = draft.item
    where = {"department": item.department, "region": item.region}
    own = work.actor.id in draft.authors
    published = _published(work, draft)
    return show(
        request,
        "console/items/draft.html",
        draft=draft,
        item=item,
        sections=_lines(item),
        findings=_findings(request, item),
        lint_kinds=LINT_KINDS,
        kinds=STATE_KINDS,
        changes=[said(request, one) for one in catalogue.changes(published, item)]
        if published
        else None,
        outdated=published is not None and published.version != draft.based_on,
        published=published,
        comments=catalogue.comments(work, draft=draft.id),
        may_edit=work.actor.may(EDIT, **where),
        may_review=work.actor.may(REVIEW, **where) and not own,
        own=own and work.actor.may(REVIEW, **where),
        today=work.today,
        opened=draft.state in (State.DRAFT, State.REVIEW, State.APPROVED, State.SCHEDULED),
    )


def note(request: Request, work: Work) -> Response:
    draft = draft_of(request, work)
    revision = whole(text(request, "revision")) or 0
    catalogue.save_draft(
        work,
        id=draft.id,
        revision=revision,
        item=draft.item,
        change_note=text(request, "change_note")[:2000],
    )
    return _back(request, "修改说明已保存")


def submit(request: Request, work: Work) -> Response:
    catalogue.submit_draft(work, id=request.path_params["id"])
    return _back(request, "已提交审核，请另一位有权限的人办理")


def review(request: Request, work: Work) -> Response:
    agree = text(request, "agree")
    if agree not in ("yes", "no"):
        raise Invalid(Problem("agree", "请选择通过或者退回"))
    catalogue.review_draft(
        work,
        id=request.path_params["id"],
        agree=agree == "yes",
        comment=text(request, "comment"),
    )
    return _back(request, "审核通过，可以发布" if agree == "yes" else "已退回修改")


def publish(request: Request, work: Work) -> Response:
    published = catalogue.publish_draft(
        work, id=request.path_params["id"], effective_from=day(request, "effective_from")
    )
    return _back(request, "已发布，立即生效" if published else "已安排，到生效日期自动发布")


def withdraw(request: Request, work: Work) -> Response:
    catalogue.withdraw_draft(work, id=request.path_params["id"], reason=text(request, "reason"))
    return _back(request, "草稿已撤回，现行版本不变")


def comment(request: Request, work: Work) -> Response:
    catalogue.comment_draft(work, id=request.path_params["id"], text=text(request, "text"))
    return _back(request, "意见已写下")


def rebase(request: Request, work: Work) -> Response:
    catalogue.rebase_draft(work, id=request.path_params["id"])
    return _back(request, "已对照新版，可以继续提交")


def _published(work: Work, draft: Draft) -> Item | None:
    try:
        return catalogue.item(work, code=draft.item.code)
    except catalogue.NoSuchItem:
        return None


def _lines(item: Item) -> list[SectionLine]:
    findings = catalogue.lint(item)
    counted = {
        section: [one.severity.value for one in findings if one.section is section]
        for section in Section
    }
    return [
        SectionLine(section, found.count("error"), found.count("warning"))
        for section, found in counted.items()
    ]


def _findings(request: Request, item: Item) -> list[tuple[catalogue.Finding, str]]:
    language = visitor(request).language
    return [(one, one.said(language)) for one in catalogue.lint(item)]


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.draft", flash=flash, id=request.path_params["id"])


ONE = "/console/drafts/{id}"
routes = [
    page(ONE, one, name="console.draft", permit=READ),
    action(ONE + "/note", note, name="console.draft_note", permit=EDIT, again=one),
    action(ONE + "/submit", submit, name="console.draft_submit", permit=EDIT, again=one),
    action(ONE + "/review", review, name="console.draft_review", permit=REVIEW, again=one),
    action(ONE + "/publish", publish, name="console.draft_publish", permit=REVIEW, again=one),
    action(ONE + "/withdraw", withdraw, name="console.draft_withdraw", permit=EDIT, again=one),
    action(ONE + "/comment", comment, name="console.draft_comment", permit=READ, again=one),
    action(ONE + "/rebase", rebase, name="console.draft_rebase", permit=EDIT, again=one),
]
