"""People and organisations: those whom government serves."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongban.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tongban.foundation.secrets import masked
from tongban.identity.model.numbers import (
    credit_code_problem,
    plain,
    resident_id_problem,
    telephone_problem,
)

REASON_MAX = 200  # Characters; the limit in practice for asking to see a licence.


class NoSuchHolder(NotFound):
    message = "没有找到编号为 {holder} 的个人或单位"


class PersonExists(Conflict):
    message = "这个证件号码已经登记过，不能重复登记"


class OrganisationExists(Conflict):
    message = "统一社会信用代码 {credit_code} 已经登记过，不能重复登记"


class NotAuthorised(Forbidden):
    message = "您还没有获得这家单位的授权，不能代其办事"


class NoSuchAuthorisation(NotFound):
    message = "没有编号为 {id} 的有效授权"


class IdKind(StrEnum):
    RESIDENT = "resident"  # 居民身份证
    PASSPORT = "passport"  # 护照
    HONG_KONG_MACAO = "hong_kong_macao"  # 港澳居民来往内地通行证 or 居住证
    TAIWAN = "taiwan"  # 台湾居民来往大陆通行证 or 居住证
    FOREIGNER = "foreigner"  # 外国人永久居留身份证


ID_KIND_NAMES = {
    IdKind.RESIDENT: "居民身份证",
    IdKind.PASSPORT: "护照",
    IdKind.HONG_KONG_MACAO: "港澳居民来往内地通行证或居住证",
    IdKind.TAIWAN: "台湾居民来往大陆通行证或居住证",
    IdKind.FOREIGNER: "外国人永久居留身份证",
}


class Field(StrEnum):
    """What is kept encrypted, and shown only for a reason."""

    ID_NUMBER = "id_number"
    TELEPHONE = "telephone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be registered, in the clear."""

    name: str
    id_number: str
    id_kind: IdKind = IdKind.RESIDENT
    telephone: str = ""
    address: str = ""

    def checked(self) -> "NewPerson":
        """Return the same person as they are kept.

        :raises Invalid: naming each field that is wrong.
        """
        number, telephone = plain(self.id_number), plain(self.telephone)
        problems = [
            Problem("name", "请填写姓名") if not self.name.strip() else None,
            _id_problem(self.id_kind, number),
            telephone_problem(telephone) if telephone else None,
        ]
        if found := [problem for problem in problems if problem]:
            raise Invalid(*found)
        return NewPerson(self.name.strip(), number, self.id_kind, telephone, self.address.strip())


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person. Numbers and address are masked."""

    id: str
    name: str
    id_kind: IdKind
    id_number_masked: str
    telephone_masked: str
    address_masked: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "id_kind", IdKind(self.id_kind))


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to be registered, in the clear."""

    name: str
    credit_code: str
    legal_representative: str
    telephone: str = ""
    address: str = ""

    def checked(self) -> "NewOrganisation":
        """Return the same organisation as it is kept.

        :raises Invalid: naming each field that is wrong. A wrong check digit is not refused; ask
            ``credit_code_warning`` for it.
        """
        code, telephone = plain(self.credit_code), plain(self.telephone)
        problems = [
            Problem("name", "请填写单位名称") if not self.name.strip() else None,
            credit_code_problem(code),
            None
            if self.legal_representative.strip()
            else Problem("legal_representative", "请填写法定代表人（负责人）姓名"),
            telephone_problem(telephone) if telephone else None,
        ]
        if found := [problem for problem in problems if problem]:
            raise Invalid(*found)
        return NewOrganisation(
            self.name.strip(),
            code,
            self.legal_representative.strip(),
            telephone,
            self.address.strip(),
        )


@dataclass(frozen=True, slots=True)
class Organisation:
    """A legal person or another organisation. What stands in public registers is not masked."""

    id: str
    name: str
    credit_code: str
    legal_representative: str
    telephone_masked: str
    address: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom an affair belongs to, as officers see them: a person or an organisation, masked."""

    holder: str
    name: str
    id_kind: str
    id_number: str
    telephone: str
    address: str
    legal_representative: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """The same in the clear, for the holder's own eyes and forms."""

    holder: str
    name: str
    id_kind: str
    id_number: str
    telephone: str = ""
    address: str = ""
    legal_representative: str = ""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A person may act for an organisation, from ``since`` up to and including ``until``."""

    id: int
    person: str
    organisation: str
    organisation_name: str
    since: date
    until: date | None
    granted_by: str


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody was shown personal data in the clear."""

    id: int
    field: str
    reason: str
    officer_name: str
    department: str
    department_name: str
    at: datetime


def mask(field: Field, text: str) -> str:
    """Return the masked form in which a field is listed.

    >>> mask(Field.ID_NUMBER, "99010019900101001X"), mask(Field.ADDRESS, "海州市新港区和平路18号")
    ('990***********001X', '海州市新港区*******')
    """
    if not text:
        return ""
    if field is Field.ID_NUMBER:
        # A passport number is so short that three and four characters would give it away.
        return masked(text, head=min(3, len(text) // 5), tail=min(4, len(text) // 4))
    head, tail = (3, 4) if field is Field.TELEPHONE else (6, 0)
    return masked(text, head=head, tail=tail)


def checked_reason(reason: str) -> str:
    """Return a reason for looking at personal data.

    :raises Invalid: if it is missing or longer than 200 characters.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(Problem("reason", "请填写查看个人信息的理由，理由会告知本人"))
    if len(reason) > REASON_MAX:
        raise Invalid(Problem("reason", "查看理由不能超过{max}个字", {"max": REASON_MAX}))
    return reason


def _id_problem(kind: IdKind, number: str) -> Problem | None:
    if kind is IdKind.RESIDENT:
        return resident_id_problem(number)
    if 5 <= len(number) <= 20 and number.isascii() and number.isalnum():
        return None
    return Problem("id_number", "证件号码应为5至20位字母或数字")
