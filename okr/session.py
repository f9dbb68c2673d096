"""What a session keeps from one run of a page to the next, beside what its fields hold."""

from typing import Any

import streamlit as st


def kept() -> dict[str, Any]:
    """Give what the session keeps, by name, to be read and written.

    All of it is one entry of Streamlit's session state, of which every field that is drawn copies
    each entry. To be asked for anew whenever something took its time: a run that another has
    overtaken ends here.
    """
    held: dict[str, Any] = st.session_state.setdefault("kept", {})
    return held
