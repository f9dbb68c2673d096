"""Processes that begin with nothing of this one, for tests of two boards on one workbook."""

import multiprocessing
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from typing import Any
from unittest import mock


@contextmanager
def bare_main() -> Iterator[None]:
    """Let a spawned process not run this one's main module again.

    Under pytest that module may be a page which AppTest left there, or the command of a worker.
    """
    with mock.patch.dict(sys.modules, {"__main__": types.ModuleType("__main__")}):
        yield


def run_side_by_side(act: Callable[..., None], each: Sequence[tuple[Any, ...]]) -> list[int | None]:
    """Run an act in several processes at once, each with its arguments; give their exit codes."""
    context = multiprocessing.get_context("spawn")
    processes: list[SpawnProcess] = [context.Process(target=act, args=args) for args in each]
    with bare_main():
        for process in processes:
            process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]
