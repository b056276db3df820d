"""Officers, the roles they hold, and what each role may do."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tongban.foundation.actor import Grant
from tongban.foundation.errors import Conflict, Forbidden, NotFound, Problem
from tongban.identity.model.places import prefix_of


class NoSuchOfficer(NotFound):
    message = "没有编号为 {id} 的工作人员"


class NoSuchAccount(NotFound):
    message = "没有登录名为“{login}”的账号"


class LoginTaken(Conflict):
    message = "登录名“{login}”已被使用，请换一个"


class RolesExclude(Conflict):
    message = "角色“{role}”与已有的角色“{held}”不能由同一人担任（系统管理与审计应当分离）"


class OwnRights(Forbidden):
    message = "不能给自己授予或收回权限，请由另一位管理员办理"


class Role(StrEnum):
    APPLICANT = "applicant"  # Every signed-in person; never granted to an officer.
    CLERK = "clerk"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    CATALOGUER = "cataloguer"
    DESIGNER = "designer"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.APPLICANT: "办事人",
    Role.CLERK: "综合窗口人员",
    Role.HANDLER: "承办人",
    Role.REVIEWER: "审核人",
    Role.APPROVER: "批准人",
    Role.CATALOGUER: "事项管理员",
    Role.DESIGNER: "流程管理员",
    Role.SUPERVISOR: "监督人员",
    Role.OPERATOR: "运维人员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "审计员",
}

_CASES = frozenset({"cases.read", "trace.read", "rulebook.read", "process.read"})
_WORK = _CASES | {"process.work", "process.start"}

ROLES: dict[Role, frozenset[str]] = {
    Role.APPLICANT: frozenset({"cases.apply", "cases.own", "evaluation.rate"}),
    Role.CLERK: _WORK | {"cases.accept", "cases.deliver"},
    Role.HANDLER: _WORK | {"cases.review"},
    Role.REVIEWER: _WORK | {"cases.review", "process.assign", "process.watch"},
    Role.APPROVER: _WORK
    | {"cases.review", "cases.decide", "rulebook.review", "catalogue.read", "catalogue.review"}
    | {"process.assign", "process.skip", "process.publish", "process.watch", "process.migrate"},
    Role.CATALOGUER: frozenset(
        {
            "catalogue.read",
            "catalogue.edit",
            "catalogue.import",
            "rulebook.edit",
            "process.read",
            "process.draft",
            "process.publish",
            "rulebook.read",
        }
    ),
    Role.DESIGNER: frozenset(
        {"process.read", "process.draft", "process.publish", "process.migrate"}
    ),
    Role.SUPERVISOR: _CASES | {"supervision.read", "evaluation.remedy", "process.watch"},
    Role.OPERATOR: frozenset(
        {"operations.read", "operations.replay", "calendar.edit"}
        | {"process.read", "process.watch", "process.operate", "process.message"}
        | {"process.migrate", "catalogue.exchange"}
    ),
    Role.ADMINISTRATOR: frozenset({"identity.manage", "calendar.edit"}),
    Role.AUDITOR: frozenset({"trace.read", "supervision.read", "operations.read"}),
}

# Protection level 3 keeps system administration and audit in different hands.
EXCLUDING = (
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    frozenset({Role.OPERATOR, Role.AUDITOR}),
)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role in one department, or in every department of a region, or (both empty) everywhere."""

    role: Role
    department: str = ""
    region: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))

    def grant(self) -> Grant:
        # The role itself too: a process names by it who does a step.
        held = ROLES[self.role] | {f"role.{self.role}"}
        return Grant(held, self.department, prefix_of(self.region))


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who works for a department. ``login`` is empty while there is no account."""

    id: str
    name: str
    department: str
    login: str = ""
    disabled: bool = False
    roles: tuple[RoleGrant, ...] = ()


def normal_login(login: str) -> str:
    """Return a login as it is kept: full width, blanks around it and capitals are forgiven."""
    # PostgreSQL cannot keep a NUL, and nobody has one in their login.
    return unicodedata.normalize("NFKC", login).replace("\0", "").strip().lower()


def login_problem(login: str, *, field: str = "login") -> Problem | None:
    """Tell what is wrong with a new login, as ``normal_login`` returns it."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,62}", login):
        return None
    return Problem(field, "登录名应为2至63位小写字母、数字或“.”“_”“-”，并以字母或数字开头")


def conflicting(role: Role, held: Iterable[Role]) -> Role | None:
    """Return a role already held that the same person may not hold together with this one."""
    return next((h for h in held if h != role and {h, role} in EXCLUDING), None)
