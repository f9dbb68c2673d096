"""The board's own server with an empty page in the place of the board's."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from okr import serving

app = st.App(
    Path(__file__).parent / "empty_page.py",
    lifespan=serving.lifespan,
    middleware=[Middleware(serving.SecurityHeaders)],
)
