"""What the contract tests share: a Google Sheet on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.contract.google_fixtures import GoogleHome, google_home


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home() as made:
        yield made
