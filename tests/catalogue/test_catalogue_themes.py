"""Services that stand under no theme, and examples for finding one."""

from given import Given
from tongban import catalogue
from tongban.catalogue.finding import live
from tongban.catalogue.finding.loading import load
from tongban.foundation.work import Work


def test_those_under_no_theme_or_only_under_other_are_listed(work: Work, given: Given) -> None:
    for code, themes in {"a": (), "b": ("其他",), "c": ("其它", "其他"), "d": ("户籍",)}.items():
        given.item(name=code, code=code, region="990102", themes=themes)
    given.item(name="e", code="e", region="880100")
    found = catalogue.bare_of_theme(work, regions=("9901",))
    assert [one.code for one in found] == ["a", "b", "c"]


def test_a_department_sees_its_own_and_nobody_sees_what_is_being_changed(
    work: Work, given: Given
) -> None:
    items = [given.item(code=code, region="990102", themes=()) for code in ("p", "q")]
    given.item(code="r", region="990102", themes=("户籍",), department=items[0].department)
    mine = catalogue.bare_of_theme(work, departments=(items[0].department,))
    assert {"p", "r"} & {one.code for one in mine} == {"p"}
    both = catalogue.bare_of_theme(work, departments=(items[0].department,), regions=("9901",))
    assert len({one.code for one in both}) == len(both)
    catalogue.begin_draft(work, item_code="p")
    assert "p" not in {one.code for one in catalogue.bare_of_theme(work, regions=("9901",))}


def test_examples_of_themes_name_each_service_once(work: Work, given: Given) -> None:
    for n in range(3):
        given.item(name="户口迁移", code=f"m-{n}", region=f"99010{n}", themes=("户籍",))
    with live.using(load(work)):
        assert [name for name, _ in catalogue.themed_names(work)].count("户口迁移") == 1
