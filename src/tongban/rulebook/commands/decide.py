"""The faces by which other modules ask rules: they never refuse, and never guess.

Whoever asks has been permitted to do what they ask for: rules only say what the law makes of facts.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tongban import rules
from tongban.foundation.secrets import vault
from tongban.foundation.work import LOCAL, Work
from tongban.rulebook import store
from tongban.rulebook.events import InstantDecided
from tongban.rulebook.model import conclude
from tongban.rulebook.model.outcome import (
    About,
    Discretion,
    Eligibility,
    Fact,
    Facts,
    Instant,
    Outcome,
    Risk,
    Said,
    Scenario,
    Why,
)
from tongban.rulebook.model.rule_set import Purpose, RuleSet
from tongban.rulebook.model.running import as_facts
from tongban.rulebook.queries import rule_sets
from tongban.rulebook.queries.rule_sets import InForce

NOT_IN_FORCE = Said("这项规则现在没有生效的版本")
UNREADABLE = Said("这项规则现在无法执行：{why}")


def evaluate(work: Work, *, code: str, facts: Facts, about: About | None = None) -> Outcome:
    """Apply the version of a rule set in force today, and record it with its facts.

    Facts that the rules do not use are neither looked at nor kept.

    Permits everyone: what is recorded follows from what the caller was permitted to do.

    :raises NoSuchRuleSet: if there is no such rule set.
    """
    found = rule_sets.running(work, code=code, on=work.today)
    return _recorded(work, _outcome(work, found, as_facts(facts)), about or About())


def eligibility(
    work: Work, *, item_code: str, facts: Facts, about: About | None = None
) -> Eligibility | None:
    """Tell whether somebody may apply for an item ("can I?"); None where no rules say so.

    Recorded only when ``about`` is given: asking is not deciding, and a page that only shows runs
    in a read-only transaction. Never a decision: a "no" advises, it does not keep from applying.

    Permits everyone: the rules are public and only the asker's own facts are used.
    """
    outcome = _bound(work, item_code, Purpose.ELIGIBILITY, facts, about)
    return None if outcome is None else conclude.eligibility(outcome)


def scenario(
    work: Work, *, item_code: str, facts: Facts, about: About | None = None
) -> Scenario | None:
    """Return which materials, fields and fee an application needs; None where no rules say so.

    ``facts`` are the answers to the item's questions by key, and fields of the form. Partial
    answers give what is certain so far, and in ``asked`` the questions that would settle the rest.
    Recorded only when ``about`` is given.

    Permits everyone: the rules are public and only the asker's own facts are used.
    """
    found = rule_sets.bound_running(
        work, item_code=item_code, purpose=Purpose.SCENARIO, on=work.today
    )
    if found is None:
        return None
    outcome = _outcome(work, found, as_facts(facts))
    governed, still_open = _governed(work, found, outcome)
    outcome = outcome if about is None else _recorded(work, outcome, about)
    return conclude.scenario(outcome, governed, still_open)


def instant(work: Work, *, item_code: str, facts: Facts, about: About) -> Instant | None:
    """Decide whether an application is granted at once; None where no rules are bound for that.

    Grants only if the version in force says ``"grant"``, with nothing missing, within the declared
    limits and not switched off. Everything else goes to a person: rules never refuse. Always
    recorded, with the event InstantDecided; two statements beside the event.

    :param about: the case as it was just submitted; ``about.number`` decides the lot.

    Permits everyone: the caller submits the application that this is about.
    """
    found = rule_sets.bound_running(
        work, item_code=item_code, purpose=Purpose.INSTANT, on=work.today
    )
    if found is None:
        return None
    if found.rule_set.switched_off:
        # Why it was switched off is for officials; the applicant learns only what follows.
        said = Said("这个事项的秒批已暂停，由工作人员审批")
        return Instant(False, Why.SWITCHED_OFF, (said,), None)
    outcome = _outcome(work, found, as_facts(facts))
    decided = conclude.instant(outcome, found.rule_set.limits)
    if decided.granted and _drawn(found.rule_set, about.number):
        decided = replace(decided, recheck=True)
    if outcome.version == 0:
        return replace(decided, why=Why.NOT_IN_FORCE)
    evaluation = store.add_instant(work, decided, about)
    work.record(
        InstantDecided(
            about.number,
            outcome.rule_set_code,
            outcome.version,
            about.region,
            about.department,
            about.holder,
            granted=decided.granted,
            why=decided.why.value,
            evaluation=str(evaluation),
        )
    )
    return replace(decided, outcome=replace(outcome, evaluation=evaluation))


def discretion(
    work: Work, *, item_code: str, facts: Facts, about: About | None = None
) -> Discretion | None:
    """Return the row of the discretion standard that applies and its range; None without one.

    To show it beside a decision leave ``about`` out. To decide by it give it: what is returned then
    has ``outcome.evaluation``, on which ``choose`` records the choice.

    Permits everyone: standards are public; the caller was permitted to read the facts.
    """
    outcome = _bound(work, item_code, Purpose.DISCRETION, facts, about)
    return None if outcome is None else conclude.discretion(outcome)


def risks(work: Work, *, item_code: str, facts: Facts, about: About | None = None) -> list[Risk]:
    """Return what officers should look at in a case, as the rules say; empty without rules.

    Permits everyone: the caller was permitted to read the facts.
    """
    outcome = _bound(work, item_code, Purpose.RISK, facts, about)
    return [] if outcome is None else conclude.risks(outcome)


def _bound(
    work: Work, item_code: str, purpose: Purpose, facts: Facts, about: About | None
) -> Outcome | None:
    found = rule_sets.bound_running(work, item_code=item_code, purpose=purpose, on=work.today)
    if found is None:
        return None
    outcome = _outcome(work, found, as_facts(facts))
    return outcome if about is None else _recorded(work, outcome, about)


def _outcome(work: Work, found: InForce, facts: Mapping[str, Fact]) -> Outcome:
    code = found.rule_set.code
    if found.version is None:
        return Outcome(code, 0, b"", reasons=(NOT_IN_FORCE,))
    try:
        version, compiled = rule_sets.compiled(
            work, code=code, number=found.version, content_hash=found.content_hash
        )
    except rules.RuleError as error:
        said = Said(UNREADABLE.message, (("why", error.reason.text()),))
        return Outcome(code, found.version, found.content_hash, reasons=(said,))
    return compiled.outcome(version, facts, now=work.now.astimezone(LOCAL))


def _governed(
    work: Work, found: InForce, outcome: Outcome
) -> tuple[frozenset[str], frozenset[str]]:
    if found.version is None or outcome.value is None:
        return frozenset(), frozenset()
    _, compiled = rule_sets.compiled(
        work, code=found.rule_set.code, number=found.version, content_hash=found.content_hash
    )
    return compiled.keys(), compiled.keys(outcome.open)


def _recorded(work: Work, outcome: Outcome, about: About) -> Outcome:
    # Where no version is in force nothing was evaluated that could be repeated.
    if outcome.version == 0:
        return outcome
    return replace(outcome, evaluation=store.add_evaluation(work, outcome, about))


def _drawn(rule_set: RuleSet, number: str) -> bool:
    """Draw the lot by the number of the case: it cannot be foreseen, nor drawn a second time."""
    lot = vault().keyed_hash(f"recheck {rule_set.code} {number}")[:8]
    return Decimal(int.from_bytes(lot)) < rule_set.share_rechecked * 2**64
