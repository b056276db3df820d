"""Officers, their roles and accounts: who appoints whom, and where it ends."""

import pytest

from given import Given
from tongban import identity
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.messages import catalogue, said
from tongban.foundation.work import Work
from tongban.identity import Role, RoleGrant
from tongban.identity.model.officers import EXCLUDING, ROLE_NAMES, ROLES

PASSWORD = "三顾茅庐-2026"
CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)


@pytest.fixture
def administrator(given: Given) -> Actor:
    """Of one city, 990100."""
    return given.officer(role="administrator", name="王管理", region="990100")


def test_every_role_has_a_name_and_permissions() -> None:
    assert set(ROLES) == set(ROLE_NAMES) == set(Role)
    assert all(ROLES.values())


def test_only_people_may_apply_and_only_officers_may_decide() -> None:
    of_officers = frozenset().union(*(ROLES[role] for role in Role if role is not Role.APPLICANT))

    assert not ROLES[Role.APPLICANT] & of_officers


def test_no_role_both_administers_and_reads_the_trace() -> None:
    assert {Role.ADMINISTRATOR, Role.AUDITOR} in EXCLUDING
    assert "trace.read" not in ROLES[Role.ADMINISTRATOR] | ROLES[Role.OPERATOR]
    assert "identity.manage" not in ROLES[Role.AUDITOR]


def test_an_administrator_adds_an_officer_and_gives_them_a_role(
    work: Work, given: Given, administrator: Actor
) -> None:
    unit = given.department()
    with work.acting_as(administrator):
        officer = identity.add_officer(work, name=" 陈晨 ", department=unit.code)
        officer = identity.grant_role(
            work, officer=officer.id, role=RoleGrant(Role.HANDLER, department=unit.code)
        )
        listed = identity.officers(work, department=unit.code, region="990100")

    assert officer.name == "陈晨"
    assert officer.roles == (RoleGrant(Role.HANDLER, department=unit.code),)
    assert officer in listed


def test_granting_twice_and_revoking_twice_are_done_once(work: Work, given: Given) -> None:
    officer = given.officer(role="clerk")
    clerk = RoleGrant(Role.CLERK, department=officer.department)

    identity.grant_role(work, officer=officer.id, role=clerk)
    assert len(identity.officer(work, id=officer.id).roles) == 1
    identity.revoke_role(work, officer=officer.id, role=clerk)
    assert identity.revoke_role(work, officer=officer.id, role=clerk).roles == ()
    topics = "select count(*) from foundation.event where topic = 'identity.' || %(topic)s"
    assert work.value(topics, topic="RoleGranted") == 1
    assert work.value(topics, topic="RoleRevoked") == 1


@pytest.mark.parametrize("region", ["990200", "000000", "", "98"])
def test_nobody_gives_what_lies_beyond_their_own_reach(
    work: Work, given: Given, administrator: Actor, region: str
) -> None:
    officer = given.officer()
    if len(region) == 6:
        identity.add_region(work, region=identity.Region(region, f"区划{region}", level=2))
    role = RoleGrant(Role.AUDITOR, region=region)

    with work.acting_as(administrator), pytest.raises((Forbidden, identity.NoSuchRegion)):
        identity.grant_role(work, officer=officer.id, role=role)


def test_a_departments_administrator_gives_nothing_in_the_whole_region(
    work: Work, given: Given
) -> None:
    unit = given.department()
    administrator = given.officer(role="administrator", department=unit.code)
    officer = given.officer(department=unit.code)
    with work.acting_as(administrator):
        identity.grant_role(
            work, officer=officer.id, role=RoleGrant(Role.HANDLER, department=unit.code)
        )
        for wider in (RoleGrant(Role.HANDLER, region="990100"), RoleGrant(Role.HANDLER)):
            with pytest.raises(Forbidden):
                identity.grant_role(work, officer=officer.id, role=wider)


def test_nobody_adds_an_officer_to_a_department_elsewhere(
    work: Work, given: Given, administrator: Actor
) -> None:
    identity.add_region(work, region=identity.Region("990200", "山城市", level=2))
    elsewhere = given.department(name="山城市公安局", region="990200")

    with work.acting_as(administrator), pytest.raises(Forbidden):
        identity.add_officer(work, name="陈晨", department=elsewhere.code)


