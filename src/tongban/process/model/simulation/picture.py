"""How soon cases end, one curve for each version, as SVG with classes only. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from html import escape

from tongban.foundation.messages import SOURCE, translate
from tongban.process.model.simulation.outcome import Outcome

WIDTH, HEIGHT = 640.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 16.0, 16.0, 44.0
POINTS = 60


def picture(outcomes: Sequence[Outcome], names: Sequence[str], *, language: str = SOURCE) -> str:
    """Return the share of cases that have ended after so many working days, as curves.

    The promise is not drawn: it counts other days than those that pass.
    """
    longest = max((_nearly_all(one) for one in outcomes), default=0.0)
    end = max(longest, 0.1)
    inner = WIDTH - LEFT - RIGHT
    depth = HEIGHT - TOP - BOTTOM
    title = translate("办结时间：多少个工作日之内办结了多少", language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sim-chart" viewBox="0 0 {WIDTH:.0f} '
        f'{HEIGHT:.0f}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = TOP + depth * (1 - share)
        parts.append(
            f'<path class="sim-grid" d="M{LEFT:.0f} {y:.1f}h{inner:.0f}"/><text class="sim-text" '
            f'x="{LEFT - 6:.0f}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        )
    for tick in range(6):
        x = LEFT + inner * tick / 5
        parts.append(
            f'<text class="sim-text" x="{x:.1f}" y="{HEIGHT - 24:.0f}" text-anchor="middle">'
            f"{end * tick / 5:.1f}</text>"
        )
    label = translate("工作日", language)
    parts.append(
        f'<text class="sim-text" x="{WIDTH / 2:.0f}" y="{HEIGHT - 6:.0f}" text-anchor="middle">'
        f"{escape(label)}</text>"
    )
    for number, (outcome, name) in enumerate(zip(outcomes, names, strict=True)):
        points = " ".join(
            f"{LEFT + inner * step / POINTS:.1f},"
            f"{TOP + depth * (1 - _ended(outcome, end * step / POINTS)):.1f}"
            for step in range(POINTS + 1)
        )
        parts.append(
            f'<polyline class="sim-curve sim-{number + 1}" points="{points}"/>'
            f'<text class="sim-name sim-{number + 1}" x="{LEFT + 12:.0f}" '
            f'y="{TOP + 18 + 18 * number:.0f}">'
            f"{escape(name)}</text>"
        )
    return "".join([*parts, "</svg>"])


def _nearly_all(outcome: Outcome) -> float:
    """Return the time within which all but a hundredth of those cases end that ever do."""
    return outcome.times[int(0.99 * (len(outcome.times) - 1))] if outcome.times else 0.0


def _ended(outcome: Outcome, days: float) -> float:
    return bisect_right(outcome.times, days) / max(outcome.started, 1)
