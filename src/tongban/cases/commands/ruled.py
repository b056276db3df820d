"""Business-rule tasks: the rulebook decides, by what the case holds and the process knows."""

from collections.abc import Mapping

from tongban import process, rulebook
from tongban.cases import queries
from tongban.cases.queries.course import is_of_case
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work

PROCESS = "process"


def decide_task(
    work: Work, code: str, facts: Mapping[str, object], instance: process.Instance
) -> object:
    """Return what a rule set says of a case; None where it says nothing, so that a person decides.

    Rules look at the answers of the case, which never become variables, and at the variables. What
    was evaluated is recorded with its facts and explained on the pages of the case.

    Permits everyone: it follows from a step that was permitted.
    """
    known = {name: rulebook.Fact(value, PROCESS) for name, value in facts.items()}
    about = rulebook.About(instance.number, "", instance.key.region, instance.department)
    with work.acting_as(SYSTEM):  # Rules see what the officer of the step sees masked.
        if is_of_case(instance.number, str(instance.key)):
            case = queries.load(work, number=instance.number)
            known |= queries.facts_of(queries.private(work, number=case.number))
            about = queries.about(case)
        try:
            outcome = rulebook.evaluate(work, code=code, facts=known, about=about)
        except rulebook.NoSuchRuleSet:
            return None
    return None if outcome.to_a_person else outcome.value
