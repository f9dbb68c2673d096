"""The commands, for cron jobs, scripts, and people who prefer a terminal."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from okr.assess import ALL_CYCLES, UnknownCycleError, build_board, choose_cycle
from okr.board import Board
from okr.cells import read_text
from okr.looking_back import as_of
from okr.model import Severity, Snapshot
from okr.pictures.choice import CANVASES, THEMES, Choice, PictureError
from okr.posting import PostingError
from okr.snapshot import build_snapshot, has_no_okrs
from okr.workbooks.interface import (
    ReadError,
    RefusedError,
    UnknownOutcomeError,
    Workbook,
    WorkbookError,
)

DONE, REFUSED, WRONG_USAGE, UNKNOWN = 0, 1, 2, 3
FIRST_YEAR, LAST_YEAR = 1900, 2199


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit status: 0 done; 1 refused, or errors found by ``check``; 2 wrong usage; 3 outcome
        unknown.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UnknownOutcomeError as error:
        return _complain(error, UNKNOWN)
    except (WorkbookError, UnknownCycleError, PictureError, PostingError) as error:
        return _complain(error, REFUSED)
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _complain(error: Exception, status: int) -> int:
    print(f"okr: {_on_one_line(str(error))}", file=sys.stderr)
    return status


def _on_one_line(text: str) -> str:
    """Join lines; halves of characters, as a shell may hand them over, are spelled out."""
    return " ".join(text.encode(errors="backslashreplace").decode().split())


def _parser() -> argparse.ArgumentParser:
    """Describe the commands and their options."""
    parser = argparse.ArgumentParser(prog="python -m okr", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = _shared()

    report = commands.add_parser("report", parents=[shared], help="print everything computed")
    report.add_argument("--format", choices=("json", "markdown"), default="markdown")
    report.set_defaults(run=_report)

    check = commands.add_parser("check", parents=[shared], help="list what to mend in the sheet")
    check.set_defaults(run=_check)

    check_in = commands.add_parser("check-in", parents=[_shared("--cycle")], help="save a check-in")
    check_in.add_argument("key_result", metavar="KEY_RESULT", help="its ID, or its exact title")
    check_in.add_argument("--value", required=True, help="the new value; 45%% is 0.45")
    check_in.add_argument(
        "--confidence", default="", help="a share such as 70%%, or high, medium, low"
    )
    check_in.add_argument("--note", default="")
    check_in.add_argument("--by", required=True, metavar="EMAIL")
    check_in.add_argument("--operation", metavar="ID", help="the same ID never writes twice")
    check_in.set_defaults(run=_check_in)

    init = commands.add_parser(
        "init", parents=[_shared("--cycle", "--as-of")], help="add what a workbook lacks"
    )
    init.add_argument(
        "path",
        nargs="?",
        type=_named,
        metavar="WORKBOOK",
        help="as --workbook; a new .xlsx is made",
    )
    init.set_defaults(run=_init)

    whose = argparse.ArgumentParser(add_help=False)
    whose.add_argument("--team", default="", help="a team (default: the organisation)")
    whose.add_argument("--below", action="store_true", help="with the teams below it")
    whose.add_argument("--person", default="", metavar="EMAIL", help="one person instead")

    status = commands.add_parser("status", parents=[shared, whose], help="draw the status picture")
    status.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.png|.svg|.pdf")
    status.add_argument("--objective", default="", help="one objective, by its ID or exact title")
    status.add_argument("--size", choices=tuple(CANVASES), default="slide")
    status.add_argument("--theme", choices=THEMES, default="light")
    status.add_argument("--page", type=_count, default=0, metavar="N", help="one page alone")
    status.add_argument("--scale", type=_scale, default=1.0, help="pixels to one of the canvas")
    status.set_defaults(run=_status, picture="status")

    cascade = commands.add_parser("cascade", parents=[shared], help="draw the cascade as a picture")
    cascade.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.png|.svg|.pdf")
    cascade.add_argument("--team", default="", help="a team, with all above and below it")
    cascade.add_argument("--objective", default="", help="one objective, with all around it")
    cascade.add_argument("--size", choices=tuple(CANVASES), default="slide")
    cascade.add_argument("--theme", choices=THEMES, default="light")
    cascade.add_argument("--page", type=_count, default=0, metavar="N", help="one page alone")
    cascade.add_argument("--scale", type=_scale, default=1.0, help="pixels to one of the canvas")
    cascade.set_defaults(run=_status, picture="cascade", below=False, person="")

    digest = commands.add_parser("digest", parents=[shared, whose], help="the week in Markdown")
    digest.add_argument(
        "--since", type=_day, metavar="DATE", help="the day to compare with (default: a week ago)"
    )
    digest.add_argument("--post", action="store_true", help="send it to the configured channels")
    digest.set_defaults(run=_digest)

    convert = commands.add_parser(
        "convert",
        parents=[_shared("--workbook", "--cycle", "--as-of")],
        help="any OKR sheet in the board's own layout",
    )
    convert.add_argument(
        "source", type=_named, metavar="SOURCE", help="an .xlsx path or a Google Sheet URL"
    )
    convert.add_argument("-o", "--output", type=Path, required=True, metavar="NEW.xlsx")
    convert.set_defaults(run=_convert)

    demo = commands.add_parser(
        "demo",
        parents=[_shared("--workbook", "--cycle")],
        help="write a demo workbook",
        description="Write a demo workbook: with no size the company of Larkfield, else one of "
        "that size. It is the same for the same day, seed and sizes.",
    )
    demo.add_argument("path", type=Path, metavar="PATH", help="a new .xlsx file")
    sizes = {
        "teams": "teams; the departments and regions that hold them come on top (default: 8)",
        "key-results": "key results, up to three an objective (default: 100)",
        "check-ins": "check-ins in all (default: ten a key result)",
    }
    for size, words in sizes.items():
        demo.add_argument(f"--{size}", type=_count, metavar="N", help=words)
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="another N, other figures")
    demo.add_argument("--replace", action="store_true", help="write over a file that is there")
    demo.set_defaults(run=_demo)
    return parser


def _shared(*silent: str) -> argparse.ArgumentParser:
    """Describe the options that every command takes; help is silent of those that do nothing."""
    shared = argparse.ArgumentParser(add_help=False)

    def add(name: str, words: str, **more: Any) -> None:
        shared.add_argument(name, help=argparse.SUPPRESS if name in silent else words, **more)

    add("--workbook", "an .xlsx path or a Google Sheet URL", type=_named)
    add("--cycle", "the name of a cycle, or all (default: that of the day)")
    add("--as-of", "the day, as 2026-11-22", type=_day, metavar="DATE")
    return shared


def _named(text: str) -> str:
    """Take the name of a workbook; an empty one never stands for the workbook that is configured.

    It is what a script passes on whose variable was never set.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the workbook is empty")
    return text


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-11-22") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is not of these centuries")
    return day


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of things")
    return number


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0.5 <= scale <= 4:
        raise argparse.ArgumentTypeError(f"{text} is not a scale from 0.5 to 4")
    return scale


