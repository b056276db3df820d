"""The design system in a real browser: readable, reachable, small, safe under a strict policy."""

import gzip
import hashlib
import re
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page

import browsers
from tongban.channels.shell import render
from tongban.foundation.messages import translate

ROOT = Path(__file__).parents[2]
SHELL = ROOT / "src/tongban/channels/shell"
STATIC = SHELL / "static"
VENDOR = ROOT / "tests/vendor"
CSS_BUDGET = 10 * 1024
# Before compression; suggestions while typing are a third of it.
OWN_SCRIPT_BUDGET = 6 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'"
)
MODES = {
    "standard": {},
    "elder": {"mode": "elder"},
    "English": {"lang": "en"},
    "high contrast": {"contrast": "high"},
    "elder high contrast": {"mode": "elder", "contrast": "high"},
}
IMPORT = '{% import "shell/components.html" as c %}{% block content %}'
PAGES = {
    "styleguide": "{% extends 'shell/styleguide.html' %}",
    "office": "{% extends 'shell/styleguide_office.html' %}",
    "elder": "{% extends 'shell/elder.html' %}"
    + IMPORT
    + """<h1>想办什么事？</h1>{{ c.search_box("#") }}{% call c.tiles(big=true) %}
        {{ c.tile("查我的办件", "#", "list") }}{{ c.tile("社保卡", "#", "insurance") }}
        {{ c.tile("请家人帮我办", "#", "family") }}{% endcall %}{% endblock %}""",
    "print": "{% extends 'shell/print.html' %}"
    + "{% block number %}示市监受〔2026〕123 号{% endblock %}"
    + IMPORT
    + """<h1>受理通知书</h1>
        {{ c.summary_list([{"label": "申请人", "value": "张示例"}]) }}{% endblock %}""",
    "error": "{% extends 'shell/error.html' %}",
}


