"""Views of weekly reminders: the setting, and the reminder itself."""

from datetime import datetime

from bot.presentation.buttons import OpenProgress, ReminderButton
from bot.presentation.reply import Button, Reply
from state.model.account import Blocked, Due, Progress, Unknown
from state.policy import Policy

MATTER = "nudges"
ON = Button(label="nudges_on", press=ReminderButton("on"))
OFF = Button(label="nudges_off", press=ReminderButton("off"))
STOP = Button(label="nudges_off", press=ReminderButton("stop"))
"""Button under a reminder; its answer is a new message, as an edit there would go unseen."""


def asked(next_at: datetime | None) -> Reply:
    """Ask whether reminders are wanted; `next_at` is the current setting."""
    return Reply(
        template="nudges",
        context={"next_at": next_at},
        buttons=((ON,), (OFF,)),
        matter=MATTER,
    )


def answered(next_at: datetime | None) -> Reply:
    """Confirm the new setting, by editing the message of the pressed button."""
    return Reply(
        template="nudges",
        context={"next_at": next_at},
        buttons=((ON if next_at is None else OFF,),),
        matter=MATTER,
        edit=True,
        pressed=True,
    )


def nudge(shown: Progress, policy: Policy) -> Reply:
    """The weekly reminder: progress and open steps."""
    left = [
        step.name
        for step in policy.steps
        for one in shown.steps
        if one.step == step.id and isinstance(one.standing, Due | Unknown | Blocked)
    ]
    return Reply(
        template="nudge",
        context={"progress": shown, "left": left},
        buttons=((Button(label="my_connects", press=OpenProgress()),), (STOP,)),
    )
