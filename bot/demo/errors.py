"""Errors of the demo; each message is a sentence for the page."""


class DemoError(Exception):
    """The demo can't go on. The message is one line: what is wrong and what to do."""


class NotNowError(DemoError):
    """The person can't do that now; nothing has changed."""
