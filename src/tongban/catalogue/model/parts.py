"""The parts of which a service item is made. Pure. Official texts are kept letter for letter."""

from dataclasses import dataclass, field

from tongban.catalogue.model.coded import Limit, Need


@dataclass(frozen=True, slots=True)
class Material:
    """One material that is asked for.

    ``key`` is stable from version to version. ``upload`` tells whether the applicant is asked for
    it at all: what is exempt (免提交) is supplied by ``supplied_by``. Texts are as published:
    ``form`` 纸质/电子, ``kind`` 原件/复印件, ``source`` 申请人自备/政府部门核发/其他, ``category``
    证件证书证明/申请表格文书/其他. ``standard_material`` is a code of the dictionary, which the
    source's own name for it may follow. ``blank_form`` and ``sample`` are ids of files.
    Where somebody else makes it out: ``issuer``, ``issuing_time``, ``obtained_how`` and
    ``obtained_where``; ``used_for`` says what it is looked at for.
    """

    key: str
    name: str
    need: Need = Need.REQUIRED
    form: str = ""
    kind: str = ""
    source: str = ""
    originals: int | None = None
    copies: int | None = None
    paper_format: str = ""
    accept_standard: str = ""
    fill_notice: str = ""
    remark: str = ""
    need_sign: bool = False
    sign_requirement: str = ""
    exempt: bool = False
    supplied_by: str = ""
    shareable: bool = False
    linked_certificate: bool = False
    standard_material: str = ""
    code: str = ""
    basis: str = ""
    has_blank_form: bool = False
    has_sample: bool = False
    upload: bool = True
    category: str = ""
    source_explain: str = ""
    issuer: str = ""
    issuing_time: str = ""
    obtained_how: str = ""
    obtained_where: str = ""
    used_for: str = ""
    blank_form: str = ""
    sample: str = ""

    @property
    def standard_code(self) -> str:
        """The code of the standard material to which it is bound, or an empty text."""
        return self.standard_material.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question.

    ``materials`` are keys of materials, ``fields`` keys of the form, and ``forms`` names of forms
    (``x-form`` of fields), that only this answer needs.
    """

    key: str
    title: str
    materials: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """ "Which is your case?" (情形). The answer decides the list of materials."""

    key: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """情形: a usual case by its name, as the answers (choice keys by question) that make it up."""

    key: str
    title: str
    answers: dict[str, str] = field(default_factory=dict)
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """``standard`` is the official text; ``amount`` is in fen (0.01 yuan) where it is fixed."""

    name: str
    standard: str = ""
    amount: int | None = None
    basis: str = ""
    pay_online: bool = False
    remission: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """审查要点 of a step: what is looked at, by which standard, on which ground."""

    text: str
    standard: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """廉政风险点: what could go wrong. ``level`` is 高, 中 or 低; ``measures`` prevent it."""

    text: str
    level: str = ""
    measures: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """环节: ``standard`` is what is examined, ``result`` what comes out.

    What follows is the business manual (业务手册): who (``post``) looks at what, how discretion is
    measured (``discretion``, in words, or the code of the rule set that holds the table), and
    where its risks lie. ``counted`` is False for time that the law leaves out of the limit.
    """

    name: str
    limit: Limit | None = None
    standard: str = ""
    result: str = ""
    post: str = ""
    review_points: tuple[ReviewPoint, ...] = ()
    discretion: str = ""
    risks: tuple[RiskPoint, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Basis:
    """设定依据: the law, its clause and the text of the clause."""

    law: str
    clause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the applicant gets. ``kind``: 证照, 批文, 证明, 其他; ``validity`` as published.

    ``sample`` is the id of a file, ``licence_type`` the code of the licence it is issued as.
    """

    name: str
    kind: str = ""
    validity: str = ""
    has_sample: bool = False
    sample: str = ""
    licence_type: str = ""


@dataclass(frozen=True, slots=True)
class Faq:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """特别程序 (听证, 检验, 专家评审...): its ``days`` are not counted in the time limits."""

    kind: str
    days: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Redress:
    """救济途径: ``way`` is 行政复议 or 行政诉讼; ``within`` is the time for it, as published."""

    way: str
    organ: str
    within: str = ""
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where and how to apply, as published. ``forms``: 窗口办理, 网上办理, 快递申请, 自助办理..."""

    forms: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    consult: str = ""
    complaint: str = ""
    online: bool = False
    consult_address: str = ""
    complaint_address: str = ""
    website: str = ""
    mobile_address: str = ""
    single_sign_on: bool | None = None
    mobile_single_sign_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What makes it easier. None: the source did not say."""

    in_hall: bool | None = None  # 进驻政务大厅
    appointment: bool | None = None
    pay_online: bool | None = None
    express: bool | None = None
    terminals: bool | None = None
    one_window: bool | None = None  # 综合窗口
    in_seconds: bool | None = None  # 秒批
    commitment: bool | None = None  # 告知承诺
    deferrable: bool | None = None  # 容缺受理


@dataclass(frozen=True, slots=True)
class Agency:
    """实施主体 beyond its name: ``nature`` by AGENCY_NATURES, whom it entrusts, who joins in."""

    credit_code: str = ""
    nature: str = ""
    entrusted: str = ""
    entrusted_code: str = ""
    joint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The power that is exercised (权限).

    ``levels`` by LEVELS, ``source`` by POWER_SOURCES, ``division`` 权限划分, ``content`` 行使内容,
    ``system_level`` 运行系统层级, ``punishments`` 处罚的行为、种类、幅度.
    """

    levels: tuple[str, ...] = ()
    source: str = ""
    division: str = ""
    content: str = ""
    quantity_limit: str = ""
    system_level: str = ""
    punishments: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A township or a village (community), where an item belongs to one."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from: who published it, its id there, and when it was taken over."""

    name: str = ""
    item_id: str = ""
    snapshot: str = ""
    completeness: str = ""
    note: str = ""
