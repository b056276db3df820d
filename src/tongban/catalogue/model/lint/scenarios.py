"""Rules about the usual cases of a service (情形), which are sets of answers. Pure."""

from collections import Counter
from collections.abc import Iterator

from tongban.catalogue.model.item import Item
from tongban.catalogue.model.lint.finding import Place, Section, Severity, rule


@rule(
    "scenarios.twice",
    Severity.ERROR,
    Section.SCENARIOS,
    "常见情形“{name}”有 {times} 个，名称不能重复",
    title="常见情形的名称重复",
)
def _twice(item: Item) -> Iterator[Place]:
    names = Counter(one.title.strip() for one in item.scenarios)
    for i, one in enumerate(item.scenarios):
        if (times := names.pop(one.title.strip(), 0)) > 1:
            yield f"scenarios[{i}].title", {"name": one.title[:100], "times": times}


@rule(
    "scenarios.unknown_question",
    Severity.ERROR,
    Section.SCENARIOS,
    "常见情形“{name}”回答的问题（{question}）已经没有了，请打开它核对后保存",
    title="常见情形回答了没有的问题",
)
def _unknown_question(item: Item) -> Iterator[Place]:
    asked = {question.key for question in item.questions}
    for i, one in enumerate(item.scenarios):
        for key in one.answers:
            if key not in asked:
                yield (
                    f"scenarios[{i}].answers.{key}",
                    {"name": one.title[:100], "question": key[:100]},
                )


@rule(
    "scenarios.unknown_answer",
    Severity.ERROR,
    Section.SCENARIOS,
    "常见情形“{name}”选的答案（{answer}）已经不在问题“{question}”中，请重新选择",
    title="常见情形选了没有的答案",
)
def _unknown_answer(item: Item) -> Iterator[Place]:
    questions = {question.key: question for question in item.questions}
    for i, one in enumerate(item.scenarios):
        for key, chosen in one.answers.items():
            question = questions.get(key)
            if question and chosen not in {choice.key for choice in question.choices}:
                yield (
                    f"scenarios[{i}].answers.{key}",
                    {
                        "name": one.title[:100],
                        "question": question.title[:100],
                        "answer": chosen[:100],
                    },
                )


@rule(
    "scenarios.no_answer",
    Severity.WARNING,
    Section.SCENARIOS,
    "常见情形“{name}”一个答案也没有选，点了它什么也不变",
    title="常见情形没有选答案",
)
def _no_answer(item: Item) -> Iterator[Place]:
    for i, one in enumerate(item.scenarios):
        if not one.answers:
            yield f"scenarios[{i}].answers", {"name": one.title[:100]}
