"""The board with a fault in it: every page meets an error that holds a secret."""

from okr import shell


def fail() -> None:
    raise ValueError("salary of Jo: 4711")


shell.load = fail  # type: ignore[assignment]

from app import app  # noqa: E402

__all__ = ["app"]
