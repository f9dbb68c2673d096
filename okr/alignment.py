"""How objectives hang together: what supports what, with loops cut and named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from okr.model import KeyResult, Objective


@dataclass(frozen=True, slots=True)
class Alignment:
    """The links between objectives, by key.

    ``parents`` are what an objective supports (a key result stands for its objective), ``children``
    what supports it, both without the links that would close a loop. ``loops`` names each loop in
    the order of its links.
    """

    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    loops: tuple[tuple[str, ...], ...] = ()
    children_first: tuple[str, ...] = ()


def align(objectives: Sequence[Objective], key_results: Sequence[KeyResult]) -> Alignment:
    """Link objectives through Supports, and cut what would lead back to where it came from.

    The link that closes a loop is left out. Links are followed from key to key in alphabetical
    order, so that sorting the sheet does not move the cut.
    ``children_first`` orders all objectives so that each stands after everything that supports it.
    """
    homes = {one.key: one.objective for one in key_results}
    known = {one.key for one in objectives}
    links = {one.key: _targets(one, homes, known) for one in objectives}
    kept, loops, upwards = _cut_loops(links)
    children: dict[str, list[str]] = {key: [] for key in links}
    for key, parents in kept.items():
        for parent in parents:
            children[parent].append(key)
    return Alignment(
        parents=kept,
        children={key: tuple(below) for key, below in children.items()},
        loops=tuple(loops),
        children_first=tuple(reversed(upwards)),
    )


def _targets(
    objective: Objective, homes: Mapping[str, str | None], known: set[str]
) -> tuple[str, ...]:
    """Name the objectives that one supports, each once; a key result leads to its objective."""
    named = (key if key in known else homes.get(key) for key in objective.supports)
    return tuple(dict.fromkeys(key for key in named if key is not None and key in known))


def _cut_loops(
    links: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, ...]], list[str]]:
    """Walk the links depth first, without recursion; a link back to the path closes a loop."""
    kept: dict[str, list[str]] = {key: [] for key in links}
    loops: list[tuple[str, ...]] = []
    finished: dict[str, None] = {}
    for first in sorted(links):
        if first in finished:
            continue
        path = {first: iter(links[first])}
        while path:
            here = next(reversed(path))
            target = next(path[here], None)
            if target is None:
                finished[here] = None
                del path[here]
            elif target in path:
                trail = list(path)
                loops.append(tuple(trail[trail.index(target) :]))
            else:
                kept[here].append(target)
                if target not in finished:
                    path[target] = iter(links[target])
    return {key: tuple(targets) for key, targets in kept.items()}, loops, list(finished)
