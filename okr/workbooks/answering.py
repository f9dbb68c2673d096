"""What a person answered of a sheet's layout, as a row of its ``_Layout`` tab."""

from okr.cells import read_id
from okr.layouts.answers import answers_in
from okr.layouts.spellings import fold
from okr.reading import Reading
from okr.workbooks.entries import Cells, serial
from okr.workbooks.interface import AnswerDraft


def answer_cells(draft: AnswerDraft) -> Cells:
    """Lay out the row of an answer."""
    return (
        ("Tab", draft.tab),
        ("Asked", draft.asked),
        ("Read as", draft.said),
        ("By", draft.by),
        ("When", serial(draft.when)),
    )


def is_answered(reading: Reading, draft: AnswerDraft) -> bool:
    """Tell whether a workbook says so already."""
    known = answers_in(reading).get((fold(draft.tab), draft.asked.casefold()), "")
    return known.casefold() == read_id(draft.said).casefold()