def test_nobody_changes_their_own_rights(work: Work, administrator: Actor) -> None:
    with work.acting_as(administrator):
        for act in (identity.grant_role, identity.revoke_role):
            with pytest.raises(identity.OwnRights):
                act(
                    work,
                    officer=administrator.id,
                    role=RoleGrant(Role.OPERATOR, region="990100"),
                )


@pytest.mark.parametrize(
    ("first", "second"), [("administrator", "auditor"), ("auditor", "operator")]
)
def test_administration_and_audit_are_kept_apart(
    work: Work, given: Given, first: str, second: str
) -> None:
    officer = given.officer(role=first, region="990100")

    with pytest.raises(identity.RolesExclude, match=ROLE_NAMES[Role(second)]):
        identity.grant_role(work, officer=officer.id, role=RoleGrant(Role(second), region="990100"))


def test_an_officer_is_no_applicant_by_office(work: Work, given: Given) -> None:
    with pytest.raises(Invalid, match="办事人"):
        identity.grant_role(work, officer=given.officer().id, role=RoleGrant(Role.APPLICANT))


def test_unknown_officers_departments_and_names_are_refused(work: Work, given: Given) -> None:
    unit = given.department().code
    with pytest.raises(identity.NoSuchOfficer, match="o-none"):
        identity.grant_role(work, officer="o-none", role=RoleGrant(Role.CLERK))
    with pytest.raises(identity.NoSuchOfficer):
        identity.officer(work, id="o-none")
    with pytest.raises(identity.NoSuchDepartment, match="D-none"):
        identity.add_officer(work, name="陈晨", department="D-none")
    with pytest.raises(Invalid, match="姓名"):
        identity.add_officer(work, name=" ", department=unit)
    with pytest.raises(identity.NoSuchHolder):
        identity.actor(work, id="o-none")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.APPLICANT}))
def test_only_administrators_manage_officers_and_accounts(
    work: Work, given: Given, role: Role
) -> None:
    target = given.officer()
    with work.acting_as(given.officer(role=role, region="")):
        with pytest.raises(Forbidden):
            identity.officers(work)
        with pytest.raises(Forbidden):
            identity.grant_role(work, officer=target.id, role=RoleGrant(Role.CLERK))
        with pytest.raises(Forbidden):
            identity.open_account(work, subject=target.id, login="x1", password=PASSWORD)
        with pytest.raises(Forbidden):
            identity.set_password(work, subject=target.id, password=PASSWORD)
        with pytest.raises(Forbidden):
            identity.disable_account(work, subject=target.id, reason="x")


def test_a_disabled_account_is_shut_out_at_once_and_let_in_again(
    work: Work, given: Given, administrator: Actor
) -> None:
    officer = given.officer()
    identity.open_account(work, subject=officer.id, login="chen", password=PASSWORD, cost=CHEAP)
    signed_in = identity.sign_in(work, login="chen", password=PASSWORD)
    assert isinstance(signed_in, identity.SignIn)

    with work.acting_as(administrator):
        identity.disable_account(work, subject=officer.id, reason="调离")
        assert identity.officer(work, id=officer.id).disabled
        assert identity.session(work, token=signed_in.token, now=work.now) is None
        assert isinstance(
            identity.sign_in(work, login="chen", password=PASSWORD), identity.SignInRefused
        )
        identity.enable_account(work, subject=officer.id)
    assert isinstance(identity.sign_in(work, login="chen", password=PASSWORD), identity.SignIn)


def test_an_administrator_cannot_lock_themself_out(work: Work, administrator: Actor) -> None:
    identity.open_account(
        work, subject=administrator.id, login="wang", password=PASSWORD, cost=CHEAP
    )
    with work.acting_as(administrator), pytest.raises(identity.OwnRights):
        identity.disable_account(work, subject=administrator.id, reason="再见")


