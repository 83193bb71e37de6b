"""A ratio of two things measured in turn, and what it is to reach.

Absolute figures move with the machine; a ratio of two things that were measured
interleaved in one run does not.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """What was measured, `samples` times, and the bound that it has to keep.

    `goal` is a lower bound, or an upper one where `lower_is_better`.
    """

    name: str
    formula: str
    samples: tuple[float, ...]
    goal: float
    lower_is_better: bool = False

    @property
    def value(self) -> float:
        """The median of the samples."""
        return statistics.median(self.samples)

    @property
    def is_reached(self) -> bool:
        """Tell whether the median keeps the bound."""
        if self.lower_is_better:
            return self.value <= self.goal
        return self.value >= self.goal

    def to_json(self) -> dict[str, float]:
        """Return median, minimum and maximum."""
        return {
            "value": round(self.value, 3),
            "min": round(min(self.samples), 3),
            "max": round(max(self.samples), 3),
        }


def ratio_of(
    name: str,
    formula: str,
    pairs: Sequence[tuple[float, float]],
    goal: float,
    *,
    lower_is_better: bool = False,
) -> Ratio:
    """Return the ratio first ÷ second of pairs that were each measured in turn."""
    return Ratio(
        name=name,
        formula=formula,
        samples=tuple(ours / limit for ours, limit in pairs),
        goal=goal,
        lower_is_better=lower_is_better,
    )
