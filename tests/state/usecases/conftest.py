"""A desk for every test."""

import pytest

from tests.state.usecases.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
