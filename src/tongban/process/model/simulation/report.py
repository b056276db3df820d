"""A simulation told in words, alone or beside another one. Pure."""

from collections.abc import Callable, Iterator, Sequence

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.simulation.outcome import Outcome

Row = tuple[str, tuple[str, ...]]


def rows(outcomes: Sequence[Outcome], *, language: str = SOURCE) -> list[Row]:
    """Return a label and the values of each outcome, line by line, ready to be shown."""

    def say(message: str, /, **details: object) -> str:
        return translate(message, language, **details)

    return [(label, tuple(map(value, outcomes))) for label, value in _measures(say)] + [
        *_roles(outcomes, say)
    ]


def _measures(say: Callable[..., str]) -> Iterator[tuple[str, Callable[[Outcome], str]]]:
    def days(share: float) -> Callable[[Outcome], str]:
        def value(one: Outcome) -> str:
            found = one.percentile(share)
            if found is None:
                return say("给不出：{started} 件中有 {stuck} 件一直没有办结", **_unfinished(one))
            return say("{days} 个工作日", days=f"{found:.1f}")

        return value

    yield say("办结件数"), lambda one: f"{one.finished} / {one.started}"
    yield (
        say("没有办结"),
        lambda one: (
            say("{started} 件中有 {stuck} 件（{share}）", **_unfinished(one))
            if one.stuck
            else say("没有")
        ),
    )
    yield say("一半的办件在此之内办结（p50）"), days(0.5)
    yield say("九成的办件在此之内办结（p90）"), days(0.9)
    yield (
        say("受理的办件在承诺时限内办结（只计承诺所含环节）"),
        lambda one: "—" if one.kept is None else f"{one.kept:.1%}（{one.promised}）",
    )
    yield say("瓶颈岗位"), lambda one: one.bottleneck.role if one.bottleneck else say("没有")


def _unfinished(one: Outcome) -> dict[str, object]:
    return {"started": one.started, "stuck": one.stuck, "share": f"{one.stuck / one.started:.1%}"}


def _roles(outcomes: Sequence[Outcome], say: Callable[..., str]) -> Iterator[Row]:
    names = dict.fromkeys(load.role for outcome in outcomes for load in outcome.roles)
    for name in names:
        cells = []
        for outcome in outcomes:
            load = next((one for one in outcome.roles if one.role == name), None)
            cells.append(
                "—"
                if load is None
                else say(
                    "{officers} 人，忙 {busy}，平均等 {wait} 小时",
                    officers=load.officers,
                    busy=f"{load.busy:.0%}",
                    wait=f"{load.mean_wait / 60:.1f}",
                )
            )
        yield say("岗位“{role}”", role=name), tuple(cells)


def told(outcomes: Sequence[Outcome], *, language: str = SOURCE) -> str:
    """Return the rows as lines of text."""
    return "\n".join(
        f"{label}：{'  |  '.join(values)}" for label, values in rows(outcomes, language=language)
    )
