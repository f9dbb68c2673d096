"""The printed arithmetic: how each figure came about, in one line that adds up as printed."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from okr.board import KeyResultStanding, ObjectiveStanding
from okr.model import Kind, Settings, Status
from okr.scoring import FARTHEST, at_least

MOST_DECIMALS = 7
"""A share is compared to nine decimals, which are seven of its points."""

DIGITS = (12, 15, 17)
"""How many digits a value is printed with: free of binary noise, or else as many as it takes."""

HUNDRED = Decimal(100)
SLACK = Decimal("1e-7")
"""Half of what rounding a share to nine decimals may move it, in points, and then some."""


def explain_key_result(standing: KeyResultStanding, settings: Settings) -> str:
    """Print how the progress and the status of a key result came about.

    Percentages have one decimal, or as many as it takes for the line to add up as printed and
    for a threshold to be seen to be passed. Where the goalposts were moved, a second sentence
    says what it would be by the first ones.
    """
    said, first = _arithmetic(standing, settings), _against_first(standing)
    return f"{said}; {first}" if first else said


def _arithmetic(standing: KeyResultStanding, settings: Settings) -> str:
    """Print progress, what it is judged by, and the verdict."""
    key_result = standing.key_result
    if key_result.undefined:
        reason = f"cannot be scored: {key_result.undefined}"
        return f"{reason} → dropped" if standing.status is Status.DROPPED else reason
    if standing.status is Status.DROPPED:
        return f"{_reached(standing)} → dropped"
    if standing.objective is None:
        return _join(_reached(standing), "its objective is not found, so it counts nowhere")
    if standing.value is None:
        return _without_value(standing)
    if standing.window is None:
        return _without_cycle(standing)
    if standing.status is Status.NOT_STARTED:
        return f"{_join(_reached(standing), _opening(standing))} → {standing.word}"
    return _judged(standing, settings)


def explain_objective(standing: ObjectiveStanding) -> str:
    """Print the score of an objective, what it could reach, and what it leaves out."""
    parts = [coverage(standing)]
    if standing.unscorable:
        parts.append(f"{standing.unscorable} of {len(standing.key_results)} cannot be scored")
    return " · ".join(parts) + f" → {standing.word}"


def coverage(standing: ObjectiveStanding) -> str:
    """Say the score and its range: ``30%, could reach 63% (2 of 3 have data)``."""
    if standing.counted == 0:
        return "nothing to score"
    have = f"{standing.with_data} of {standing.counted} have data"
    if standing.score is None:
        return f"no score ({have})"
    is_judged = standing.status in (Status.ACHIEVED, Status.MISSED)
    marks = (1.0, standing.pass_mark) if is_judged else (1.0,)
    decimals = _decimals(lambda so_far: _shows_side(standing.score, marks, so_far), 0)
    score, high = percent(standing.score, decimals), percent(standing.high or 0.0, decimals)
    return f"{score} ({have})" if score == high else f"{score}, could reach {high} ({have})"


def percent(share: float, decimals: int = 1) -> str:
    """Print a share as a percentage, halves rounded up as people do."""
    return f"{_points(share, decimals):f}%".replace("-", "−")


def plain(number: float) -> str:
    """Print a number in full, without the noise of binary fractions."""
    return _spell(_decimal(number, DIGITS[0]))


# --- numbers as they are printed ----------------------------------------------------------------


def _points(share: float, decimals: int) -> Decimal:
    """Turn a share into points of a hundred with so many decimals."""
    step = Decimal(1).scaleb(-decimals)
    points = (Decimal(repr(round(share, 9))) * HUNDRED).quantize(step, ROUND_HALF_UP)
    return abs(points) if points == 0 else points


def _whole_percent(share: float) -> str:
    """Print a share with exactly the decimals that it has."""
    return f"{_spell(Decimal(repr(round(share, 9))) * HUNDRED)}%"


def _decimal(number: float, digits: int) -> Decimal:
    return Decimal(f"{number:.{digits}g}")


def _spell(number: Decimal) -> str:
    """Write a number out, thousands parted; what is too long to read gets an exponent."""
    brief = number.normalize()
    is_readable = brief == 0 or -10 <= brief.adjusted() < 18
    text = f"{brief:,f}" if is_readable else str(brief).replace("E+", "e").replace("E", "e")
    return text.replace("-", "−")


def _operand(number: Decimal, is_percent: bool) -> str:
    """Print a number within the arithmetic; one below zero stands in brackets."""
    text = f"{_spell(number * HUNDRED)}%" if is_percent else _spell(number)
    return f"({text})" if number < 0 else text


def _decimals(agrees: Callable[[int], bool], fewest: int = 1) -> int:
    """Find the fewest decimals with which what is printed agrees with what was compared."""
    return next(
        (so_far for so_far in range(fewest, MOST_DECIMALS) if agrees(so_far)), MOST_DECIMALS
    )


def _shows_side(share: float | None, marks: Iterable[float], decimals: int) -> bool:
    """Tell whether a share is printed on the side of each mark on which it lies."""
    near = [mark for mark in marks if share is not None and abs(share - mark) < 0.01]
    if share is None or not near:
        return True
    printed = _points(share, decimals)
    return all(
        (printed >= Decimal(repr(round(mark, 9))) * HUNDRED) == at_least(share, mark)
        for mark in near
    )


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


# --- how far it has come ------------------------------------------------------------------------


def _reached(standing: KeyResultStanding, decimals: int = 1) -> str:
    """Print progress and what it was worked out from."""
    key_result, progress = standing.key_result, standing.progress
    if standing.value is None or progress is None:
        return "no value yet"
    if key_result.kind is Kind.DONE:
        return "done" if progress else "not done yet"
    if key_result.kind.is_keep:
        return _kept(standing)
    if abs(progress) >= FARTHEST:
        return f"{plain(standing.value)} is off the scale"
    now, first, last = _operands(standing, decimals)
    return f"({now} − {first}) / ({last} − {first}) = {percent(progress, decimals)}"


def _operands(standing: KeyResultStanding, decimals: int) -> tuple[str, str, str]:
    """Print value, start and target with the fewest digits from which progress follows."""
    key_result = standing.key_result
    exact = (standing.value or 0.0, key_result.start or 0.0, key_result.target or 0.0)
    printed = _points(standing.progress or 0.0, decimals)
    tolerance = Decimal(5).scaleb(-decimals - 1) + SLACK
    for digits in DIGITS:
        now, first, last = (_decimal(number, digits) for number in exact)
        if first != last and abs((now - first) / (last - first) * HUNDRED - printed) <= tolerance:
            break
    is_percent = key_result.unit == "%"
    return _operand(now, is_percent), _operand(first, is_percent), _operand(last, is_percent)


def _kept(standing: KeyResultStanding) -> str:
    """Print how a keep kind held its bound."""
    weeks = standing.weeks
    if weeks is None or not weeks.reported:
        return "met" if standing.progress else "not met"
    reported = f"met in {weeks.met} of {weeks.reported} weeks reported"
    return reported if weeks.elapsed is None else f"{reported}, {weeks.elapsed} elapsed"


def _bound(standing: KeyResultStanding) -> str:
    """Print the newest value of a keep kind beside its bound, so that the side is seen."""
    key_result = standing.key_result
    is_below = key_result.kind is Kind.KEEP_BELOW
    is_met = standing.status is Status.ON_TRACK
    for digits in DIGITS:
        now = _decimal(standing.value or 0.0, digits)
        bound = _decimal(key_result.target or 0.0, digits)
        if (now <= bound if is_below else now >= bound) == is_met:
            break
    is_percent = key_result.unit == "%"
    side = "at most" if is_below else "at least"
    return f"now {_operand(now, is_percent)}, {side} {_operand(bound, is_percent)} asked"


def _against_first(standing: KeyResultStanding) -> str:
    """Print progress against the first start and target, where these are no longer those of now."""
    progress = standing.first_progress
    if progress is None or abs(progress) >= FARTHEST:
        return ""
    first: dict[str, object] = {}
    for move in standing.moved:
        first.setdefault(move.column, move.before)
    now = {"Start": standing.key_result.start, "Target": standing.key_result.target}
    is_percent = standing.key_result.unit == "%"
    posts = [
        f"{column.lower()} of {_operand(_decimal(post, DIGITS[0]), is_percent)}"
        for column in now
        if isinstance(post := first.get(column), float) and post != now[column]
    ]
    return f"against the first {' and '.join(posts)}: {percent(progress)}"


# --- what it was judged by ----------------------------------------------------------------------


def _opening(standing: KeyResultStanding) -> str:
    return f"starts on {_day(standing.window.start)}" if standing.window else ""


def _without_value(standing: KeyResultStanding) -> str:
    if standing.status is Status.MISSED and standing.window is not None:
        return f"no value until {_day(standing.window.end)} → {standing.word}"
    if standing.status is Status.NOT_STARTED:
        return f"{_join('no value yet', _opening(standing))} → {standing.word}"
    asked = _asked(standing) if standing.key_result.kind.is_way else ""
    return f"{_join('no value yet', asked)} → {standing.word}"


def _without_cycle(standing: KeyResultStanding) -> str:
    if standing.status is Status.ACHIEVED:
        return f"{_reached(standing)} → achieved"
    return _join(_reached(standing), "no cycle, so nothing is expected")


def _judged(standing: KeyResultStanding, settings: Settings) -> str:
    """Print the judgement of a key result with a value, within its window or after it."""
    key_result, progress = standing.key_result, standing.progress
    if not key_result.kind.is_keep and at_least(progress or 0.0, 1.0):
        return f"{_reached(standing)} → {standing.word}"
    if standing.status in (Status.MISSED, Status.ACHIEVED):
        return _after(standing)
    if key_result.kind.is_keep and standing.status is Status.NO_DATA:
        return _after_silence(standing)
    if key_result.kind.is_keep:
        return f"{_join(_reached(standing), _bound(standing))} → {standing.word}"
    if key_result.kind is Kind.DONE:
        believed = _belief(standing.confidence, settings)
        return f"{_join(_reached(standing), believed)} → {standing.word}"
    return _against_pace(standing, settings)


def _over(standing: KeyResultStanding) -> str:
    return f"over since {_day(standing.window.end)}" if standing.window else ""


def _after(standing: KeyResultStanding) -> str:
    """Print the judgement after the window."""
    marks = (1.0, standing.pass_mark)
    decimals = _decimals(lambda so_far: _shows_side(standing.progress, marks, so_far))
    asked = f"asks {_whole_percent(standing.pass_mark)}"
    return f"{_join(_reached(standing, decimals), _over(standing), asked)} → {standing.word}"


def _after_silence(standing: KeyResultStanding) -> str:
    """Print why a bound that was hardly watched has no verdict."""
    weeks = standing.weeks
    if weeks is not None and not weeks.reported:
        silence = f"none of {weeks.elapsed} weeks reported"
        return f"{_join(silence, _over(standing))} → {standing.word}"
    few = "fewer than half the weeks reported"
    return f"{_join(_reached(standing), _over(standing))}, {few} → {standing.word}"


def _belief(confidence: float | None, settings: Settings) -> str:
    """Print what the owner believes, on the side of each threshold on which it lies."""
    if confidence is None:
        return "no confidence given"
    marks = (settings.confidence_low, settings.confidence_high)
    decimals = _decimals(lambda so_far: _shows_side(confidence, marks, so_far), 0)
    return f"confidence {percent(confidence, decimals)}"


# --- against pace -------------------------------------------------------------------------------


def _against_pace(standing: KeyResultStanding, settings: Settings) -> str:
    """Print progress against pace, with as many decimals as it takes for every side to be seen."""
    decimals = _decimals(lambda so_far: _shows_verdict(standing, so_far, settings))
    reached, asked = _reached(standing, decimals), _asked(standing, decimals)
    if standing.status is Status.TOO_EARLY:
        early = f"judged from {_whole_percent(settings.too_early)} on"
        return f"{reached} · {asked}, {early} → {standing.word}"
    behind = _printed_gap(standing, decimals)
    return f"{_join(reached, asked, _distance(behind))} → {standing.word}"


def _asked(standing: KeyResultStanding, decimals: int = 1) -> str:
    """Print the day of the window and what it expects."""
    window, expected = standing.window, standing.expected
    if window is None or expected is None:
        return ""
    day = f"{_day_of(standing, decimals)} expects"
    gone = percent(expected, decimals)
    if standing.pass_mark == 1:
        return f"{day} {gone}"
    product = _printed_product(standing, decimals)
    return f"{day} {_whole_percent(standing.pass_mark)} of {gone} = {product:f}%"


def _printed_product(standing: KeyResultStanding, decimals: int) -> Decimal:
    """Take the pass mark of the share of the window as it is printed, so that the line adds up."""
    gone = _points(standing.expected or 0.0, decimals)
    product = gone * Decimal(repr(round(standing.pass_mark, 9)))
    return product.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _day_of(standing: KeyResultStanding, decimals: int) -> str:
    """Print which day of the window it is; on a pace of its own, which day of which part."""
    window, leg, day = standing.window, standing.leg, standing.day
    if window is None:
        return ""
    if leg is None or day is None:
        length = (window.end - window.start).days
        return f"day {round((standing.expected or 0.0) * length)} of {length}"
    low, high = (percent(share, decimals) for share in (leg.low, leg.high))
    length = (leg.last - leg.first).days
    gone = min(length, max(0, (day - leg.first).days))
    ways = f"from {low} on {_day(leg.first)} to {high} on {_day(leg.last)}"
    return f"day {gone} of {length} {ways}"


def _is_on_leg(standing: KeyResultStanding, decimals: int) -> bool:
    """Tell whether what is expected follows from the printed ends of the part of a pace."""
    leg, day = standing.leg, standing.day
    if leg is None or day is None:
        return True
    low, high = _points(leg.low, decimals), _points(leg.high, decimals)
    length = (leg.last - leg.first).days
    gone = Decimal(min(length, max(0, (day - leg.first).days)))
    found = low + (high - low) * gone / length
    asked = _points(standing.expected or 0.0, decimals)
    return abs(found - asked) <= Decimal(5).scaleb(-decimals - 1) + SLACK


def _printed_gap(standing: KeyResultStanding, decimals: int) -> Decimal:
    """Take the gap between the figures as they are printed."""
    return _printed_product(standing, decimals) - _points(standing.progress or 0.0, decimals)


def _shows_verdict(standing: KeyResultStanding, decimals: int, settings: Settings) -> bool:
    """Tell whether the printed figures lie on the same side of every threshold as the real ones."""
    behind, gap = float(_printed_gap(standing, decimals)), standing.gap or 0.0
    return (
        (behind <= settings.gap_at_risk) == (gap <= settings.gap_at_risk)
        and (behind <= settings.gap_off_track) == (gap <= settings.gap_off_track)
        and _shows_side(standing.progress, (1.0,), decimals)
        and _shows_side(standing.expected, (settings.too_early,), decimals)
        and _is_on_leg(standing, decimals)
    )


def _distance(behind: Decimal) -> str:
    if behind == 0:
        return "on pace"
    unit = "point" if abs(behind) == 1 else "points"
    return f"{abs(behind):f} {unit} {'behind' if behind > 0 else 'ahead'}"
