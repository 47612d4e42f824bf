"""Views of jobs that are asked for in words and have no view of their own."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.presentation.buttons import DoJob, OpenProgress, ReminderButton, ShowArticle, Verify
from bot.presentation.reply import Button, Reply, Row
from bot.presentation.views.handover_button import PERSON
from bot.presentation.views.privacy import EXPORT, FORGET
from knowledge.model import Article, Job

BUTTONS: Final[Mapping[Job, Button]] = {
    Job.PROGRESS: Button(label="my_connects", press=OpenProgress()),
    Job.VERIFY: Button(label="verify_phone", press=Verify("start")),
    Job.LINK: Button(label="link_account", press=DoJob(Job.LINK)),
    Job.UNLINK: Button(label="unlink_account", press=DoJob(Job.UNLINK)),
    Job.PRIVACY: Button(label="what_is_kept", press=DoJob(Job.PRIVACY)),
    Job.EXPORT: EXPORT,
    Job.FORGET: FORGET,
    Job.REMINDERS: Button(label="remind_weekly", press=ReminderButton()),
    Job.LANGUAGE: Button(label="languages", press=DoJob(Job.LANGUAGE)),
    Job.PERSON: PERSON,
}
"""The button of each job that an article may offer."""
_COMMANDS: Final[Mapping[Job, str]] = {
    Job.PROGRESS: "connects",
    Job.VERIFY: "verify",
    Job.UNLINK: "unlink",
    Job.PRIVACY: "privacy",
    Job.EXPORT: "export",
    Job.FORGET: "forget",
    Job.REMINDERS: "nudges",
    Job.REMINDERS_ON: "nudges",
    Job.REMINDERS_OFF: "stop",
    Job.PERSON: "human",
    Job.CANCEL: "cancel",
    Job.STOP: "cancel",
    Job.BACK: "topics",
    Job.RESTART: "start",
}
"""The command of each job that has one."""


def named_job(job: Job) -> Reply:
    """The job and its command, for a terminal, which has no account to do it for."""
    context = {"job": job.replace("_", " "), "command": _COMMANDS.get(job)}
    return Reply(template="job", context=context)


def languages(offered: Sequence[str], written: Collection[str]) -> Reply:
    """What languages the bot and the articles are in, and how one is chosen."""
    return Reply(template="languages", context={"offered": offered, "written": sorted(written)})


def about(buttons: Row) -> Reply:
    """What this bot is, and what it never asks for."""
    return Reply(template="about_bot", buttons=(buttons,))


def standing(last: Article | None, buttons: Row) -> Reply:
    """Says that nothing is awaited, and which article was shown last."""
    title = {"title": "" if last is None else last.title}
    read = Button(label="read", values=title, press=ShowArticle(last.slug)) if last else None
    return Reply(
        template="standing",
        context={"article": last is not None},
        buttons=((read,), buttons) if read else (buttons,),
    )
