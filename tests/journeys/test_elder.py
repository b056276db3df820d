"""Elder mode, measured: the numbers of the rule for apps and websites of 2021 (适老化通用规范)."""

from journeys.town import Doors

# Text of 18 px at least, lines 1.3 apart, what is touched 44 px both ways, main buttons 60 px high.
# Links within a sentence are exempt, as in WCAG 2.2 (2.5.8).
MEASURE = """() => {
  const found = new Set(), words = it => it.textContent.trim().slice(0, 20);
  const seen = it => {
    const box = it.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !it.closest(".visually-hidden, .skip, script, style");
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const it = texts.currentNode.parentElement, style = getComputedStyle(it);
    const size = parseFloat(style.fontSize);
    // Names of steps that only screen readers tell have no size at all.
    if (!texts.currentNode.textContent.trim() || !seen(it) || size === 0) continue;
    if (size < 18) found.add(`${size} px: ${words(it)}`);
    if (parseFloat(style.lineHeight) / size < 1.295) found.add(`lines too close: ${words(it)}`);
  }
  for (const it of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!seen(it) || it.type === "hidden" || getComputedStyle(it).display === "inline") continue;
    const whole = (it.type === "radio" || it.type === "checkbox") && it.labels[0] || it;
    const box = it.getBoundingClientRect(), around = whole.getBoundingClientRect();
    const wide = Math.max(box.width, around.width), high = Math.max(box.height, around.height);
    if (wide < 43.9 || high < 43.9) found.add(`${wide} x ${high}: ${words(it)}`);
    if (it.matches("main .button") && high < 59.9) found.add(`main ${high}: ${words(it)}`);
  }
  return [...found];
}"""
PAGES = ["/", "/search?q=高龄", "/items/AL-MZ-001", "/services", "/my", "/my/profile", "/track"]
PAGES += [f"/apply/AL-MZ-001?step={step}" for step in ("choices", "form", "check")]


def test_what_elders_read_and_touch_is_large_enough(doors: Doors) -> None:
    elder = doors.visitor("li")
    elder.open("/")
    elder.page.get_by_role("button", name="长辈版").click()
    elder.page.wait_for_selector('html[data-mode="elder"]')
    wrong = {}
    for path in PAGES:
        assert elder.open(path) == 200
        if found := elder.page.evaluate(MEASURE):
            wrong[path] = found
    assert wrong == {}
