"""The world a test starts from. Name only what the test is about; the rest has defaults."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import given_cases
from tongban import cases, catalogue, identity
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.work import Work

# The region part of numbers that no real person, firm or place can have.
IMPOSSIBLE = "990100"


class Given:
    def __init__(self, work: Work, *, serial: "count[int] | None" = None) -> None:
        self._work = work
        self._serial = serial or count(1)

    @property
    def work(self) -> Work:
        return self._work

    def case(
        self,
        *,
        stage: cases.Stage = cases.Stage.SUBMITTED,
        step: cases.Step = cases.Step.HANDLING,
        item: catalogue.Item | None = None,
        by: Actor | None = None,
    ) -> cases.Case:
        """A case that the acts of officers and applicant have brought to a stage (and step)."""
        submitted = self.submitted_case(item=item, by=by)
        return given_cases.brought_to(self._work, submitted, stage=stage, step=step)

    def department(
        self, *, name: str = "海州市市场监督管理局", region: str = "", code: str = ""
    ) -> identity.Department:
        region = region or self.region().code
        if not code:
            return identity.ensure_department(self._work, name=name, region=region)
        return identity.add_department(
            self._work, department=identity.Department(code, name, region)
        )

    def item(self, **changes: Any) -> catalogue.Item:
        """A committed item with two materials and three fields, published."""
        if "department" not in changes:
            unit = self.department()
            changes = {"department": unit.code, "department_name": unit.name} | changes
        plain: dict[str, Any] = {
            "code": f"990100-{next(self._serial):04}",
            "name": "食品经营许可（新办）",
            "department_name": "海州市市场监督管理局",
            "region": "990100",
            "region_name": "海州市",
            "kind": "01",
            "kind_name": "行政许可",
            "handling": catalogue.Handling.COMMITTED,
            "statutory": catalogue.Limit(20),
            "promised": catalogue.Limit(5),
            "visits": 0,
            "online_apply": True,
            "materials": (
                catalogue.Material(key="application", name="食品经营许可申请书"),
                catalogue.Material(
                    key="layout", name="经营场所布局图", need=catalogue.Need.OPTIONAL
                ),
            ),
            "form": catalogue.schema(
                (
                    catalogue.Field(key="shop_name", title="店铺名称", largest=100),
                    catalogue.Field(key="contact_name", title="联系人", source="holder.name"),
                    catalogue.Field(
                        key="opening",
                        title="开业日期",
                        widget=catalogue.Widget.DATE,
                        required=False,
                    ),
                )
            ),
        }
        item = catalogue.Item(**plain | changes)
        with self._work.acting_as(SYSTEM):
            return catalogue.publish(self._work, item=item)

    def officer(
        self,
        *,
        role: str | Sequence[str] = "clerk",
        name: str = "李小红",
        department: str = "",
        region: str | None = None,
    ) -> Actor:
        """An officer with roles in a department; or throughout ``region`` ("" is everywhere)."""
        unit = department or self.department().code
        officer = identity.add_officer(self._work, name=name, department=unit)
        for one in [role] if isinstance(role, str) else role:
            held = identity.RoleGrant(
                identity.Role(one), unit if region is None else "", region or ""
            )
            identity.grant_role(self._work, officer=officer.id, role=held)
        return identity.actor(self._work, id=officer.id)

    def organisation(self, *, name: str = "海州星河餐饮有限公司") -> identity.Organisation:
        body = f"91{IMPOSSIBLE}MA{next(self._serial):07}"
        code = body + identity.credit_check_character(body)
        return identity.add_organisation(
            self._work, organisation=identity.NewOrganisation(name, code, "王建国", "01000000001")
        )

    def person(
        self,
        *,
        name: str = "张小明",
        acts_for: Sequence[identity.Organisation] = (),
        telephone: str = "10000000001",
        address: str = "海州市新港区和平路18号",
    ) -> Actor:
        body = f"{IMPOSSIBLE}19900101{next(self._serial):03}"
        person = identity.add_person(
            self._work,
            person=identity.NewPerson(
                name,
                body + identity.resident_check_character(body),
                telephone=telephone,
                address=address,
            ),
        )
        for organisation in acts_for:
            identity.authorise(
                self._work,
                person=person.id,
                organisation=organisation.id,
                since=self._work.today,
            )
        return identity.actor(self._work, id=person.id)

    def region(self, *, code: str = "990100", name: str = "海州市") -> identity.Region:
        return identity.add_region(self._work, region=identity.Region(code, name, level=2))

    def submitted_case(
        self,
        *,
        item: catalogue.Item | None = None,
        by: Actor | None = None,
        holder: str = "",
        files: int = 1,
    ) -> cases.Case:
        """A case just submitted by a person; ``files`` of its required materials come with it."""
        item, by = item or self.item(), by or self.person()
        return given_cases.submitted(
            self._work, item=item, by=by, holder=holder or by.id, files=files
        )
