"""An explanation as text for the person whose matter was decided."""

from collections.abc import Iterator

from tongban.rules.analysis.phrases import fact_words, value_words
from tongban.rules.analysis.words import SOURCE, Joined, Phrase, Told, listed, translator, words
from tongban.rules.explanation.model import Explanation, RuleOutcome, TableStep

MOST_FIRED = 5


def explanation_text(explanation: Explanation, language: str = SOURCE) -> str:
    """The outcome, the rules behind it, what is missing, the facts with their sources.

    ValueError for a language without translations.
    """
    translate = translator(language)
    return "\n".join(line.text(translate) for line in lines(explanation))


def lines(explanation: Explanation) -> Iterator[Phrase]:
    """The same, one sentence a line."""
    yield from _outcome(explanation)
    for step in explanation.tables:
        yield from _step(step)
    if explanation.facts:
        told = Joined(tuple(fact.words for fact in explanation.facts), "；")
        yield words("所依据的信息：{facts}。", facts=told)


def _outcome(explanation: Explanation) -> Iterator[Phrase]:
    if not explanation.needs_person:
        if isinstance(explanation.value, (dict, list)):
            told = value_words(explanation.value)
            yield words("结论（{name}）：{value}。", name=explanation.decision, value=told)
        else:
            outcome = fact_words(explanation.decision, explanation.value)
            yield words("结论：{outcome}。", outcome=outcome)
        return
    yield words("“{name}”不能自动得出结论，转由工作人员办理。", name=explanation.decision)
    if explanation.missing:
        yield words("缺少的信息：{names}。", names=listed(explanation.missing))
    for why in explanation.reasons:
        yield words("原因：{why}。", why=Told(why))


def _step(step: TableStep) -> Iterator[Phrase]:
    for rule in step.fired[:MOST_FIRED]:
        yield words(
            "“{table}”第 {number} 条适用：{rule}",
            table=step.element,
            number=rule.number,
            rule=rule.sentence,
        )
        if rule.tests:
            yield words("其中：{tests}。", tests=_tests(rule, failing=False))
    if len(step.fired) > MOST_FIRED:
        left = len(step.fired) - MOST_FIRED
        yield words("“{table}”另有 {count} 条规则适用。", table=step.element, count=left)
    if not step.fired:
        yield words("“{table}”没有一条规则适用。", table=step.element)
    if step.nearest is not None and step.nearest.failing:
        yield words(
            "最接近的是第 {number} 条：{rule}",
            number=step.nearest.number,
            rule=step.nearest.sentence,
        )
        yield words("尚不符合：{tests}。", tests=_tests(step.nearest, failing=True))


def _tests(rule: RuleOutcome, *, failing: bool) -> Phrase:
    tests = rule.failing if failing else rule.tests
    return Joined(tuple(test.words for test in tests), "；")
