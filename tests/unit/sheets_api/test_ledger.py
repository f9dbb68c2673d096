"""The ledger names tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
LEDGER = Path(__file__).parents[2] / "sheets_api" / "LEDGER.md"


def test_every_test_that_the_ledger_names_exists() -> None:
    named = re.findall(r"`(test_\w+)::(test_\w+)`", LEDGER.read_text(encoding="utf-8"))
    assert len(named) > 30
    for module, test in named:
        assert f"def {test}(" in (HERE / f"{module}.py").read_text(encoding="utf-8"), test
