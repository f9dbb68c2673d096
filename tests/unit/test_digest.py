"""The digest: the week in words, and its way to the channels of a company."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from okr.__main__ import main
from okr.digest import build_digest, digest_of
from okr.pictures.choice import Choice, PictureError
from okr.pictures.settings import settings
from okr.pictures.trend import past_board
from okr.posting import PostingError, post
from okr.workbooks.xlsx_writing import write_workbook
from tests.unit.boards import a_board
from tests.unit.readings import (
    DAY,
    a_change,
    a_check_in,
    a_key_result,
    an_objective,
    check_ins,
    history,
    serial,
)

ATTACK = "*b* <b>x</b> ![](http://x.y/z) [l](http://x.y) `c` #panic() | $x$ @ref =1+1"


def on(day: int, value: float, key: str = "KR-1", **more: str) -> dict[str, object]:
    """Report a value on a day of May."""
    return a_check_in(key_result=key, value=value, when=serial(date(2026, 5, day)), **more)


def week(*said: dict[str, object], **changes: object) -> str:
    board = a_board(None, [a_key_result(**changes)], check_ins(*said))
    return digest_of(board, Choice(team="Growth"))


@pytest.mark.parametrize(
    ("said", "part", "line"),
    [
        ([on(5, 40), on(19, 45)], "Won", "**Raise activation** (ada): 45 of 45 points"),
        ([on(5, 39), on(19, 33)], "Slipped", "on track → off track, 33 of 45 points"),
        ([on(5, 33), on(19, 42)], "Recovered", "off track → on track, 42 of"),
        ([on(19, 42)], "First values", "no data → on track"),
        ([on(5, 33), on(19, 33)], "Needs help", "off track, 33 of 45 points"),
        ([on(1, 42)], "Old values", "**ada**: Raise activation (19 d)"),
        ([], "Old values", "**ada**: Raise activation (no value yet)"),
    ],
)
def test_what_changed_stands_in_its_part(
    said: list[dict[str, object]], part: str, line: str
) -> None:
    changes = {} if said else {"current": ""}
    text = week(*said, **changes)

    assert line in text.partition(f"## {part}")[2].partition("##")[0]


def test_a_note_explains_a_slip() -> None:
    assert "“Two people left.”" in week(on(5, 39), on(19, 33, note="Two people left."))


def test_a_moved_goalpost_is_said() -> None:
    moved = history(
        a_change(when=serial(date(2026, 5, 18)), column="Target", before=40.0, after=45.0)
    )
    text = digest_of(a_board(None, None, moved), Choice())

    assert "Target changed from 40 points to 45 points on 18 May" in text


def test_a_week_without_news_says_so() -> None:
    text = week(on(5, 42), on(19, 42))

    assert "Nothing changed this week, and nothing is old." in text


def test_another_day_to_compare_with_is_named() -> None:
    board = a_board(None, None, check_ins(on(5, 33), on(13, 39), on(19, 42)))

    assert "slipped" not in digest_of(board, Choice(team="Growth"))
    text = digest_of(board, Choice(team="Growth"), since=date(2026, 5, 6))
    assert "What changed since 6 May." in text
    assert "+69 points, to 77%" in text
    assert "69 points more than on 6 May" in text


def test_it_begins_with_the_sentence_of_the_pages_and_ends_with_its_origin() -> None:
    lines = digest_of(a_board(), Choice(team="Growth"), "https://okr.example.com").splitlines()

    assert lines[0] == "# Growth: 2026-Q2 · 20 May 2026 · day 49 of 90"
    assert lines[2] == "**The objective holds its pace.**"
    assert "Acme OKRs, revision r1" in lines[-3]
    assert lines[-1] == (
        "Live picture: https://okr.example.com/status.png?team=Growth&cycle=2026-Q2"
    )


def test_a_person_reads_of_their_own_alone() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="Of Bob", owner="bob@example.com")]
    text = digest_of(a_board(None, rows), Choice(person="bob@example.com"))

    assert "Raise activation" not in text


def test_text_from_the_sheet_is_no_markdown() -> None:
    board = a_board(
        [an_objective(objective=ATTACK)],
        [a_key_result(key_result=ATTACK, owner=ATTACK)],
        check_ins(on(5, 39), on(19, 33, note=ATTACK)),
    )
    text = digest_of(board, Choice(team="Growth"))

    assert "![](" not in text
    assert "<b>" not in text
    assert r"\!\[\]" in text or r"!\[\]" in text


def test_an_unknown_team_is_refused() -> None:
    board = a_board()
    with pytest.raises(PictureError, match="Its teams are"):
        build_digest(board, past_board(board.snapshot, board.cycle, DAY), Choice(team="Nobody"))


# --- posting --------------------------------------------------------------------------------------


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted, and answers with the status that a test chose."""

    answer = 200
    taken: list[tuple[str, dict[str, object]]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, json.loads(body)))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.answer, Receiver.taken = 200, []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_digest_reaches_every_channel(receiver: str) -> None:
    assert post("**Well done**", "Growth", [f"{receiver}/one", f"{receiver}/two"]) == 2

    assert [path for path, _ in Receiver.taken] == ["/one", "/two"]
    assert Receiver.taken[0][1]["title"] == "Growth"
    assert "Well done" in str(Receiver.taken[0][1]["message"])


