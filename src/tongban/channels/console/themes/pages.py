from collections import defaultdict

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import BulkAct, BulkChange, By
from tongban.channels.console.items.pages import EDIT, scope
from tongban.channels.shell.forms import text, texts
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

SHOWN = 50


def worklist(request: Request, work: Work) -> Response:
    """Services under no theme or under "other", each with the themes that fit it best."""
    departments, regions = scope(work)
    bare = catalogue.bare_of_theme(work, departments=departments, regions=regions, limit=SHOWN)
    found = catalogue.suggested_themes(
        [one.name for one in bare], examples=catalogue.themed_names(work) if bare else []
    )
    themes = [count.code for count in catalogue.counts(work, by=By.THEME)]
    return show(
        request,
        "console/themes/list.html",
        lines=[(one, found[one.name]) for one in bare],
        themes=[theme for theme in themes if theme not in catalogue.OTHER_THEMES],
    )


def accept(request: Request, work: Work) -> Response:
    """Hand in the ticked ones: one set of drafts for each theme, for somebody else to review."""
    by_theme: dict[str, list[str]] = defaultdict(list)
    for code in texts(request, "codes"):
        theme = text(request, f"theme-{code}")
        if not theme:
            raise Invalid(Problem(f"theme-{code}", "请选择主题"))
        by_theme[theme].append(code)
    if not by_theme:
        raise Invalid(Problem("codes", "请至少选择一个事项"))
    for theme, codes in sorted(by_theme.items()):
        catalogue.begin_set(work, change=BulkChange("themes", theme, BulkAct.ADD), codes=codes)
    return go_to(request, "console.sets", flash="已提交审核，请另一位有权限的人办理")


routes = [
    page("/console/themes", worklist, name="console.themes", permit=EDIT),
    action("/console/themes", accept, name="console.themes_accept", permit=EDIT, again=worklist),
]
