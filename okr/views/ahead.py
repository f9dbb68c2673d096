"""One line on the score of everybody: what the last week brought, and whether it will be enough."""

from datetime import timedelta

import pandas as pd

from okr.board import Board
from okr.history import History
from okr.views import formats
from okr.views.drawings import TOO_EARLY, known, outlook, pass_mark_of, score_line, whole_points

WEEK = timedelta(days=7)


def look_ahead(board: Board, history: History) -> str:
    """Say how the score moved in a week, then where the last weeks lead, each where it is known.

    Args:
        board: How everything stands.
        history: The days of the same cycle.
    """
    whole, frame = board.organisation, history.organisation
    line = score_line(history, frame, whole.team.name, pass_mark_of(whole.objectives))
    leads = outlook(line)
    said = (in_a_week(history, frame), "" if leads == TOO_EARLY else leads)
    return " ".join(one for one in said if one)


def in_a_week(history: History, frame: pd.DataFrame) -> str:
    """Compare the newest score with the one of a week before: ``2 points more than a week ago.``

    Args:
        history: What the frame is from.
        frame: One row a day.
    """
    days = history.days
    if not days or days[-1] - WEEK < days[0] or days[-1] >= history.cycle.ends:
        return ""
    now, then = known(frame["score"].iloc[-1]), known(frame["score"].iloc[-1 - WEEK.days])
    if now is None or then is None:
        return ""
    moved = whole_points(now) - whole_points(then)
    if not moved:
        return "The score is as it was a week ago."
    return f"{formats.points(moved)} {'more' if moved > 0 else 'less'} than a week ago."
