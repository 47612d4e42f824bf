"""What can go wrong in the demo's world; each message is a sentence for the person at the page."""


class DemoError(Exception):
    """The demo cannot go on. The message is one line: what is wrong and what to do."""


class NotNowError(DemoError):
    """The person at the page cannot do that now; nothing has changed."""