def _open(options: argparse.Namespace) -> Workbook:
    """Open the workbook that is named, else the one that is configured."""
    from okr.workbooks.opening import open_workbook, read_configuration

    configuration = read_configuration(workbook=options.workbook)
    if configuration.is_read_only and options.run in (_check_in, _init):
        raise RefusedError(
            "Nothing was saved: writing is turned off. Set read_only to false under [okr] in "
            ".streamlit/secrets.toml to allow it."
        )
    return open_workbook(configuration)


def _board(options: argparse.Namespace) -> Board:
    """Read the workbook once and compute its board, from what was known on the day."""
    snapshot = build_snapshot(_open(options).read())
    today = _today(snapshot)
    day = options.as_of or today
    if day > today:
        print(f"okr: {day} has not come yet: what is known today, as of then.", file=sys.stderr)
    snapshot = as_of(snapshot, day)
    return build_board(snapshot, choose_cycle(snapshot, options.cycle, day), day, max(day, today))


def _readable(options: argparse.Namespace) -> Board:
    """Give the board of a workbook that holds OKRs, or the headers for them.

    Raises:
        RefusedError: If no tab of it could be read; what is said of such a one looks like peace.
    """
    board = _board(options)
    if has_no_okrs(board.snapshot):
        raise RefusedError(
            f"Nothing was written: no tab of “{board.snapshot.source.title}” could be read as "
            "OKRs. Run check to see what each was taken for, or init to add the board's own tabs."
        )
    return board


def _today(snapshot: Snapshot) -> date:
    """Give the day in the workbook's time zone."""
    return datetime.now(UTC).astimezone(snapshot.read_at.tzinfo).date()


def _report(options: argparse.Namespace) -> int:
    from okr.report import as_json, as_markdown

    board = _readable(options)
    sys.stdout.write(as_json(board) + "\n" if options.format == "json" else as_markdown(board))
    return DONE


def _check(options: argparse.Namespace) -> int:
    from okr.views.read_as import as_lines

    board = _board(options)
    problems = board.problems
    for line in as_lines(board.snapshot):
        print(line)
    for one in problems:
        value = f" {one.value!r}" if one.value else ""
        words = _on_one_line(f"{one.message} {one.remedy}")
        print(f"{one.severity.value}: {one.cell}{value}: {words}")
    errors = sum(one.severity is Severity.ERROR for one in problems)
    print(f"{_number_of('error', errors)}, {_number_of('warning', len(problems) - errors)}")
    return REFUSED if errors else DONE


