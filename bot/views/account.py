"""Welcome, help, linking and parting."""


from bot.callbacks import ConfirmLink
from bot.reply import Button, Reply
from bot.views.answers import PERSON, TOPICS


def welcome(*, linked: bool) -> Reply:
    return Reply(template="welcome", context={"linked": linked}, buttons=((TOPICS, PERSON),))


def help_text() -> Reply:
    return Reply(template="help", buttons=((TOPICS, PERSON),))


def confirm_link(name: str, secret: str) -> Reply:
    """`name` is masked: enough to know one's own account, nothing for anybody else."""
    return Reply(
        template="link_confirm",
        context={"name": name},
        buttons=(
            (Button(label="link_yes", press=ConfirmLink("yes", secret)),),
            (Button(label="link_no", press=ConfirmLink("no")),),
        ),
    )


def link_refused(why: str) -> Reply:
    return Reply(template="link_refused", context={"why": why}, buttons=((PERSON,),))


def not_linked() -> Reply:
    return Reply(template="not_linked", buttons=((TOPICS, PERSON),))


def not_found() -> Reply:
    return Reply(template="not_found", buttons=((PERSON,),))


def plain(template: str) -> Reply:
    """A text that needs nothing but itself."""
    return Reply(template=template)


