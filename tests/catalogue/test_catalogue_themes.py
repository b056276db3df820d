"""Services that stand under no theme, found along an index of their own."""

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


def test_the_list_is_read_along_its_index(work: Work) -> None:
    """The index and the statement name what "other" is called in the same words as the program."""
    defined = work.value(
        "select indexdef from pg_indexes where schemaname = 'catalogue' and indexname = 'item_bare'"
    )
    assert "{" + ",".join(catalogue.OTHER_THEMES) + "}" in defined
    for way in ("seqscan", "bitmapscan", "sort"):
        work.run("select set_config(%(way)s, 'off', true)", way=f"enable_{way}")
    plan = work.value(
        """
        explain (format json)
        select code from catalogue.item
         where status <> 'cancelled' and themes <@ '{其他,其它}'::text[] order by code limit 9
        """
    )
    assert "item_bare" in str(plan)


def test_examples_of_themes_name_each_service_once(work: Work, given: Given) -> None:
    for n in range(3):
        given.item(name="户口迁移", code=f"m-{n}", region=f"99010{n}", themes=("户籍",))
    with live.using(load(work)):
        assert [name for name, _ in catalogue.themed_names(work)].count("户口迁移") == 1