def environment(language: str = "zh-CN") -> Environment:
    """Return templates as the shell gives them; gaps in what it gives are errors."""
    templates = Environment(
        loader=ChoiceLoader(
            [
                DictLoader({f"{name}.html": PAGES[name] for name in PAGES}),
                FileSystemLoader(SHELL / "templates"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
    )
    templates.filters["start"] = render.environment.filters["start"]
    templates.globals |= {
        "_": lambda text, **details: translate(text, language, **details),
        "static": lambda path: f"/static/{path}",
        "url_for": lambda name, **path: "/" + "/".join([name, *path.values()]),
        "fmt_date": str,
        "fmt_datetime": str,
        "fmt_money": lambda cents: f"¥{cents / 100:.2f}",
        "fmt_days_left": lambda left: (
            f"还有 {left} 个工作日" if left >= 0 else f"超期 {-left} 个工作日"
        ),
    }
    return templates


def context(**changes: Any) -> dict[str, Any]:
    links = [("首页", True), ("办事", False), ("我的", False)]
    return {
        "lang": "zh-CN",
        "mode": "standard",
        "actor": SimpleNamespace(name="张示例", kind="person", department="示例市市场监督管理局"),
        "csrf_token": "token",
        "flashes": [SimpleNamespace(kind="success", text="已保存。")],
        "request_number": "01JD8Z3K",
        "nav": [{"label": label, "url": "#", "current": current} for label, current in links],
        "region_name": "示例市",
        "status": 409,
        "message": "这件办件刚刚由李示例受理。",
    } | changes


@dataclass
class Site:
    """A server of static files and rendered pages, under the policy that the product promises."""

    address: str
    pages: dict[str, str] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)

    def show(self, name: str, **changes: Any) -> str:
        path = f"/{name}-{len(self.pages)}"
        self.pages[path] = (
            environment(changes.get("lang", "zh-CN"))
            .get_template(f"{name}.html")
            .render(**context(**changes))
        )
        return self.address + path


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

    class Handler(BaseHTTPRequestHandler):
        site: ClassVar[Site]

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                return self.answer(file.read_bytes(), kinds[file.suffix])
            return self.answer(self.site.pages.get(path, "").encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            self.site.posts.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(b"<!doctype html><title>ok</title>", "text/html")

        def answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.site = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Handler.site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Page:
    """One page of the browser for all tests that only look, because opening it is what costs."""
    page = browser.new_page()
    page.on("console", lambda it: page.complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda it: page.complaints.append(str(it)))
    return page


@pytest.fixture
def look(window: Page) -> Page:
    window.complaints = []  # type: ignore[attr-defined]
    return window


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, one line per rule and element."""
    found = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})", RULES
    )
    return [
        f"{it['id']}: {node['html'][:160]} {node['failureSummary'][-200:]}"
        for it in found["violations"]
        for node in it["nodes"]
    ]


@pytest.mark.parametrize("mode", ["standard", "elder", "high contrast"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site: Site, look: Page, name: str, mode: str) -> None:
    look.goto(site.show(name, **MODES[mode]))
    # Axe comes in by the debugging door, which the policy of the page does not guard.
    look.evaluate(f"() => {{ {(VENDOR / 'axe-4.14.1.min.js').read_text()} }}")

    for width in (390, 1280):
        look.set_viewport_size({"width": width, "height": 900})
        assert violations(look) == [], f"at {width} pixels"
    assert look.complaints == []  # type: ignore[attr-defined]


WIDE = """() => [...document.querySelectorAll("body *")].filter(it =>
  it.getBoundingClientRect().right > 321 && !it.closest(".visually-hidden")
).map(it => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_the_narrowest_phone(
    site: Site, look: Page, name: str, mode: str
) -> None:
    look.set_viewport_size({"width": 320, "height": 700})
    look.goto(site.show(name, **MODES[mode]))

    wide = look.evaluate(WIDE)
    assert wide == []
    assert look.evaluate("document.documentElement.scrollWidth") <= 320


# Links within a line of text are exempt, and boxes and radios are pressed by their label.
SMALL = """([least, wide]) => {
  const all = "a, button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(all)].filter(it => {
    const pressed = it.matches("[type=radio], [type=checkbox]") ? it.closest("label") : it;
    const box = pressed.getBoundingClientRect();
    const inText = it.matches("p:not([class]) > a, .row > a, .skip");
    const low = box.height < least - 0.5;
    const narrow = wide && !it.matches("a") && box.width < least - 0.5;
    return box.width && !inText && (low || narrow);
  }).map(it => it.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Page:
    size = {"width": 390, "height": 844}
    return browser.new_context(viewport=size, has_touch=True, is_mobile=True).new_page()


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("name", PAGES)
def test_a_finger_hits_every_target(site: Site, phone: Page, name: str, mode: str) -> None:
    phone.goto(site.show(name, **MODES[mode]))

    assert phone.evaluate(SMALL, [44, True]) == []


# Lines of text below 18 px or closer than 1.3 of their size, as the rule for elderly people counts.
FAINT = """() => [...document.querySelectorAll("body *")].filter(it => {
  const said = [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const style = getComputedStyle(it);
  const size = parseFloat(style.fontSize);
  const faint = size < 17.9 || parseFloat(style.lineHeight) / size < 1.3;
  return said && size && it.checkVisibility() && !it.closest(".visually-hidden") && faint;
}).map(it => [getComputedStyle(it).fontSize, it.outerHTML.slice(0, 90)])"""


def test_elder_mode_keeps_the_rule_for_elderly_people(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.show("styleguide", mode="elder"))

    assert page.evaluate(FAINT) == []
    main = page.eval_on_selector_all(
        "main .button, .tile, .choice", "all => all.map(it => it.getBoundingClientRect().height)"
    )
    assert min(height for height in main if height) >= 60


def test_the_pages_are_whole_without_javascript(site: Site, browser: Browser) -> None:
    bare = browser.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto(site.show("styleguide"))

    assert page.get_by_role("button", name="保存并继续").is_visible()
    # What only a script can do is not offered where there is no script.
    assert not page.get_by_text("复制编号").is_visible()
    bare.close()


FORM = (
    "{% extends 'shell/portal.html' %}"
    + IMPORT
    + """<h1>x</h1>{% call c.form("/send", csrf_token, key="k-1", autosave="/draft", warn=true) %}
    {{ c.text_area("why", "理由", maxlength=20) }}
    {{ c.button("提交") }}{% endcall %}{% endblock %}"""
)


def form_page(site: Site) -> str:
    site.pages["/form"] = environment().from_string(FORM).render(**context())
    site.posts.clear()
    return site.address + "/form"


def test_a_draft_saves_itself_and_letters_are_counted(site: Site, page: Page) -> None:
    page.goto(form_page(site))
    page.fill("#f-why", "家里要装修")

    assert page.inner_text("#f-why-count") == "还可以输入 15 个字"
    page.get_by_text("草稿已自动保存").wait_for(timeout=5000)
    assert "csrf_token=token" in site.posts[0]
    assert "idempotency_key" not in site.posts[0]


def test_the_second_press_sends_nothing(site: Site, page: Page) -> None:
    page.goto(form_page(site))
    # Both presses come before the browser leaves the page.
    page.evaluate(
        "() => { const b = document.querySelector('main button'); b.click(); b.click(); }"
    )
    page.wait_for_url("**/send")

    assert len(site.posts) == 1
    assert "idempotency_key=k-1" in site.posts[0]


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(site: Site, page: Page) -> None:
    page.goto(site.show("styleguide"))
    assert page.evaluate("document.activeElement.className") == "error-summary"

    page.click("text=统一社会信用代码应为 18 位 >> nth=0")
    assert page.evaluate("document.activeElement.id") == "f-credit_code"


def test_the_budgets_hold(capsys: pytest.CaptureFixture[str]) -> None:
    # What single pages load besides, such as those of rules, is not in the first view of others.
    layout = (SHELL / "templates/shell/layout.html").read_text()
    sheets = [it for it in sorted((STATIC / "css").glob("*.css")) if f'"{it.stem}"' in layout]
    assert len(sheets) == 4
    css = sum(len(gzip.compress(sheet.read_bytes(), 9)) for sheet in sheets)
    own = STATIC / "tongban.js"
    scripts = sum(
        len(gzip.compress(it.read_bytes(), 9)) for it in [own, *STATIC.glob("vendor/*.js")]
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\ncss {css} B and scripts {scripts} B gzipped, own {own.stat().st_size} B\n"
        )

    assert css <= CSS_BUDGET
    assert own.stat().st_size <= OWN_SCRIPT_BUDGET
    assert scripts <= 25 * 1024


@pytest.mark.parametrize(
    ("listing", "folder"), [(SHELL / "vendored.toml", STATIC), (VENDOR / "vendored.toml", VENDOR)]
)
def test_vendored_files_are_the_published_ones(listing: Path, folder: Path) -> None:
    files = tomllib.loads(listing.read_text())["file"]

    for file in files:
        assert hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"], (
            file["path"]
        )
        assert file["name"]
        assert file["version"] in file["path"]
        assert file["licence"]
    third_party = {str(it.relative_to(folder)) for it in folder.rglob("*.js")}
    third_party -= {"tongban.js", "designer.js", "designer-zh.js"}
    assert third_party == {file["path"] for file in files if file["path"].endswith(".js")}


def test_no_template_has_inline_style_or_script() -> None:
    for template in SHELL.rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*src=)", text), (
            template.name
        )
