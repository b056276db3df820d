"""The public chart of a process: on the guide, and where a case is."""

from given_site import Site
from tongban import cases


def test_the_guide_shows_the_process_that_runs_as_chart_and_in_words(site: Site) -> None:
    with site.given() as given:
        item = given.item()
    page = site.visitor().open(f"/items/{item.code}")
    assert page.tree.xpath("//svg[contains(@class, 'flow-chart')]//g[@data-node]")
    steps = page.tree.xpath("//ol[contains(@class, 'flow-steps')]/li/strong/text()")
    assert "受理" in steps


def test_where_a_case_is_stands_on_its_chart_and_in_words(site: Site) -> None:
    holder = site.person()
    with site.given() as given:
        case = given.submitted_case(by=holder.actor)
    page = holder.open(f"/my/cases/{case.number}")
    marked = "//svg//g[contains(@class, '{}')]/@data-node"
    assert page.tree.xpath(marked.format("is-current"))
    assert page.tree.xpath(marked.format("is-done"))
    # Not by colour alone: a sign in the chart, a word in its key and in the text.
    assert page.tree.xpath("//svg//g[contains(@class, 'badge-current')]/path")
    [here] = page.tree.xpath("//li[@aria-current='step'][contains(@class, 'flow-here')]")
    assert "正在这里" in here.text_content()
    with site.work() as work:
        query = cases.query_code(work, number=case.number)
    tracked = site.visitor().open("/track").press("查询", number=case.number, code=query)
    assert tracked.tree.xpath(marked.format("is-current"))
