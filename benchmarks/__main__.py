"""Measure everything, print it, and keep it: ``python -m benchmarks [NAME …]``."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import cascade, commands, forecast, history, pages, pictures, reading, sheets
from benchmarks.measuring import Figure

ALL: dict[str, Callable[[], Iterator[Figure]]] = {
    "reading": reading.measure,
    "history": history.measure,
    "cascade": cascade.measure,
    "commands": commands.measure,
    "sheets": sheets.measure,
    "pages": pages.measure,
    "pictures": pictures.measure,
    "forecast": forecast.measure,
}

RESULTS = Path(__file__).parent / "RESULTS.md"

HEAD = """# What was measured

Written by `make bench`: ratios taken side by side in one run on 2 cores, pages under
`uvicorn app:app`.

| what | ratio or count | at most | | measured |
|---|--:|--:|---|---|
"""


def main(names: list[str]) -> int:
    """Run the named measurements, or all of them; only a whole run is kept."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. There are: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    lines = []
    for name in names or ALL:
        for figure in ALL[name]():
            budget = "" if figure.budget is None else f"{figure.budget:g}"
            cells = (figure.what, f"{figure.ratio:.3g}", budget, figure.verdict, figure.detail)
            lines.append(f"| {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    if not names:
        RESULTS.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
