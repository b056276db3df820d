"""What the house has for a version of a process: who holds roles, what services can do, rules."""

from collections.abc import Mapping

from tongban import identity, rulebook
from tongban.foundation.errors import NotFound
from tongban.foundation.work import Work
from tongban.process.commands.acting import APPLICANT
from tongban.process.commands.services import operations
from tongban.process.model.means import Held, Means
from tongban.process.model.migration import Plan

_acts: dict[str, str] = {}


def need_acts(names: Mapping[str, str]) -> None:
    """Say without which acts a case cannot be carried through, by code and name.

    The module whose acts they are says so once, when it is loaded.
    """
    _acts.update(names)


def means_for(work: Work, plan: Plan) -> Means:
    """Return what there is for the new version of a plan. Permits everyone: whoever calls asks."""
    wanted = {node.attributes.decision for node in plan.new.nodes} - {""}
    return Means(
        acts=dict(_acts),
        roles={role.value: name for role, name in identity.ROLE_NAMES.items()},
        held=frozenset(
            Held(one.role.value, one.department, one.region) for one in identity.roles_held(work)
        ),
        open_roles=frozenset({APPLICANT}),
        operations=operations(),
        decisions=frozenset(code for code in wanted if _in_force(work, code)),
    )


def _in_force(work: Work, code: str) -> bool:
    try:
        return rulebook.in_force(work, code=code, on=work.today) is not None
    except NotFound:
        return False
