"""Views of personal data: what is stored, export, erasure."""

from datetime import datetime

from bot.presentation.buttons import PersonalDataButton
from bot.presentation.reply import Button, Reply
from state.policy import Policy
from state.rules.limits import counting_period
from state.rules.linking import LIFETIME
from state.usecases.retention import (
    AUDIT_IS_KEPT,
    CALLS_ARE_KEPT,
    MAY_COME_AGAIN,
    QUESTIONS_ARE_SOMEBODYS,
    TALKS_ARE_KEPT,
)

EXPORT = Button(label="export_data", press=PersonalDataButton("export"))
FORGET = Button(label="erase_data", press=PersonalDataButton("ask"))


def privacy(policy: Policy) -> Reply:
    """What is stored and for how long; each period is the constant that enforces it."""
    rules = policy.verification
    return Reply(
        template="privacy",
        context={
            "question_days": QUESTIONS_ARE_SOMEBODYS.days,
            "talk_days": TALKS_ARE_KEPT.days,
            "call_days": CALLS_ARE_KEPT.days,
            "queue_days": MAY_COME_AGAIN.days,
            "failed_days": CALLS_ARE_KEPT.days,
            "audit_days": AUDIT_IS_KEPT.days,
            "code_minutes": rules.code_lifetime.seconds // 60,
            "counted_hours": int(counting_period(rules).total_seconds()) // 3600,
            "reuse_days": rules.number_reuse.days,
            "link_minutes": LIFETIME.seconds // 60,
        },
        buttons=((EXPORT,), (FORGET,)),
    )


def export_file(made_at: datetime) -> Reply:
    """Caption of the export file."""
    return Reply(template="export_file", context={"made_at": made_at})


def erasure_asked(now: datetime, *, linked: bool) -> Reply:
    """Ask to confirm the erasure; the button holds `now`, since it is valid for minutes only."""
    yes = PersonalDataButton("erase", str(int(now.timestamp())))
    return Reply(
        template="erase_confirm",
        context={"linked": linked},
        buttons=(
            (Button(label="erase_no", press=PersonalDataButton("keep")),),
            (Button(label="erase_yes", press=yes),),
        ),
    )


def kept() -> Reply:
    """Confirms that nothing was erased."""
    return Reply(template="erase_declined")


def erased() -> Reply:
    """Confirms that all data was erased."""
    return Reply(template="erased", remove_keyboard=True)
