"""Rules look at what happens to a case, and tell officers what to look at."""

from tongban import rulebook
from tongban.cases import queries, store
from tongban.cases.commands.act import of_case
from tongban.cases.events import RiskNoticed
from tongban.cases.model import At
from tongban.foundation.work import Work
from tongban.rulebook import Fact, Purpose

CASE = "case"


def notice_risks(work: Work, *, number: str, item_code: str, at: At) -> int:
    """Keep the risks that rules find in a case now, each once; return how many are new.

    Rules know, beside what was filled in, ``case_event`` ("submitted" or "accepted"),
    ``case_channel`` and ``case_missing`` (how many required materials were not provided).

    Permits everyone: called by subscribers, for an act that was permitted.
    """
    if rulebook.bound(work, item_code=item_code, purpose=Purpose.RISK) is None:
        return 0
    case = queries.load(work, number=number)
    facts = {
        "case_event": Fact(at.value, CASE),
        "case_channel": Fact(case.channel.value, CASE),
        "case_missing": Fact(sum(each.lacking for each in case.materials), CASE),
        **queries.facts_of(queries.private(work, number=number)),
    }
    found = rulebook.risks(work, item_code=item_code, facts=facts, about=queries.about(case))
    new = [risk for risk in found if risk.risk and store.add_risk(work, number, risk, at=at)]
    for risk in new:
        work.record(RiskNoticed(**of_case(case), risk=risk.risk, level=risk.level))
    return len(new)