def test_a_new_password_ends_every_session(work: Work, given: Given) -> None:
    officer = given.officer()
    identity.open_account(work, subject=officer.id, login="chen", password=PASSWORD, cost=CHEAP)
    signed_in = identity.sign_in(work, login="chen", password=PASSWORD)
    assert isinstance(signed_in, identity.SignIn)

    identity.set_password(work, subject=officer.id, password="卧薪尝胆-2027")

    assert identity.session(work, token=signed_in.token, now=work.now) is None
    assert isinstance(
        identity.sign_in(work, login="chen", password=PASSWORD), identity.SignInRefused
    )
    assert isinstance(
        identity.sign_in(work, login="chen", password="卧薪尝胆-2027"), identity.SignIn
    )


def test_a_person_changes_their_own_password_knowing_the_old_one(work: Work, given: Given) -> None:
    person = given.person()
    identity.open_account(work, subject=person.id, login="zhang", password=PASSWORD, cost=CHEAP)
    with work.acting_as(person):
        with pytest.raises(Invalid, match="原密码"):
            identity.change_password(work, old="错误的密码", new="卧薪尝胆-2027")
        identity.change_password(work, old=PASSWORD, new="卧薪尝胆-2027")

    assert isinstance(
        identity.sign_in(work, login="zhang", password="卧薪尝胆-2027"), identity.SignIn
    )


def test_a_city_administrator_has_no_say_over_peoples_accounts(
    work: Work, given: Given, administrator: Actor
) -> None:
    person = given.person()
    with work.acting_as(administrator), pytest.raises(Forbidden):
        identity.open_account(work, subject=person.id, login="zhang", password=PASSWORD)


@pytest.mark.parametrize(
    ("login", "password", "field"),
    [
        ("a", PASSWORD, "login"),
        ("-chen", PASSWORD, "login"),
        ("张三", PASSWORD, "login"),
        ("chen", "短", "password"),
        ("chen", "长" * 129, "password"),
        ("chen", "12345678", "password"),
        ("chen", "PassWord", "password"),
        ("chen", "aaaaaaaaab", "password"),
        ("chen", "my-Chen-2026", "password"),
    ],
)
def test_poor_logins_and_passwords_are_refused(
    work: Work, given: Given, login: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        identity.open_account(work, subject=given.officer().id, login=login, password=password)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_login_and_a_subject_have_one_account(work: Work, given: Given) -> None:
    chen, zhao = given.officer(name="陈晨"), given.officer(name="赵雷")
    identity.open_account(work, subject=chen.id, login="chen", password=PASSWORD, cost=CHEAP)

    with pytest.raises(identity.LoginTaken, match="chen"):
        identity.open_account(work, subject=zhao.id, login="Chen", password=PASSWORD, cost=CHEAP)
    with pytest.raises(identity.LoginTaken):
        identity.open_account(work, subject=chen.id, login="chen2", password=PASSWORD, cost=CHEAP)


def test_an_account_for_nobody_is_refused(work: Work, given: Given) -> None:
    for subject in ("o-none", "p-none", "b-1", "", "system"):
        with pytest.raises(identity.NoSuchHolder):
            identity.open_account(work, subject=subject, login="ghost", password=PASSWORD)
    with pytest.raises(identity.NoSuchAccount):
        identity.set_password(work, subject=given.officer().id, password=PASSWORD)
    with pytest.raises(identity.NoSuchAccount):
        identity.disable_account(work, subject=given.officer().id, reason="x")
    with work.acting_as(SYSTEM), pytest.raises(identity.NoSuchAccount):
        identity.change_password(work, old="", new=PASSWORD)


def test_every_permission_of_a_role_has_a_name_in_both_languages() -> None:
    held = set().union(*identity.ROLES.values())
    assert set(identity.PERMISSION_NAMES) == held
    assert set(identity.PERMISSION_NAMES.values()) <= catalogue("en").keys()


def test_a_refusal_names_what_is_missing_in_words() -> None:
    refused = Forbidden(permission="catalogue.import")
    assert "导入事项目录" in str(refused)
    assert "(import into the catalogue)" in said(refused, "en")
