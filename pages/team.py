"""One team: how its objectives stand, and the form of one check-in or change."""

import streamlit as st

from okr import edit_forms, forms, open_forms, shell, undo_forms
from okr.board import KeyResultStanding
from okr.coaching import assess_quality
from okr.session import kept
from okr.views import check_in, edit, elsewhere, html, team
from okr.views.addresses import Address

visit = shell.load()
board, held = visit.board, kept()
address = Address("team", st.query_params.to_dict())
edit_key, add_key, key = (address.query.get(name, "") for name in ("edit", "add", "key_result"))
closed = check_in.why_closed(visit.is_read_only, visit.as_of)
saved, change = held.get("saved"), held.get("change")
saved_key = saved[0] if saved else change.key if change else ""


def draw(home: str = "") -> tuple[team.TeamPage, html.Block, html.Block]:
    """Draw the page, with hints that are found once for all teams."""
    quality = visit.once_a_board("quality", lambda: assess_quality(board))
    return team.draw_team(board, visit.team, address, saved_key, closed, quality, home)


name = f"{address.name} {saved_key} {closed}"
page, above, below = visit.once(name, draw)
entity = edit.find_entity(board, edit_key) if edit_key in page.keys else None
objective = edit.find_objective(board, add_key) if add_key in page.keys else None
one = check_in.find_key_result(board, key) if key in page.keys else None
away = elsewhere.find_elsewhere(page, board, address)
open_row = open_forms.kept_row(address.query)  # of a form that is open already


def draw_check_in(one: KeyResultStanding) -> None:
    """Draw the check-in of the open row beside its history."""
    held.pop("saved", None)
    history = visit.once(
        f"history {key}",
        lambda: html.draw("check_in", check_in.build_history(one, board), "history"),
    )
    why = closed or ("" if open_row else check_in.why_not_asked(one))
    if why:
        st.html(above + html.draw("check_in", why, "remark") + history)
    else:
        forms.draw_check_in(visit, one, above, history)


if away is None:
    open_forms.keep_row(address.query, (entity, objective, one))
elif open_row:
    entity, objective, one = open_row
    row = one.key_result if one else entity or objective.objective
    home = edit.home_of(row)
    _, above, below = visit.once(f"{name} {home}", lambda: draw(home))
    above += html.draw("team", elsewhere.stays_open(away, row.title, address), "stays")
else:
    above = html.draw("team", away, "elsewhere") + above
no_row = open_forms.why_no_row(visit, address.query)
if no_row or (closed and (edit_key or add_key)):
    why = edit.why_closed(visit.is_read_only, visit.as_of) or no_row
    st.html(above + html.draw("check_in", why, "remark"))
elif entity is not None:
    edit_forms.draw_edit(visit, entity, above)
elif objective is not None or add_key == edit.NEW_OBJECTIVE:
    edit_forms.draw_add(visit, objective.objective if objective else None, above)
elif one is not None:
    draw_check_in(one)
elif saved:
    st.html(above + html.draw("check_in", check_in.say_saved(board, *saved), "saved"))
elif change is not None:
    st.html(above)
    undo_forms.draw_change(visit, change, change.key in page.keys)
else:
    st.html(above)
st.html(below + forms.signature())
