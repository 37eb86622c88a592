"""Measuring without being misled by the machine: turns, pairs, medians.

Whatever is compared takes turns within a round, so that what else the machine does meets all
alike. A figure is the median of its rounds; a ratio is the median of the ratios within each round.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

OURS, FLOOR, OLD, NEWEST = "ours", "floor", "4.4.0", "newest"
"""The sides: this project; a hand-written script in its environment; the predecessor, twice."""

Way = Callable[[], Mapping[str, float]]
"""One measurement of one side: figures by case."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of several sides."""

    case: str
    unit: str
    samples: dict[str, list[float]]
    """By side, one figure a round."""

    targets: Mapping[str, float] = field(default_factory=dict)
    """By side, what our figure may be as a multiple of the side's (of a rate: has to be)."""

    limit: float | None = None
    """What our figure may be at most, whatever those of other sides are."""

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")

    def median(self, side: str) -> float | None:
        """The median figure of a side."""
        return median(self.samples[side]) if self.samples.get(side) else None

    def ratio(self, side: str) -> float | None:
        """Our figure as a multiple of a side's, paired by round."""
        ours, others = self.samples.get(OURS), self.samples.get(side)
        if side == OURS or not ours or not others:
            return None

        return median(mine / theirs for mine, theirs in zip(ours, others, strict=True) if theirs)

    def holds(self, side: str) -> bool | None:
        """Whether our figure is within the target; None without a target or a figure."""
        ratio, target = self.ratio(side), self.targets.get(side)
        if ratio is None or target is None:
            return None

        return ratio >= target if self.is_rate else ratio <= target

    @property
    def is_within_limit(self) -> bool | None:
        """Whether our figure is within the limit; None without a limit or a figure."""
        figure = self.median(OURS)
        return None if figure is None or self.limit is None else figure <= self.limit

    def as_json(self) -> dict[str, Any]:
        """The row as it stands in the results."""
        return {
            "case": self.case,
            "unit": self.unit,
            "medians": {side: _round(self.median(side)) for side in self.samples},
            "spread": {
                side: [_round(min(each)), _round(max(each))] for side, each in self.samples.items()
            },
            "ratios": {
                side: {
                    "ratio": _round(self.ratio(side)),
                    "target": self.targets.get(side),
                    "holds": self.holds(side),
                }
                for side in self.samples
                if side != OURS
            },
            "limit": self.limit,
            "is_within_limit": self.is_within_limit,
        }


def take_turns(ways: Mapping[str, Way], *, rounds: int, warm_up: int = 1) -> dict[str, Any]:
    """Measure all sides in turn, round by round.

    Parameters:
        ways: how each side is measured.
        rounds: how many rounds count.
        warm_up: rounds before those.

    Returns:
        By case and side, one figure a round.
    """
    samples: dict[str, dict[str, list[float]]] = {}
    sides = list(ways)
    for number in range(-warm_up, rounds):
        first = number % len(sides)
        for side in sides[first:] + sides[:first]:
            figures = ways[side]()
            for case, figure in figures.items() if number >= 0 else ():
                samples.setdefault(case, {}).setdefault(side, []).append(figure)

    return samples


def _round(figure: float | None) -> float | None:
    """Three digits are more than a run is worth."""
    return None if figure is None else float(f"{figure:.3g}")
