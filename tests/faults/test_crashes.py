"""What a crash leaves half done around a call is neither done twice nor forgotten (T09, T29-T30).

A crash is a bot that is put together anew on the same database, at whatever moment it is then.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.deliveries import Line
from bot.gateways.twilio import Placed
from bot.web.twiml import Dialogue
from state.model.account import FreelancerId
from state.model.verification import CallSession, Dialing, Ended, Ending, LockedOut, Placing
from tests.chat import ADA, Conversation, Scene
from tests.databases import POSTGRES, execute
from tests.fakes import FakeClock
from tests.phone import Phone, sid_of
from tests.stage import opened_scene

Started: TypeAlias = AbstractAsyncContextManager[Scene]
FREELANCER = FreelancerId(f"f-{ADA}")


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Callable[[int], Started]:
    """The n-th process on the same database."""
    return lambda number: opened_scene(database_url, folder=tmp_path / str(number))
