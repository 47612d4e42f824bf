"""What people and operators are told of their data is what the code does."""

from bot.presentation.views import privacy as privacy_views
from state.rules.linking import GUESSES_OF_A_CHAT, GUESSES_OF_ALL, LIFETIME
from state.rules.nudging import ALMOST_EVERYWHERE, WAKING
from state.store.tables import metadata
from state.usecases.retention import (
    AUDIT_IS_KEPT,
    CALLS_ARE_KEPT,
    MAY_COME_AGAIN,
    QUESTIONS_ARE_SOMEBODYS,
    TALKS_ARE_KEPT,
)
from tests.architecture.source import ROOT
from tests.bot.presentation.views.shown import words
from tests.support.builders import policy

DOCUMENT = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
OF_NOBODY = {"call_turn", "provider_event"}
"""What was said in a call goes with the call; events of the provider name no one."""


def row(table: str) -> str:
    [line] = [line for line in DOCUMENT.splitlines() if f"`{table}`" in line]
    return line


def test_the_privacy_page_lists_every_table() -> None:
    untold = {name for name in metadata.tables if f"`{name}`" not in DOCUMENT}

    assert untold == OF_NOBODY


def test_the_privacy_page_states_the_retention_times_of_the_code() -> None:
    assert f"| {CALLS_ARE_KEPT.days} days |" in row("call_session")
    assert f"| {AUDIT_IS_KEPT.days} days |" in row("audit_event")
    assert f"| {TALKS_ARE_KEPT.days} days after the end |" in row("ticket")
    assert f"| {QUESTIONS_ARE_SOMEBODYS.days} days with the chat" in row("question")
    assert f"handled, {MAY_COME_AGAIN.days} days; what failed, {CALLS_ARE_KEPT.days} days |" in (
        row("inbox")
    )
    assert f"after {GUESSES_OF_A_CHAT} wrong ones in an hour a chat" in DOCUMENT
    assert f"after {GUESSES_OF_ALL} all chats do" in DOCUMENT
    assert (f"{WAKING[0]:%H}", f"{WAKING[1]:%H}") == ("10", "20")
    assert (f"{ALMOST_EVERYWHERE[0]:%H}", f"{ALMOST_EVERYWHERE[1]:%H}") == ("14", "16")


def test_the_privacy_message_states_the_retention_times_of_the_code() -> None:
    told = words(privacy_views.privacy(policy()))

    assert f"{CALLS_ARE_KEPT.days} days. A code is never stored" in told
    assert f"gone {MAY_COME_AGAIN.days} days later" in told
    assert f"After {QUESTIONS_ARE_SOMEBODYS.days} days I forget whose they were" in told
    assert f"for {LIFETIME.seconds // 60} minutes" in told