def _number_of(what: str, count: int) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _choice(options: argparse.Namespace, **more: Any) -> Choice:
    return Choice(options.team, options.below, person=options.person, **more)


def _status(options: argparse.Namespace) -> int:
    from okr.pictures.saving import save_picture
    from okr.pictures.settings import settings

    choice = _choice(
        options,
        objective=options.objective,
        size=options.size,
        theme=options.theme,
        page=options.page,
        picture=options.picture,
    )
    saved = save_picture(_readable(options), choice, options.output, settings(), options.scale)
    print(f"Wrote {', '.join(map(str, saved))}.")
    return DONE


def _digest(options: argparse.Namespace) -> int:
    from okr.digest import as_message, digest_of
    from okr.pictures.settings import settings
    from okr.posting import post

    known = settings()
    base = known.address if known.is_live else ""
    text = digest_of(_readable(options), _choice(options), base, options.since)
    if not options.post:
        sys.stdout.write(text)
        return DONE
    title, body = as_message(text)
    number = post(body, title, known.channels)
    print(f"Posted to {number} {'channel' if number == 1 else 'channels'}.")
    return DONE


def _check_in(options: argparse.Namespace) -> int:
    from okr.workbooks.drafting import (
        draft_check_in,
        find_key_result,
        new_operation,
        refuse_another,
    )

    try:
        workbook = _open(options)
        snapshot = build_snapshot(workbook.read())
    except ReadError as error:
        raise RefusedError(f"Nothing was saved. {error}") from error
    now = datetime.now(UTC).astimezone(snapshot.read_at.tzinfo)
    cycle = choose_cycle(snapshot, options.cycle or ALL_CYCLES, now.date())
    key_result = find_key_result(snapshot, options.key_result, cycle)
    draft = draft_check_in(
        snapshot,
        key_result,
        value=options.value,
        confidence=options.confidence,
        note=options.note,
        by=options.by,
        operation=options.operation or new_operation(),
        when=_at(now, options.as_of),
        written=now,
    )
    saved = workbook.save_check_in(draft)
    refuse_another(key_result, draft, saved)
    value = read_text(dict(saved.cells).get("Value", ""))
    what = "was saved before" if saved.was_there else "is saved"
    reached = f", with value {value}" if value else ""
    line = f"Check-in {saved.id} of {saved.key_result_id} {what}{reached}. {saved.remark}"
    print(line.rstrip())
    return DONE


def _at(now: datetime, day: date | None) -> datetime:
    """Give the moment of now, or the same time of the day that is asked for."""
    return now if day is None else now.replace(year=day.year, month=day.month, day=day.day)


def _init(options: argparse.Namespace) -> int:
    options.workbook = options.path or options.workbook
    workbook = _open(options)
    said = workbook.prepare()
    print("\n".join([f"{workbook.location}:", *said]))
    return DONE


def _convert(options: argparse.Namespace) -> int:
    from okr.workbooks.converting import as_tabs, left_behind
    from okr.workbooks.local import create

    if options.output.suffix.lower() != ".xlsx":
        raise RefusedError(f"“{options.output}” is no .xlsx file. Name a new one that ends in it.")
    options.workbook = options.source
    snapshot = build_snapshot(_open(options).read())
    if not snapshot.objectives and not snapshot.key_results:
        raise RefusedError(
            f"Nothing was written: no OKRs were found in “{options.source}”. Run check to see what "
            "each of its tabs was read as."
        )
    tabs = as_tabs(snapshot)
    create(options.output, tabs)
    print(f"Wrote {options.output}: {_rows_in(tabs)}.")
    for line in left_behind(snapshot):
        print(_on_one_line(line))
    return DONE


def _demo(options: argparse.Namespace) -> int:
    from okr.demo import build_demo
    from okr.workbooks.local import create

    day = options.as_of or datetime.now(UTC).date()
    sizes = (options.teams, options.key_results, options.check_ins)
    tabs = build_demo(day, options.seed, *sizes)
    create(options.path, tabs, replace=options.replace)
    print(f"Wrote {options.path}: {_rows_in(tabs)}.")
    return DONE


def _rows_in(tabs: Mapping[str, Sequence[object]]) -> str:
    """Say how many rows stand under the headers of each tab that holds any."""
    return ", ".join(f"{tab} {len(rows) - 1}" for tab, rows in tabs.items() if len(rows) > 1)


if __name__ == "__main__":
    sys.exit(main())
