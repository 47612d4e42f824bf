"""Detects a request for a person in plain words, by regular expressions.

Short messages only: a longer one holds a question, which may well be about agents or people.
"""

import re

MOST_WORDS = 12
LONGEST = 200

_POLITE = (
    r"(?:please|pls|plz|hi|hello|hey|ok|okay|now|just|no|actually|sorry|thanks|thank you|right now"
    r"|immediately|asap)"
)
_COURTESY = re.compile(rf"\b{_POLITE}\b")
_NO_LETTER = re.compile(r"[^a-z\s]")
_WHO = (
    r"(?:(?:a|an|the|some|any|your|my|one of your|another) )?"
    r"(?:(?:real|live|actual|human|living|support|service|customer|help desk|helpdesk) )*"
    r"(?:person|persons|people|human|humans|human being|being|agent|agents|operator|operators"
    r"|representative|rep|staff|staff member|team member|member of staff|someone|somebody"
    r"|someone real|somebody real|someone human|advisor|adviser|assistant|employee|manager"
    r"|supervisor|support|support team|customer service|customer support)"
    r"(?: (?:from|of|in|at) (?:the )?(?:team|support|staff|help desk|helpdesk))?"
)
_BARE = (
    r"(?:(?:a|an|the) )?(?:(?:real|live|human|actual|support|service|customer service"
    r"|customer support) )*"
    r"(?:person|human|agent|operator|representative|human being|live chat|live agent|live support"
    r"|support|customer service|customer support|support team)"
)
_BOT = r"(?:(?:a|the|this|your) )?(?:bot|bots|robot|robots|machine)"
_WISH = (
    r"(?:i|we)? ?(?:want|wanna|need|would like|d like|like|wish|prefer|have|must|demand)"
    r"(?: to)?"
)
_ASK = r"(?:(?:can|could|may|might|shall) (?:i|we|you)|let me|let us|how (?:can|do) i|is there)"
_TALK = (
    r"(?:talk|speak|chat|write|be connected|get connected|get through|be transferred)"
    r"(?: (?:to|with))?"
)
_BRING = (
    r"(?:connect|transfer|put|get|give|pass|hand|forward|switch|escalate|bring|send|call)"
    r"(?: (?:me|us|this|it|over|through))*(?: (?:to|with))?"
)
_BEFORE = rf"(?:(?:{_WISH}|{_ASK}) )*"
_END = r"(?: (?:here|now|about this|about it|there|for this))?"
_FORMS = tuple(
    re.compile(rf"\A(?:{form})\Z")
    for form in (
        rf"{_BARE}",
        rf"{_BEFORE}(?:{_TALK}) {_WHO}{_END}",
        rf"{_BEFORE}{_BRING} {_WHO}{_END}",
        rf"(?:{_WISH}) {_BARE}{_END}",
        rf"(?:is|are) there {_WHO}{_END}(?: (?:i can|to) {_TALK})?",
        rf"(?:is|are) {_WHO} (?:there|here|available)",
        rf"(?:i )?(?:do not|don t|dont) want(?: to)?(?: {_TALK})? {_BOT}",
        rf"(?:not|enough of|stop) {_BOT}",
    )
)


def wants_person(text: str) -> bool:
    """Whether a short message does nothing but ask for a person."""
    if len(text) > LONGEST:
        return False
    words = _NO_LETTER.sub(" ", text.lower()).split()
    if not words or len(words) > MOST_WORDS:
        return False
    said = " ".join(_COURTESY.sub(" ", " ".join(words)).split())
    return any(form.fullmatch(said) for form in _FORMS)
