"""The status as a picture: to look at, to copy, to download, and to link to."""

from functools import partial

import streamlit as st

from okr import shell
from okr.pictures.choice import CANVASES, FORMS, THEMES, read_choice
from okr.pictures.content import Origin
from okr.pictures.settings import settings
from okr.pictures.studio import studio
from okr.views import html, status

visit = shell.load()
board, query = visit.board, st.query_params
asked = query.to_dict()
choices = visit.once(
    f"status choices {sorted(asked.items())}",
    lambda: status.build_choices(board, visit.team, asked),
)
for name, meant in choices.meant.items():
    if name not in st.session_state:
        query[name] = meant  # the picker then finds it as if it had been asked for
        st.rerun()
if choices.unknown:
    st.html(html.draw("status", choices.unknown, "unknown"))


def pick(label: str, options: tuple[str, ...], width: int) -> str:
    """Draw a picker whose choice stands in the address, but for the first."""
    chosen = st.selectbox(
        label,
        options,
        key=label.lower(),
        bind="query-params",
        label_visibility="collapsed",
        width=width,
    )
    return "" if chosen in (None, status.ALL_OBJECTIVES, status.EVERYBODY) else chosen


with st.container(horizontal=True, gap="small"):
    whose = {
        "team": visit.team,
        "objective": pick("Objective", choices.objectives, 250),
        "person": pick("Person", choices.people, 150),
    }
known = {"size": tuple(CANVASES), "theme": THEMES}
chosen = status.sound(asked, known)
base = settings().address or (st.context.url or "").removesuffix("/").removesuffix("/status")
origin = Origin(base, visit.view.failing_since if visit.view.failure else None)
choice = read_choice({**chosen, **whose})
day = board.day.isoformat()

picture = studio().draw(board, choice, origin, "png", status.SCALES[choice.size])
title = picture.content["title"]
has_below = choices.has_below and not whose["objective"] and not whose["person"]
is_top = visit.team == board.top.team.name


def draw() -> tuple[str, str]:
    """Draw what stands beside the picture, once for all who look at the same."""
    options = status.build_options(asked, chosen, known, picture.pages, has_below, is_top)
    live = status.live_links(choice.query, asked, base, title, day) if settings().is_live else None
    file = status.file_name(title, day, "png", choice.page)
    shown = status.show(picture.content, f"picture/{picture.name}/{file}", choice.size)
    above = html.draw("status", status.StatusPage(options, shown, live), "above")
    return above, html.draw("status", status.readable(picture.content), "text")


above, text = visit.once(f"status {sorted(asked.items())} {whose} {picture.name}", draw)
if settings().is_live:
    st.html(above + text)
else:
    st.html(above)
    for form in FORMS:
        name = status.file_name(title, day, form, choice.page)
        make = partial(studio().body, board, choice, origin, form)
        st.download_button(f"Download {form.upper()}", make, name, on_click="ignore")
    st.html(text)
