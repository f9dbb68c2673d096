"""What tests of several places share."""

from collections.abc import Iterator
from functools import cache
from unittest import mock

import pytest


@pytest.fixture(scope="session")
def scanned_once() -> Iterator[None]:
    """Let Streamlit look through what is installed for components once, as a server does.

    AppTest has it look again for each page that is opened, which costs more than most pages.
    """
    from streamlit.components.v2 import manifest_scanner

    scan = cache(manifest_scanner.scan_component_manifests)
    with mock.patch.object(manifest_scanner, "scan_component_manifests", scan):
        yield