def test_a_channel_that_does_not_take_it_is_named_without_its_secrets(receiver: str) -> None:
    Receiver.answer = 500
    with pytest.raises(PostingError, match=r"0 of 1 channels took .* channel 1 \(json\)") as failed:
        post("text", "title", [f"{receiver}/secret-token"])

    assert "secret-token" not in str(failed.value)


def test_a_channel_that_is_not_understood_is_said() -> None:
    with pytest.raises(PostingError, match=r"channel 1 .*not understood"):
        post("text", "title", ["nonsense://x"])


def test_without_channels_it_says_where_they_go() -> None:
    with pytest.raises(PostingError, match="OKR_CHANNELS"):
        post("text", "title", [])


# --- the commands ---------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from okr.demo import build_demo

    for name in ("OKR_ADDRESS", "OKR_FONTS", "OKR_CHANNELS", "OKR_LIVE_PICTURES"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    path = tmp_path / "demo.xlsx"
    write_workbook(path, build_demo(date(2026, 11, 20)))
    return path


def test_the_command_prints_the_week(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--workbook", str(workbook), "--as-of", "2026-11-20"]) == 0

    assert capsys.readouterr().out.startswith("# Larkfield: 2026-Q4 · 20 Nov 2026")


def test_the_command_posts_the_week(
    workbook: Path,
    receiver: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OKR_CHANNELS", receiver)
    monkeypatch.setenv("OKR_ADDRESS", "https://okr.example.com")
    settings.cache_clear()
    arguments = ["digest", "--workbook", str(workbook), "--as-of", "2026-11-20", "--post"]

    assert main([*arguments, "--team", "Finance & People"]) == 0
    settings.cache_clear()
    [(_, body)] = Receiver.taken
    assert body["title"] == "Finance & People: 2026-Q4 · 20 Nov 2026 · day 50 of 91"
    assert "status.png?team=Finance" in str(body["message"])
    assert capsys.readouterr().out == "Posted to 1 channel.\n"


@pytest.mark.parametrize(
    ("name", "begins"), [("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("a.pdf", b"%PDF")]
)
def test_the_command_draws_a_picture(workbook: Path, name: str, begins: bytes) -> None:
    path = workbook.with_name(name)
    common = ["status", "--workbook", str(workbook), "--as-of", "2026-11-20", "-o", str(path)]

    assert main([*common, "--team", "Customer Care"]) == 0
    assert path.read_bytes().startswith(begins)


def test_further_pages_go_beside_the_first(workbook: Path) -> None:
    path = workbook.with_name("all.png")
    common = ["status", "--workbook", str(workbook), "--as-of", "2026-11-20", "-o", str(path)]

    assert main(common) == 0
    assert path.with_name("all-2.png").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.gif"], "end in .png, .svg or .pdf"),
        (["-o", "no/such/folder/a.png"], "could not be written"),
        (["-o", "a.png", "--team", "Nobody"], "Its teams are"),
        (["-o", "a.png", "--page", "9"], "There is no page 9"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    workbook: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments[1] = str(workbook.parent / arguments[1])
    common = ["status", "--workbook", str(workbook), "--as-of", "2026-11-20"]

    assert main([*common, *arguments]) == 1
    assert said in capsys.readouterr().err
