"""Protected ranges: who made them, and what they keep the API from writing."""

from tests.sheets_api.errors import ApiError, invalid
from tests.sheets_api.masks import everything, merged, parse_mask
from tests.sheets_api.ranges import box_of, without_zero_id
from tests.sheets_api.state import Box, Json, Spreadsheet, Tab

REFUSAL = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)
KEEP_OUT = "_keepsOut"  # set where a person has protected a range from the service account


def guard(tab: Tab, box: Box) -> None:
    """Refuse to write where a person has protected a range.

    Raises:
        ApiError: 400; the true status is not known.
    """
    for protected in tab.protected:
        if protected.get(KEEP_OUT) and not protected.get("warningOnly"):
            open_boxes = [box_of(tab, r) for r in protected.get("unprotectedRanges", [])]
            is_open = any(_holds(inner, box) for inner in open_boxes)
            if box.meets(box_of(tab, protected["range"])) and not is_open:
                raise ApiError(400, REFUSAL)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.top <= inner.top
        and outer.left <= inner.left
        and inner.bottom <= outer.bottom
        and inner.right <= outer.right
    )


def shown(protected: Json) -> Json:
    """Give a protected range as the service account sees it."""
    answer = {key: value for key, value in protected.items() if key != KEEP_OUT and value}
    answer["range"] = without_zero_id(protected["range"])
    if not protected.get(KEEP_OUT):
        answer["requestingUserCanEdit"] = True
        answer.setdefault("editors", {})
    else:
        answer.pop("editors", None)
    return answer


def add(draft: Spreadsheet, protected: Json, keeps_out: bool, new_id: int) -> Json:
    """Protect a range; give what was stored."""
    if "range" not in protected:
        raise invalid("Must specify the range to protect.")
    tab = draft.edit(protected["range"].get("sheetId", 0))
    protected_id = protected.get("protectedRangeId", new_id)
    if any(p["protectedRangeId"] == protected_id for t in draft.tabs for p in t.protected):
        raise invalid(f"A protected range with ID {protected_id} already exists.")
    stored = {"protectedRangeId": protected_id} | protected
    stored["range"] = {"sheetId": tab.sheet_id} | protected["range"]
    stored.pop("requestingUserCanEdit", None)
    if keeps_out:
        stored[KEEP_OUT] = True
    tab.protected.append(stored)
    return stored


def update(draft: Spreadsheet, protected: Json, fields: str) -> None:
    tab, place = find(draft, protected.get("protectedRangeId", 0))
    if tab.protected[place].get(KEEP_OUT):
        raise ApiError(400, REFUSAL)
    mask = parse_mask(fields, "ProtectedRange") or everything(protected)
    new = merged(tab.protected[place], protected, mask)
    new["range"] = {"sheetId": tab.sheet_id} | new["range"]
    tab.protected[place] = new


def delete(draft: Spreadsheet, protected_id: int) -> None:
    tab, place = find(draft, protected_id)
    if tab.protected[place].get(KEEP_OUT):
        raise ApiError(400, REFUSAL)
    del tab.protected[place]


def find(draft: Spreadsheet, protected_id: int) -> tuple[Tab, int]:
    for tab in draft.tabs:
        for place, protected in enumerate(tab.protected):
            if protected["protectedRangeId"] == protected_id:
                return draft.edit(tab.sheet_id), place
    raise invalid(f"No protected range with ID: {protected_id}")
