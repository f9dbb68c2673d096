"""Runs by the thousand, and what they come to."""

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from tests.property.audit import Audit, audit
from tests.property.remote import Child
from tests.property.sheet import Witness
from tests.property.world import Size, World
from tests.sheets_api import SheetsApi

QUICK = Size()
LONG = Size(writers=8, operations=3, threads=0.15)
OPEN = replace(LONG, moves_columns=True, leaves_often=True, stale_edits=True)
"""With what is known not to be guarded against; see the docstring of ``Size``."""
PROCESSES_EVERY = 25
COLUMNS_EVERY = 4
TOLD_EVERY = 250


@contextmanager
def witnessed() -> Iterator[Witness]:
    with SheetsApi(keeps_journal=False) as api:
        yield Witness(api)


def run(witness: Witness, seed: int, size: Size, children: list[Child] | None = None) -> Audit:
    """Play one interleaving, and look at it."""
    world = World(witness, seed, size, children or ())
    try:
        world.play()
    except BaseException:
        print(f"seed {seed} broke off\n{world.retold()}", file=sys.stderr)
        raise
    return audit(world)


def retold(found: Audit) -> str:
    """Say what went wrong, and all that led to it."""
    wrongs = "\n".join(f"  - {wrong}" for wrong in found.wrongs)
    return f"seed {found.world.seed}:\n{wrongs}\nWhat happened:\n{found.world.retold()}"


def sized(seed: int, size: Size) -> Size:
    """Let most runs be small, a few as big as they may be, and some with a hand on the columns."""
    random = Random(f"size {seed}")
    size = replace(size, writers=random.choice([2, 3, 4, size.writers]))
    if seed % COLUMNS_EVERY:
        return size
    return replace(size, moves_columns=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.property", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, help="play this one again, and tell it all")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--size", choices=["quick", "long", "open"], default="long")
    parser.add_argument("--no-processes", action="store_true")
    options = parser.parse_args()
    import logging

    logging.disable(logging.CRITICAL)
    size = {"quick": QUICK, "long": LONG, "open": OPEN}[options.size]
    with witnessed() as witness:
        if options.seed is not None:
            of_seed = size if options.size == "quick" else sized(options.seed, size)
            found = run(witness, options.seed, of_seed)
            print(retold(found))
            return bool(found.wrongs)
        children = [] if options.no_processes else [Child() for _ in range(4)]
        return _soak(witness, options, size, children)


def _mirrors_told(figures: Counter[str]) -> str:
    """Say what share of the mirrors held, and why the others did not."""
    due, at_once = figures["mirrors due"], figures["mirrors held at once"]
    later, never = figures["mirrors held after a refresh"], figures["mirrors not held"]
    others = due - at_once - later - never
    return (
        f"{due} mirrors due: {at_once} held at once, {later} more after a quiet refresh, {others} "
        f"were left for a reason (a hand, a formula, no row, ...), {never} did not hold."
    )


def _soak(witness: Witness, options: argparse.Namespace, size: Size, children: list[Child]) -> int:
    figures: Counter[str] = Counter()
    red: dict[int, list[str]] = {}
    until = time.monotonic() + 60 * options.minutes
    for seed in range(options.first, options.first + options.runs):
        if time.monotonic() > until:
            break
        of_seed = size if options.size == "quick" else sized(seed, size)
        is_apart = bool(children) and seed % PROCESSES_EVERY == 0
        try:
            found = run(witness, seed, of_seed, children if is_apart else None)
        except Exception:
            traceback.print_exc()
            red[seed] = ["broke off"]
            continue
        figures.update(found.figures)
        figures["runs in threads"] += found.world.is_threaded and not is_apart
        figures["runs in processes"] += is_apart
        if found.wrongs:
            red[seed] = found.wrongs
            print(retold(found), flush=True)
        if figures["runs"] % TOLD_EVERY == 0:
            print(f"{figures['runs']} interleavings so far, {len(red)} red", flush=True)
    for child in children:
        child.stop()
    print(json.dumps(dict(sorted(figures.items())), indent=2))
    print(_mirrors_told(figures))
    print(f"{figures['runs']} interleavings, {len(red)} red: {sorted(red)}")
    return bool(red)
