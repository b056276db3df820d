"""What rules are told about an application, and what an item asks for by their word."""

from collections.abc import Mapping
from typing import Any

from tongban import catalogue, identity, rulebook
from tongban.cases.model import Case, Draft, Private, ScenarioFound
from tongban.cases.queries.ruled import scenario
from tongban.foundation.work import Work


def item_for(
    work: Work,
    *,
    item: catalogue.Item,
    choices: Mapping[str, str],
    answers: Mapping[str, Any],
) -> tuple[catalogue.Item, rulebook.Scenario | None]:
    """Return an item as an application with these choices and answers meets it.

    The guide shows by it, the form asks by it and submission checks by it, so that they cannot
    differ. The scenario has the fee, and the questions that are still open; None without rules.

    Permits everyone: guides are public, and answers are used that the asker has given.
    """
    item = item.with_fields_for(choices)
    told = facts(answers=answers, choices=choices)
    found = rulebook.scenario(work, item_code=item.code, facts=told)
    if found is None:
        return item, None
    return narrowed(item, materials=found.materials, not_needed=found.not_needed), found


def item_of(work: Work, *, case: Case) -> catalogue.Item:
    """Return the item of a case as the rules had it when the case was submitted."""
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    found = scenario(work, number=case.number)
    return item if found is None else as_found(item, found)


def as_found(item: catalogue.Item, found: ScenarioFound) -> catalogue.Item:
    return narrowed(item, materials=frozenset(found.needed), not_needed=frozenset(found.not_needed))


def narrowed(
    item: catalogue.Item, *, materials: frozenset[str], not_needed: frozenset[str]
) -> catalogue.Item:
    return item.in_scenario(needed=materials, not_needed=not_needed, fields_not_needed=not_needed)


def facts(
    *, answers: Mapping[str, Any], choices: Mapping[str, str], private: Private | None = None
) -> dict[str, rulebook.Fact]:
    """Return answers and choices by their keys, each with its source and age.

    With ``private`` what stood in a register when the application was submitted is said to come
    from there; everything else was told by the applicant.
    """
    told = {key: rulebook.Fact(choice) for key, choice in choices.items() if choice}
    sources = private.sources if private else {}
    for key, answer in answers.items():
        if key in sources and private is not None:
            told[key] = rulebook.Fact(answer, sources[key], private.sources_at)
        else:
            told[key] = rulebook.Fact(answer)
    return told


def facts_of(private: Private) -> dict[str, rulebook.Fact]:
    """Return what rules are told about a case."""
    return facts(answers=private.answers, choices=private.choices, private=private)


def known(details: identity.Details) -> dict[str, str]:
    """Return what the registers know of a holder, by the names that forms have for it."""
    return {
        "holder.name": details.name,
        "holder.id_number": details.id_number,
        "holder.credit_code": details.id_number if details.holder.startswith("b-") else "",
        "holder.telephone": details.telephone,
        "holder.address": details.address,
        "holder.legal_representative": details.legal_representative,
    }


def from_registers(work: Work, *, item: catalogue.Item, draft: Draft) -> dict[str, str]:
    """Return the source of each answer that says what a register says, by the key of its field.

    What the applicant has changed is the applicant's word, although it was once filled in.
    """
    rules: dict[str, Any] = item.form.get("properties", {})
    asked = {key: rule["x-source"] for key, rule in rules.items() if rule.get("x-source")}
    if not asked.keys() & draft.answers.keys():
        return {}
    registered = known(identity.details(work, holder=draft.holder))
    return {
        key: source
        for key, source in asked.items()
        if registered.get(source) and draft.answers.get(key) == registered[source]
    }


def about(case: Case) -> rulebook.About:
    """Return the case as evaluations name it."""
    return rulebook.About(case.number, case.item_code, case.region, case.department, case.holder)
