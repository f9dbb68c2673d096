"""From what a person typed to a check-in that can be saved, or a sentence that says why not."""

import secrets
from datetime import datetime

from okr.cells import Read, read_confidence, read_done, read_number
from okr.columns import KEY_RESULTS
from okr.model import KeyResult, Kind, Severity, Snapshot
from okr.workbooks.interface import CheckInDraft, RefusedError, RowReference

LONGEST_NOTE = 10_000
"""Characters of a note; both homes could hold more, no reader would."""


def new_operation() -> str:
    """Make an operation ID: opaque, and never made twice."""
    return secrets.token_hex(12)


def find_key_result(snapshot: Snapshot, reference: str) -> KeyResult:
    """Find a key result by its ID, else by its exact title.

    Raises:
        RefusedError: If there is none, or more than one of that title.
    """
    wanted = " ".join(reference.split()).casefold()
    by_id = [one for one in snapshot.key_results if (one.id or "").casefold() == wanted]
    found = by_id or [
        one for one in snapshot.key_results if " ".join(one.title.split()).casefold() == wanted
    ]
    if not found:
        raise RefusedError(
            f"There is no key result “{reference}” in {snapshot.source.title}. "
            "Give its ID, or its exact title."
        )
    if len(found) > 1:
        cells = ", ".join(one.place.cell for one in found)
        raise RefusedError(
            f"“{reference}” is the title of several key results: {cells}. Give an ID."
        )
    return found[0]


def draft_check_in(
    snapshot: Snapshot,
    key_result: KeyResult,
    *,
    value: str,
    confidence: str,
    note: str,
    by: str,
    operation: str,
    when: datetime,
) -> CheckInDraft:
    """Understand a typed check-in.

    Args:
        snapshot: The workbook as the page saw it; its locale decides how numbers are read.
        key_result: The one that is updated.
        value: As typed; "" leaves the value as it is. ``45%`` is 0.45.
        confidence: As typed, in any of the forms that the sheet takes; "" gives none.
        note: Any text; it is stored as typed.
        by: Who says so.
        operation: Made when the form opened.
        when: The moment, aware; it is written in the workbook's time zone.

    Raises:
        RefusedError: If something cannot be understood, with the mend.
    """
    number = _value(key_result, value, snapshot.settings.locale)
    belief = _understood(read_confidence(confidence, "Confidence"))
    note, by = _text(note, "Note"), _text(by, "By")
    if number is None and belief is None and not note:
        raise RefusedError("There is nothing to save. Type a value, a confidence or a note.")
    if not by:
        raise RefusedError("By is empty. Say who checks in, by e-mail or name.")
    is_done_kind = key_result.kind is Kind.DONE and number is not None
    return CheckInDraft(
        operation=operation,
        key_result=reference_to(snapshot, key_result),
        value=bool(number) if is_done_kind else number,
        confidence=belief,
        note=note,
        by=by,
        when=when.astimezone(snapshot.read_at.tzinfo).replace(tzinfo=None, microsecond=0),
    )


def reference_to(snapshot: Snapshot, key_result: KeyResult) -> RowReference:
    """Name the row of a key result as the page saw it."""
    tab = snapshot.tabs.get(KEY_RESULTS)
    title = tab.title if tab else KEY_RESULTS
    content = (("Key result", key_result.title), ("Objective", key_result.objective_text))
    return RowReference(title, key_result.id, content)


def _value(key_result: KeyResult, typed: str, locale: str) -> float | None:
    """Read a typed value on the scale of its key result."""
    if not typed.strip():
        return None
    if key_result.kind is Kind.DONE:
        return _understood(read_done(typed, "Value"))
    number = _understood(read_number(typed, "Value", locale))
    bounds = [abs(one) for one in (key_result.start, key_result.target) if one]
    is_share = key_result.unit == "%" and bounds and max(bounds) <= 1
    if number is not None and is_share and abs(number) > 2 * max(1.0, *bounds):
        raise RefusedError(
            f"Value {typed.strip()} was not saved: this key result is a share. "
            f"Type {typed.strip().rstrip('%')}% if that is meant."
        )
    return number


def _understood(read: Read[float]) -> float | None:
    """Take what was read; what cannot be read is refused in the words of Sheet health."""
    number, finding = read
    if finding is not None and (number is None or finding.severity is Severity.ERROR):
        raise RefusedError(f"{finding.message} {finding.remedy}")
    return number


def _text(typed: str, field: str) -> str:
    """Take a text as it was typed, but for characters that no spreadsheet can hold."""
    text = "".join(char for char in typed if char in "\n\t" or char.isprintable() or char.isspace())
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise RefusedError(
            f"{field} has {len(text):,} characters; {LONGEST_NOTE:,} fit. Shorten it."
        )
    return text
