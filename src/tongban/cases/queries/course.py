"""How the process of a case is read: its instance, its step, its special procedures."""

from collections.abc import Iterable

from tongban import catalogue, process
from tongban.cases.model.clock import PauseKind
from tongban.cases.model.stage import Step, step_at
from tongban.foundation.ids import CaseNumber, read_case_number
from tongban.process import Special, Standing

PAUSES = {
    Special.HEARING: PauseKind.HEARING,
    Special.BIDDING: PauseKind.BIDDING,
    Special.AUCTION: PauseKind.AUCTION,
    Special.INSPECTION: PauseKind.INSPECTION,
    Special.TESTING: PauseKind.TESTING,
    Special.QUARANTINE: PauseKind.QUARANTINE,
    Special.APPRAISAL: PauseKind.APPRAISAL,
    Special.EXPERT_REVIEW: PauseKind.EXPERT_REVIEW,
    Special.SITE_VISIT: PauseKind.SITE_VISIT,
    Special.TECHNICAL_REVIEW: PauseKind.TECHNICAL_REVIEW,
    Special.PUBLICATION: PauseKind.PUBLICATION,
}


def plain_course(handling: catalogue.Handling) -> str:
    """Return the name under which the process of all items of a kind without their own is kept."""
    return "* instant" if handling is catalogue.Handling.INSTANT else "* committed"


def instance_of(number: str) -> process.Key:
    """Return the process instance of a case: region, month and serial of its number are its key."""
    read = read_case_number(number)
    assert isinstance(read, CaseNumber)
    return process.Key(read.region, read.month, read.serial)


def is_of_case(number: str, instance: str) -> bool:
    """Tell whether a process instance is that of a case: others have numbers of their own."""
    read = read_case_number(number)
    return isinstance(read, CaseNumber) and str(instance_of(number)) == instance


def step_of(standing: Iterable[Standing], *, instant: bool) -> Step:
    """Return the step at which its process has an accepted case."""
    acts = {one.attributes.act for one in standing if one.waits == "work"}
    return step_at(acts, instant=instant)


def special_of(standing: Iterable[Standing]) -> Standing | None:
    """Return the special procedure at which a process waits, the one that began first."""
    return next((one for one in standing if one.attributes.special), None)
