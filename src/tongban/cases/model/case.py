"""What a case is and how it moves. Pure: no database, no clock, no web."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from tongban.cases.model.clock import Clock, Pause, most_urgent
from tongban.cases.model.stage import DECIDED, MOVES, STEPS, Act, Desk, Stage, Step, desk_of
from tongban.foundation.errors import Conflict, NotFound


class NoSuchCase(NotFound):
    message = "没有找到编号为 {number} 的办件，请核对编号"


class WrongStage(Conflict):
    message = "办件当前为“{stage}”，不能“{act}”；请刷新页面查看最新进展"


class StalePage(Conflict):
    message = "您打开页面之后，办件已有变化（{changed}），请刷新后再办理"


class Channel(StrEnum):
    PORTAL = "portal"
    COUNTER = "counter"


class MaterialState(StrEnum):
    PROVIDED = "provided"  # 已提供
    MISSING = "missing"  # 未提供
    TO_CORRECT = "to_correct"  # 需补正
    CHECKED = "checked"  # 已核对

    @property
    def word(self) -> str:
        return {
            "provided": "已提供",
            "missing": "未提供",
            "to_correct": "需补正",
            "checked": "已核对",
        }[self]


class Way(StrEnum):
    """How a result reaches the applicant."""

    PICK_UP = "pick_up"  # 窗口领取
    POST = "post"  # 邮寄
    ONLINE = "online"  # 网上送达

    @property
    def word(self) -> str:
        return {"pick_up": "窗口领取", "post": "邮寄", "online": "网上送达"}[self]


@dataclass(frozen=True, slots=True)
class Material:
    """One material of a case. ``need`` as in the guide: required, optional or deferrable."""

    key: str
    name: str
    need: str
    exempt: bool
    files: tuple[str, ...]
    state: MaterialState
    note: str = ""

    @property
    def lacking(self) -> bool:
        """Tell whether the case cannot be accepted without something being done about it."""
        return (
            self.need == "required"
            and not self.exempt
            and self.state in (MaterialState.MISSING, MaterialState.TO_CORRECT)
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that a correction notice asks for: a material or a field of the form."""

    key: str
    label: str
    what: str
    of: str = "material"  # Or "field".


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an officer thought of a case at one step. Seen by officers only.

    ``step_name`` and ``department`` are those of a step of the process that is none of the three.
    """

    step: Step
    turn: int
    officer: str
    officer_name: str
    agree: bool
    opinion: str
    given_at: datetime
    step_name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One application (办件) for one service item, pinned to the version of its guide.

    ``holder`` is whose affair it is, ``acting`` who did it for them. ``revision`` counts changes.
    ``definition`` is the version of the process on which it runs, None for a case that is older
    than its item's process. ``materials_complete_at`` is when the last material came in, from
    which a case counts as accepted when no notice is given in time. ``due_on`` is the most urgent
    clock's.
    The answers themselves are personal data and not here, see ``cases.answers``.
    """

    number: str
    region: str
    department: str
    department_name: str
    item_code: str
    item_version: int
    item_name: str
    instant: bool
    holder: str
    applicant: str  # Masked.
    acting: str
    channel: Channel
    stage: Stage
    revision: int
    submitted_at: datetime
    materials_complete_at: datetime
    step: Step | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    delivered_at: datetime | None = None
    closed_at: datetime | None = None
    due_on: date | None = None
    handler: str = ""
    handler_name: str = ""
    decision: str = ""  # "granted" or "refused", also after delivery.
    reason: str = ""
    deemed: bool = False
    way: str = ""
    receiver: str = ""  # Masked.
    definition: int | None = None
    to_correct: tuple[Correction, ...] = ()
    materials: tuple[Material, ...] = field(default=())
    clocks: tuple[Clock, ...] = field(default=())
    pauses: tuple[Pause, ...] = field(default=())

    def __post_init__(self) -> None:
        # Rows arrive as plain texts and JSON; a Case always holds the real types.
        for name, type_ in (("stage", Stage), ("channel", Channel), ("step", Step)):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else type_(value))
        _convert(self, "to_correct", Correction)
        _convert(self, "materials", Material)
        _convert(self, "clocks", Clock)
        _convert(self, "pauses", Pause)

    @property
    def desk(self) -> Desk:
        return desk_of(self.stage, self.step)

    @property
    def decided(self) -> bool:
        return self.stage in DECIDED

    @property
    def paused(self) -> Pause | None:
        return next((pause for pause in self.pauses if pause.ended_on is None), None)

    @property
    def clock(self) -> Clock | None:
        """The clock that runs out first."""
        return most_urgent(self.clocks)

    def may(self, act: Act) -> bool:
        """Tell whether stage and step allow an act; permissions are another question."""
        if act not in MOVES[self.stage]:
            return False
        if act in (Act.REVIEW, Act.SEND_BACK):
            return self.step is not None and act in STEPS[self.step] and not self._decides_at_once
        if act in (Act.GRANT, Act.REFUSE):
            return self.step is Step.APPROVING or self._decides_at_once
        if act is Act.PAUSE:
            return self.paused is None
        if act is Act.RESUME:
            # A special procedure that is a step of the process ends with that step.
            return self.paused is not None and not self.paused.node
        return True

    def moved(self, act: Act) -> "Case":
        """Return the case after an act, one revision later.

        :raises WrongStage: if stage and step do not allow the act.
        """
        if not self.may(act):
            raise WrongStage(stage=self.stage.word, act=act.word)
        stage = MOVES[self.stage][act]
        step = self.step
        if stage is not Stage.ACCEPTED:
            step = None
        elif self.stage is not Stage.ACCEPTED:
            step = Step.HANDLING
        elif step is not None:
            step = STEPS[step].get(act, step)
        return replace(self, stage=stage, step=step, revision=self.revision + 1)

    @property
    def _decides_at_once(self) -> bool:
        return self.instant and self.step is Step.HANDLING


def _convert(case: Case, name: str, part: type[Any]) -> None:
    value = getattr(case, name)
    if isinstance(value, list):
        parts = msgspec.convert(value, type=tuple[part, ...])  # type: ignore[valid-type]
        object.__setattr__(case, name, parts)
