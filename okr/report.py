"""Everything computed, as one JSON object or as Markdown (docs/rules.md, 11)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from okr.assess import ALL_CYCLES
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.coaching import Hint, Quality, assess_quality
from okr.debt import find_debt
from okr.explain import coverage, explain_key_result, explain_objective, percent
from okr.gaps import GapKind
from okr.goalposts import Move, Post
from okr.model import KeyResult, Objective, Problem, Settings, Snapshot, Status
from okr.status import grade_colour

Json = dict[str, Any]


def as_json(board: Board) -> str:
    """Print a board as one JSON object; missing numbers are null."""
    return json.dumps(as_object(board), ensure_ascii=False, allow_nan=False, indent=1)


def as_object(board: Board) -> Json:
    """Build the object that ``report --format json`` prints. Keys may be added, never renamed."""
    everything = ALL_CYCLES if board.snapshot.cycles else None
    names, settings = _names(board.snapshot), board.snapshot.settings
    return {
        "as_of": board.day.isoformat(),
        "cycle": board.cycle.name if board.cycle else everything,
        "workbook": board.snapshot.source.title,
        "revision": board.snapshot.revision,
        "organisation": {
            "name": board.organisation.team.name,
            **_score(board.organisation),
            "own_score": board.top.score,
        },
        "teams": [
            {"team": one.team.name, "parent": one.team.parent, **_score(one)} for one in board.teams
        ],
        "objectives": [_objective(one, names, settings) for one in board.objectives],
        "enclosing_objectives": [_objective(one, names, settings) for one in board.enclosing],
        "key_results": [_key_result(one, board) for one in board.key_results],
        "alignment": _alignment(board, names),
        "problems": [_problem(one) for one in board.problems],
        **_quality(assess_quality(board), board),
    }


def _alignment(board: Board, names: Mapping[str, str]) -> Json:
    """Say how the goals hang together; a loop is a list of those that stand in it."""
    debt = find_debt(board)
    kinds = {
        "orphans": GapKind.ORPHAN,
        "unsupported_key_results": GapKind.UNSUPPORTED,
        "level_skips": GapKind.SKIP,
    }
    return {
        **{name: [names[key] for key in debt.keys(kind)] for name, kind in kinds.items()},
        "loops": [[names[key] for key in loop] for loop in debt.loops],
        "cross_team": [
            {"from_team": one.from_team, "to_team": one.to_team, "count": one.count}
            for one in debt.team_links
        ],
        "silos": [*debt.silos],
        "health": debt.health,
        "explanation": debt.arithmetic,
        "gaps": [
            {
                "kind": one.kind.value,
                "effort": one.advice.effort.value,
                "what": one.what,
                "mend": one.advice.mend,
                "why": one.advice.why,
                "team": one.team,
                "rows": [names[key] for key in one.keys],
                "cells": [*one.cells],
            }
            for one in debt.gaps
        ],
    }


def _names(snapshot: Snapshot) -> Mapping[str, str]:
    """Give what people call each row by: its ID, else its title."""
    results = {one.key: one.id or one.title for one in snapshot.key_results}
    return results | {one.key: one.id or one.title for one in snapshot.objectives}


def _score(team: TeamStanding) -> Json:
    return {
        "score": team.score,
        "low": team.low,
        "high": team.high,
        "net": team.net,
        "counts": {status.value: count for status, count in team.counts.items()},
        "counted": team.counted,
        "with_data": team.with_data,
    }


def _colour(grade: float | None, objective: Objective | None, settings: Settings) -> str | None:
    """Say how good a final grade is; None without one, or without what was committed to."""
    if grade is None or objective is None:
        return None
    return grade_colour(grade, objective.commitment, settings).value


def _objective(standing: ObjectiveStanding, names: Mapping[str, str], settings: Settings) -> Json:
    one = standing.objective
    return {
        "id": one.id,
        "cell": one.place.cell,
        "cycle": one.cycle,
        "grade": one.grade,
        "grade_colour": _colour(one.grade, one, settings),
        "title": one.title,
        "team": one.team,
        "owner": one.owner,
        "type": one.commitment.value,
        "state": one.state.value,
        "weight": one.weight,
        "supports": [names[key] for key in one.supports],
        "parents": [names[key] for key in standing.parents],
        "children": [names[key] for key in standing.children],
        "score": standing.score,
        "low": standing.low,
        "high": standing.high,
        "counted": standing.counted,
        "with_data": standing.with_data,
        "status": standing.status.value if standing.status else None,
        "word": standing.word,
        "explanation": explain_objective(standing),
    }


def _key_result(standing: KeyResultStanding, board: Board) -> Json:
    one, pace = standing.key_result, standing.pace
    objective = standing.objective
    return {
        "id": one.id,
        "cell": one.place.cell,
        "cycle": objective.cycle if objective else None,
        "objective": (objective.id or objective.title) if objective else None,
        "title": one.title,
        "owner": one.owner,
        "kind": one.kind.value,
        "start": one.start,
        "target": one.target,
        "current": standing.value,
        "unit": one.unit,
        "progress": standing.progress,
        "score": standing.score,
        "first_score": standing.first_score,
        "goalpost_moves": [_move(one) for one in standing.moved],
        "expected": standing.expected,
        "gap": standing.gap,
        "status": standing.status.value if standing.status else None,
        "word": standing.word,
        "stale": standing.is_stale,
        "confidence": standing.confidence,
        "updated_on": standing.updated_on.isoformat() if standing.updated_on else None,
        "projected": pace.projected,
        "required_rate": pace.required_rate,
        "achieved_rate": pace.achieved_rate,
        "rate_ratio": pace.ratio,
        "weight": one.weight,
        "grade": one.grade,
        "grade_colour": _colour(one.grade, objective, board.snapshot.settings),
        "undated": standing.is_undated,
        "state": one.state.value,
        "due": one.due.isoformat() if one.due else None,
        "disagreement": standing.disagreement,
        "explanation": explain_key_result(standing, board.snapshot.settings),
    }


def _quality(quality: Quality, board: Board) -> Json:
    """List the hints in the order of the sheet, and how many rows of each team gave none."""
    snapshot = board.snapshot
    objectives = {one.key: one for one in snapshot.objectives}
    key_results = {one.key: one for one in snapshot.key_results}
    return {
        "hints": [
            *(_hint(hint, objectives[key]) for key, hint in _each(quality.objectives)),
            *(_hint(hint, key_results[key]) for key, hint in _each(quality.key_results)),
            *(_hint(hint, None) for _, hint in _each(quality.teams)),
        ],
        "strength": [
            {"team": name, "share": one.share, "sound": one.sound, "rows": one.rows}
            for name, one in quality.strengths.items()
        ],
    }


def _each(hints: Mapping[str, tuple[Hint, ...]]) -> Iterable[tuple[str, Hint]]:
    return ((key, hint) for key, those in hints.items() for hint in those)


def _hint(hint: Hint, row: Objective | KeyResult | None) -> Json:
    return {
        "check": hint.check.name,
        "about": hint.check.about.value,
        "id": row.id if row else None,
        "cell": row.place.cell if row else None,
        "title": hint.about,
        "hint": hint.text,
        "reason": hint.check.reason,
    }


def _move(move: Move) -> Json:
    return {
        "when": move.when.isoformat(timespec="seconds"),
        "column": move.column,
        "before": _post(move.before),
        "after": _post(move.after),
    }


def _post(post: Post) -> float | str | None:
    return post.isoformat() if isinstance(post, date) else post


def _problem(problem: Problem) -> Json:
    return {
        "severity": problem.severity.value,
        "tab": problem.tab,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "value": problem.value,
        "message": problem.message,
        "remedy": problem.remedy,
    }


# --- Markdown -------------------------------------------------------------------------------

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>|#~$&"})
_LIST_MARK = re.compile(r"(^[0-9]{0,9})([-+=.)])(?=\s|$)")


def escape(text: str) -> str:
    """Keep what a person typed from being taken for Markdown, and on one line."""
    line = " ".join(text.split()).translate(_SPECIAL)
    return _LIST_MARK.sub(r"\1\\\2", line)


def as_markdown(board: Board) -> str:
    """Print a board as Markdown, to read, to paste or to keep."""
    whole = board.organisation
    cycle = board.cycle.name if board.cycle else "all cycles"
    lines = [
        f"# {escape(whole.team.name)}: {escape(cycle)}",
        "",
        f"As of {board.day:%-d %B %Y} · {escape(board.snapshot.source.title)} "
        f"(revision {board.snapshot.revision}) · "
        f"{whole.with_data} of {whole.counted} key results have data",
        "",
        " · ".join(
            filter(
                None,
                (
                    f"Score **{_share(whole.score)}**{_range(whole)}",
                    f"net {_net(whole)}",
                    _counts(whole.counts),
                ),
            )
        ),
        "",
        *_team_table(board.teams),
    ]
    for objective in board.objectives:
        lines += _objective_lines(objective, board)
    homeless = [one for one in board.key_results if one.objective is None]
    if homeless:
        lines += ["", "## Without an objective", ""]
        lines += [_key_result_line(one, board) for one in homeless]
    lines += _problem_lines(board.problems)
    return "\n".join(lines) + "\n"


def _share(share: float | None) -> str:
    return "no data" if share is None else percent(share, 0)


def _range(team: TeamStanding) -> str:
    if team.score is None or team.high is None or percent(team.high, 0) == percent(team.score, 0):
        return ""
    return f", could reach {percent(team.high, 0)}"


def _net(team: TeamStanding) -> str:
    return "no data" if team.net is None else f"{team.net:+.0f}".replace("-", "−")


def _counts(counts: Mapping[Status, int]) -> str:
    return ", ".join(f"{count} {status.value}" for status, count in counts.items() if count)


def _team_table(teams: Iterable[TeamStanding]) -> list[str]:
    rows = ["| Team | Part of | Score | Net | Key results |", "|---|---|--:|--:|---|"]
    for one in teams:
        cells = (
            escape(one.team.name),
            escape(one.team.parent or ""),
            _share(one.score) + _range(one),
            _net(one),
            _counts(one.counts),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _objective_lines(standing: ObjectiveStanding, board: Board) -> list[str]:
    one = standing.objective
    facts = [
        one.team,
        one.owner,
        one.commitment.value,
        "" if one.state == "active" else one.state.value,
    ]
    return [
        "",
        f"## {escape(one.title)}",
        "",
        " · ".join(escape(fact) for fact in facts if fact),
        "",
        f"{coverage(standing)} → **{standing.word}**",
        "",
        *(_key_result_line(key_result, board) for key_result in standing.key_results),
    ]


def _key_result_line(standing: KeyResultStanding, board: Board) -> str:
    one = standing.key_result
    owner = f" ({escape(one.owner)})" if one.owner else ""
    age = ""
    if standing.updated_on is not None:
        days = (board.day - standing.updated_on).days
        age = f" · {'stale, ' if standing.is_stale else ''}{days} d old"
    elif standing.is_undated:
        age = " · undated"
    line = explain_key_result(standing, board.snapshot.settings)
    return f"- **{standing.word}** {escape(one.title)}{owner}: {escape(line)}{age}"


def _problem_lines(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return []
    lines = ["", f"## To mend in the sheet: {len(problems)}", ""]
    for one in problems:
        value = f" “{escape(one.value)}”" if one.value else ""
        words = f"{escape(one.message)} {escape(one.remedy)}"
        lines.append(f"- {one.severity.value} at {escape(one.cell)}{value}: {words}")
    return lines
