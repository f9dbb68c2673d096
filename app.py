"""The board as an ASGI app: `uvicorn app:app` and `streamlit run app.py` both serve it."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from okr import file_route, picture_route, serving, shell, style_route

app = st.App(
    Path(__file__).parent / "okr" / "frame.py",
    lifespan=serving.lifespan,
    routes=[
        Route("/healthz", serving.healthz),
        *picture_route.ROUTES,
        *file_route.ROUTES,
        *style_route.ROUTES,
    ],
    middleware=[
        Middleware(serving.SecurityHeaders),
        Middleware(serving.KnownHosts),
        Middleware(serving.WithoutMetrics),
        Middleware(style_route.Dressed),
    ],
    on_script_error=shell.show_failure,
)
