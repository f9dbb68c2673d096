"""How the cascade is shown: what is chosen, folded and laid out, and what each view says."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.assess import build_board, choose_cycle
from okr.board import Board
from okr.gaps import Gap, GapKind
from okr.views import html
from okr.views.addresses import Address
from okr.views.cascade import CascadePage, build_cascade_page, draw_cascade
from okr.views.cascade_cards import MOST_LEVELS
from okr.views.cascade_gaps import summary
from okr.views.cascade_map import MOST_CARDS, ROOMS, Branch, Map
from okr.views.text_width import count_lines
from okr.views.tree import Drawing, Place, Room, Twig, lay_out
from tests.unit.boards import a_board
from tests.unit.readings import (
    DAY,
    Cells,
    a_key_result,
    a_snapshot,
    an_objective,
    cycles,
    serial,
    teams,
)

TREE = teams(("Acme", ""), ("Product", "Acme"), ("App", "Product"), ("Sales", "Acme"))
ROWS: Sequence[Cells] = (
    an_objective(id="O-1", objective="Grow", team="Acme"),
    an_objective(id="O-2", objective="Build", team="Product", supports="O-1"),
    an_objective(id="O-3", objective="Ship", team="App", supports="O-2"),
    an_objective(id="O-4", objective="Sell", team="Sales", supports="O-1; O-2"),
    an_objective(id="O-5", objective="Sing", team="Sales", supports=""),
    an_objective(id="O-6", objective="Help", team="Sales", supports="O-3"),
)
RESULTS = [
    a_key_result(id=f"KR-{n}", objective=f"O-{n}", key_result=f"Number {n}", current=current)
    for n, current in enumerate((42.0, 33.0, "", 44.0, 40.0, 36.0), 1)
]


def company(rows: Sequence[Cells] = ROWS) -> Board:
    return a_board(rows, RESULTS, TREE)


def page_of(team: str = "Acme", rows: Sequence[Cells] = ROWS, **choices: str) -> CascadePage:
    find = choices.pop("find", "")
    return build_cascade_page(company(rows), team, Address("cascade", choices), find=find)


def cards_of(page: CascadePage) -> list[str]:
    assert page.map is not None
    return [key for one in page.map.branches for key in keys_of(one)]


def keys_of(branch: Branch) -> list[str]:
    return [branch.card.key, *(key for one in branch.below for key in keys_of(one))]


def card(page: CascadePage, key: str) -> Branch:
    def find(branches: Sequence[Branch]) -> list[Branch]:
        return [found for one in branches for found in (one, *find(one.below))]

    assert page.map is not None
    return next(one for one in find(page.map.branches) if one.card.key == key)


ALL = "O-1 O-2 O-3 O-6 O-4 @Acme O-5"


# --- what is chosen -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("team", "choices", "shown"),
    [
        pytest.param("Acme", {}, ALL, id="everything"),
        pytest.param("App", {}, "O-1 O-2 O-3 O-6", id="a team, all above and below it"),
        pytest.param("Acme", {"focus": "O-4"}, "O-1 O-2 O-4", id="an objective"),
        pytest.param("Acme", {"focus": "o-4"}, "O-1 O-2 O-4", id="in another case"),
        pytest.param("App", {"focus": "Sell"}, "O-1 O-2 O-4", id="by its title, before the team"),
        pytest.param("Acme", {"levels": "1"}, "O-1 @Acme", id="one level"),
        pytest.param("Acme", {"levels": "2"}, "O-1 O-2 O-4 @Acme O-5", id="two levels"),
        pytest.param("Acme", {"levels": "1", "turned": "O-1"}, "O-1 O-2 O-4 @Acme", id="opened"),
        pytest.param("Acme", {"turned": "O-2;@Acme"}, "O-1 O-2 O-4 @Acme", id="folded"),
        pytest.param(
            "Acme", {"levels": "1", "focus": "O-3"}, "O-1 O-2 O-3 O-6", id="the way to it"
        ),
        pytest.param(
            "Acme",
            {"turned": "nobody", "levels": "x"},
            "O-1 O-2 O-3 O-6 O-4 @Acme O-5",
            id="nonsense",
        ),
    ],
)
def test_the_address_chooses_what_is_shown(team: str, choices: dict[str, str], shown: str) -> None:
    assert cards_of(page_of(team, **choices)) == shown.split()


def test_what_is_not_there_is_said_and_all_is_shown() -> None:
    page = page_of(focus="O-99")

    assert "no objective “O-99”" in page.unknown
    assert len(cards_of(page)) == 7


def test_a_folded_card_counts_what_is_below_and_leads_there() -> None:
    page = page_of(levels="1")
    top = card(page, "O-1").card

    assert (top.hidden, top.is_open) == (4, False)
    assert "turned=O-1" in top.turn
    assert page.map is not None
    assert (page.map.shown, page.map.hidden) == (1, 5)
    assert "turned" not in card(page_of(levels="1", turned="O-1"), "O-1").card.turn


def test_a_card_says_who_where_how_far_and_how_it_hangs_there() -> None:
    page = page_of()
    sell, sing, help_ = (card(page, key).card for key in ("O-4", "O-5", "O-6"))

    assert (sell.title, sell.about) == ("Sell", "O-4 · Sales · ada")
    assert (sell.mark and sell.mark.word, sell.score) == ("on track", "92%")
    assert [one.text for one in sell.also] == ["O-2"]
    assert (sing.tie, sing.tie_words) == ("not linked", "not linked")
    assert (help_.tie, help_.tie_words) == ("supports across", "supports across teams")


@pytest.mark.parametrize(
    ("focus", "bows"),
    [("", 0), ("O-4", 1), ("O-2", 1), ("O-6", 0)],
    ids=["all", "from", "to", "by"],
)
def test_what_a_card_supports_besides_is_drawn_in_focus_alone(focus: str, bows: int) -> None:
    drawn = page_of(focus=focus).map
    assert drawn is not None

    assert [one.solid.count("C") + one.dashed.count("C") for one in drawn.strokes] == [bows] * 3
    assert drawn.has_also == (focus != "O-6")


def test_a_page_of_a_team_or_an_objective_says_what_of_the_whole_it_shows() -> None:
    assert page_of("App").about.startswith("Shown are 4 of 6 objectives: those of App")
    assert page_of(focus="O-4").about.startswith("Shown are 3 of 6 objectives: this one")
    assert page_of().about == ""
    assert page_of("App").answer == "All that is shown hangs together."


def test_what_supports_a_year_from_its_quarters_is_one_click_away() -> None:
    periods = cycles(
        ("2026", serial(date(2026, 1, 1)), serial(date(2026, 12, 31))),
        ("2026-Q2", serial(date(2026, 4, 1)), serial(date(2026, 6, 30))),
    )
    rows = [
        an_objective(id="O-1", objective="Grow", team="Acme", cycle="2026"),
        an_objective(id="O-2", objective="Build", team="Product", supports="O-1"),
    ]
    snapshot = a_snapshot(rows, RESULTS[:2], TREE, periods)
    year, every = (
        build_cascade_page(
            build_board(snapshot, choose_cycle(snapshot, name, DAY), DAY),
            "Acme",
            Address("cascade", {"cycle": name}),
        )
        for name in ("2026", "all")
    )

    assert cards_of(year) == ["O-1"]
    assert year.beyond is not None
    assert year.beyond.text.startswith("1 objective of other cycles supports these")
    assert year.beyond.href == "cascade?cycle=all"
    assert (cards_of(every), every.beyond) == (["O-1", "O-2"], None)


# --- the four views -------------------------------------------------------------------------------


def test_the_head_says_whether_it_hangs_together_and_prints_the_sum() -> None:
    page = page_of()

    assert page.answer == "1 objective supports nothing."
    assert page.arithmetic == "(4 + 1 + 5 + 4) / (5 + 1 + 5 + 4) = 14 / 15 = 93.3%"
    assert [one.text for one in page.views] == ["Map", "Outline", "Across teams", "Gaps"]


def test_the_outline_lists_in_the_order_of_the_cascade_and_indents() -> None:
    outline = page_of(view="outline").outline
    assert outline is not None

    assert [(one.title, one.depth) for one in outline.lines] == [
        ("Grow", 0),
        ("Build", 1),
        ("Ship", 2),
        ("Help", 3),
        ("Sell", 1),
        ("Sing", 1),
    ]
    assert outline.lines[4].under == "O-1, O-2"
    assert outline.lines[5].under == "not linked"


@pytest.mark.parametrize(
    ("sort", "first"),
    [("objective", "Build"), ("-objective", "Sing"), ("score", "Build"), ("status", "Build")],
)
def test_the_outline_is_sorted_by_a_column(sort: str, first: str) -> None:
    outline = page_of(view="outline", sort=sort).outline
    assert outline is not None

    assert outline.lines[0].title == first
    assert {one.depth for one in outline.lines} == {0}
    [column] = [one for one in outline.columns if one.sorted]
    assert column.name.lower() == sort.removeprefix("-")


@pytest.mark.parametrize(
    ("find", "found"),
    [("sales", 3), ("SALES sing", 1), ("o-3", 1), ("no data", 1), ("nowhere", 0), ("", 6)],
)
def test_the_outline_is_searched_by_words(find: str, found: int) -> None:
    outline = page_of(view="outline", find=find).outline
    assert outline is not None

    assert len(outline.lines) == found


def test_the_matrix_shows_who_supports_whom_and_who_stands_alone() -> None:
    across = page_of(view="across").across
    assert across is not None

    assert across.columns == ("Acme", "Product", "App")
    [sales] = [row for row in across.rows if row.team == "Sales"]
    assert [one.count if one else 0 for one in sales.cells] == [1, 1, 1]
    assert [one.is_upward for one in sales.cells if one] == [True, False, False]
    assert (
        across.answer
        == "2 of 5 links between teams go across, not up the line; no team stands alone."
    )
    alone = [*ROWS[:3], an_objective(id="O-9", objective="Apart", team="Sales")]
    told = page_of(rows=alone, view="across").across
    assert told is not None
    assert [name for name, _ in told.silos] == ["Sales"]


def test_many_teams_are_a_list() -> None:
    rows = [ROWS[0]] + [
        an_objective(id=f"T-{n}", objective=f"Aim {n}", team=f"Team {n}", supports="O-1")
        for n in range(20)
    ]
    page = page_of(rows=rows, view="across")
    across = page.across
    assert across is not None

    assert (len(across.pairs), across.rows) == (20, ())
    drawn = re.sub(r"<[^>]*>", "", draw_cascade(page)[1])
    first = across.pairs[0].cell
    assert f"1 objectivemean score {first.score}" in drawn, "a phone shows no headings"


def test_gaps_lead_to_the_form_that_mends_them_where_there_is_one() -> None:
    gaps = page_of(view="gaps").gaps
    assert gaps is not None
    spots = {spot.what: spot for group in gaps.groups for spot in group.spots}
    orphan = next(spot for what, spot in spots.items() if "supports nothing" in what)

    assert orphan.mend_href.startswith("team?")
    assert "edit=O-5" in orphan.mend_href
    assert orphan.cells[0].name == "Objectives!F6"
    quiet = build_cascade_page(
        company(), "Acme", Address("cascade", {"view": "gaps"}, has_forms=False)
    )
    assert quiet.gaps is not None
    assert {spot.mend_href for group in quiet.gaps.groups for spot in group.spots} == {""}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ("", "Nothing is missing between these goals."),
        ("orphan", "1 gap to mend; it takes one cell."),
        ("orphan loop", "2 gaps to mend; each takes one cell."),
        (
            "orphan skip loop",
            "3 gaps to mend: 2 take one cell and 1 takes a word with another team.",
        ),
    ],
)
def test_gaps_are_summed_up_by_what_they_take(kinds: str, words: str) -> None:
    assert summary([Gap(GapKind(one), "", "") for one in kinds.split()]) == words


def test_gaps_of_a_team_are_those_of_what_is_shown() -> None:
    whole, app = (page_of(team, view="gaps").gaps for team in ("Acme", "App"))
    assert whole is not None
    assert app is not None

    assert not any("Sing" in one.what for group in app.groups for one in group.spots)
    assert any("Sing" in one.what for group in whole.groups for one in group.spots)


def test_in_focus_stands_what_carries_an_objective_and_what_holds_it_back() -> None:
    rolled = [an_objective(id="O-1", objective="Grow", team="Acme", roll_up="children"), *ROWS[1:]]
    focus = page_of(rows=rolled, focus="O-1").focus
    assert focus is not None

    assert [one.title for one in focus.carriers] == ["Build", "Sell"]
    assert focus.answer == "2 objectives support it; 1 is behind pace, “Build” the most."
    printed = re.fullmatch(r"With all on pace: (.*) = (.*)%\.", focus.what_if)
    assert printed is not None
    assert eval(printed[1]) == pytest.approx(float(printed[2]), abs=0.051)  # it adds up as printed
    assert "Edit" in draw_cascade(page_of(focus="O-1"))[1]


def test_an_empty_workbook_says_what_will_stand_here() -> None:
    page = build_cascade_page(a_board([], []), "Acme", Address("cascade", {}))

    assert page.empty is not None
    assert "how every team's goals" in draw_cascade(page)[0].replace("&#39;", "'")


@pytest.mark.parametrize("view", ["map", "outline", "across", "gaps"])
def test_text_from_the_sheet_is_never_markup(view: str) -> None:
    attack = '<script>alert(1)</script>"onclick="x'
    rows = [
        an_objective(id="O-1", objective=attack, team="Acme", owner=attack),
        an_objective(id=attack, objective=f"{attack} 2", team=attack, supports=attack),
    ]
    drawn = "".join(draw_cascade(page_of(rows=rows, view=view, focus="O-1")))

    assert "<script" not in drawn
    assert 'onclick="' not in drawn


def test_a_map_takes_no_style_from_the_sheet() -> None:
    [title] = {one.title for one in [card(page_of(), "O-1").card]}
    drawn = html.draw("cascade", page_of(), "body")

    assert title in drawn
    assert all(
        ";--" in style or "--path" in style or "width:" in style or "left:" in style
        for style in re.findall(r'style="([^"]*)"', drawn)
    )


# --- the layout -----------------------------------------------------------------------------------


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    def touch(one: Place, other: Place) -> bool:
        return (
            one.x < other.x + other.width
            and other.x < one.x + one.width
            and one.y < other.y + other.height
            and other.y < one.y + one.height
        )

    pairs = combinations(drawing.places.items(), 2)
    return [(a, b) for (a, one), (b, other) in pairs if touch(one, other)]


SHAPES = st.recursive(
    st.just(()), lambda inner: st.lists(inner, max_size=5).map(tuple), max_leaves=30
)


def twigs(shape: tuple[object, ...], path: str = "") -> tuple[Twig, ...]:
    return tuple(
        Twig(f"{path}{n}", twigs(one, f"{path}{n}."))  # type: ignore[arg-type]
        for n, one in enumerate(shape)
    )


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.sampled_from(ROOMS), st.integers(1, 5))
def test_no_two_cards_stand_on_each_other_and_none_is_lost(
    shape: tuple[object, ...], room: Room, tall: int
) -> None:
    roots = twigs(shape)
    drawing = lay_out(roots, lambda key, width: 60.0 + 18 * (len(key) * tall % 4), room)
    keys = {key for root in roots for key in every(root)}

    assert set(drawing.places) == keys
    assert overlapping(drawing) == []
    assert set(drawing.lines) == keys - {root.key for root in roots}
    for key, points in drawing.lines.items():
        at, (x, y) = drawing.places[key], points[-1]
        assert at.x - 0.01 <= x <= at.x + at.width
        assert at.y - 0.01 <= y <= at.y + at.height
    for at in drawing.places.values():
        assert at.x + at.width <= drawing.width + 0.01
        assert at.y + at.height <= drawing.height + 0.01


def every(twig: Twig) -> list[str]:
    return [twig.key, *(key for one in twig.below for key in every(one))]


def test_a_deep_chain_is_drawn_to_its_limit_and_leads_on_from_there() -> None:
    rows = [an_objective(id="L-0", objective="Top", team="Acme")] + [
        an_objective(id=f"L-{n}", objective=f"Level {n}", team="Acme", supports=f"L-{n - 1}")
        for n in range(1, 20)
    ]
    page = page_of(rows=rows)

    assert len(cards_of(page)) == MOST_LEVELS
    last = card(page, f"L-{MOST_LEVELS - 1}").card
    assert (last.hidden, "focus=" in last.turn) == (20 - MOST_LEVELS, True)


def test_many_are_folded_until_they_can_be_read() -> None:
    rows = [an_objective(id="O-1", objective="Top", team="Acme")] + [
        an_objective(
            id=f"A-{n}",
            objective=f"Aim {n}",
            team="Product",
            supports=f"A-{n // 9}" if n > 8 else "O-1",
        )
        for n in range(1, 400)
    ]
    page = page_of(rows=rows)
    assert isinstance(page.map, Map)

    assert page.map.shown <= MOST_CARDS
    assert page.map.shown + page.map.hidden == 400


@pytest.mark.parametrize(
    ("text", "lines"),
    [("Grow", 1), ("Make the app worth opening each morning", 2), ("W" * 60, 5), ("日本" * 20, 4)],
)
def test_lines_are_counted_before_they_are_drawn(text: str, lines: int) -> None:
    assert count_lines(text, 14.0, 162.0) == lines
