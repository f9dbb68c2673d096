"""Measuring two things in turn, so that a machine that drifts slows down both alike."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results: what was measured, the ratio, the budget, and the raw figures."""

    what: str
    ratio: float
    budget: float | None
    detail: str

    @property
    def verdict(self) -> str:
        """Say whether the budget is kept."""
        if self.budget is None:
            return ""
        return "ok" if self.ratio <= self.budget else "OVER"


def cpu_seconds(work: Callable[[], Any]) -> float:
    """Time one call in processor seconds of this process."""
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def side_by_side(
    one: Callable[[], Any], other: Callable[[], Any], rounds: int
) -> tuple[float, float, float]:
    """Run two things in turn; give the median ratio, and the median seconds of each."""
    pairs = [(cpu_seconds(one), cpu_seconds(other)) for _ in range(rounds)]
    ratio = statistics.median(first / second for first, second in pairs)
    return ratio, *(statistics.median(times) for times in zip(*pairs, strict=True))  # type: ignore[return-value]
