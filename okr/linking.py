"""What supports what: Supports cells turned into links, and those that lead nowhere named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okr.alignment import Alignment, align
from okr.model import Cycle, KeyResult, Objective
from okr.registers import Found, Listed, Register, warn_of_namesakes
from okr.tables import Row


def link_supports(
    objectives: Listed[Objective], key_results: Listed[KeyResult], cycles: Sequence[Cycle]
) -> tuple[tuple[Objective, ...], Alignment]:
    """Turn what Supports cells say into keys; report what leads nowhere, or back to itself."""
    homes = _homes(objectives, key_results)
    periods = {cycle.name: cycle for cycle in cycles}
    linked = []
    for found in objectives.found:
        keys = []
        for reference in found.entity.supports:
            key = _target(reference, objectives.register, key_results.register)
            home = homes.get(key or "")
            if key is None or home is None:
                _report_lost(found.row, reference, is_homeless=key is not None)
            elif home.key == found.entity.key:
                _report_itself(found.row)
                keys.append(key)
            else:
                _report_shared(found, reference, objectives.register, key_results.register)
                _report_apart(found, home, periods)
                keys.append(key)
        supports = tuple(dict.fromkeys(keys))
        is_same = supports == found.entity.supports  # as most are, where people refer by ID
        linked.append(found.entity if is_same else replace(found.entity, supports=supports))
    alignment = align(linked, [one.entity for one in key_results.found])
    _report_loops(objectives.found, alignment.loops)
    return tuple(linked), alignment


def _homes(
    objectives: Listed[Objective], key_results: Listed[KeyResult]
) -> dict[str, Objective | None]:
    """Give the objective that each key stands for; a key result stands for its own."""
    by_key = {one.entity.key: one.entity for one in objectives.found}
    results = {one.entity.key: by_key.get(one.entity.objective or "") for one in key_results.found}
    return {**results, **by_key}


def _target(reference: str, objectives: Register, key_results: Register) -> str | None:
    """Find what a reference means: IDs before titles, objectives before key results."""
    own = reference.casefold()
    return (
        objectives.ids.get(own)
        or key_results.ids.get(own)
        or objectives.find_title(reference)
        or key_results.find_title(reference)
    )


def _report_lost(row: Row, reference: str, is_homeless: bool) -> None:
    if is_homeless:
        what = f"“{reference}” belongs to no objective, so supporting it counts for nothing."
        row.warn("Supports", what, "Give that key result an objective, or name another.")
        return
    row.warn(
        "Supports",
        f"There is no objective or key result “{reference}” to support.",
        "Type the ID or the exact title of what it supports.",
    )


def _report_itself(row: Row) -> None:
    row.warn(
        "Supports",
        "The objective supports itself, which counts for nothing.",
        "Name the objective above it, or empty the cell.",
    )


def _report_shared(
    found: Found[Objective], reference: str, objectives: Register, key_results: Register
) -> None:
    """Report a reference by title where several rows have that title."""
    own = reference.casefold()
    if own in objectives.ids or own in key_results.ids:
        return
    register = objectives if objectives.find_title(reference) else key_results
    if register.is_shared(reference):
        warn_of_namesakes(found.row, "Supports", reference)


def _report_apart(found: Found[Objective], home: Objective, periods: Mapping[str, Cycle]) -> None:
    """Report support for something in a cycle that shares no day with one's own."""
    own, other = periods.get(found.entity.cycle or ""), periods.get(home.cycle or "")
    if own and other and (own.ends < other.starts or other.ends < own.starts):
        found.row.warn(
            "Supports",
            f"It supports “{home.title}” in {other.name}, which shares no day with {own.name}.",
            "Name an objective of a cycle that overlaps.",
        )


def _report_loops(found: Sequence[Found[Objective]], loops: Sequence[tuple[str, ...]]) -> None:
    """Report each loop once, at the objective whose link closes it; one of one is known by then."""
    rows = {one.entity.key: one for one in found} if loops else {}
    for loop in (one for one in loops if len(one) > 1):
        trail = " → ".join(
            rows[key].entity.id or rows[key].entity.title for key in (*loop, loop[0])
        )
        rows[loop[-1]].row.warn(
            "Supports",
            f"The objectives support each other in a circle: {trail}. "
            "The last link is not followed.",
            "Take one of them out of its Supports cell.",
        )
