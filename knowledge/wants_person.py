"""Whether somebody asks for a person in plain words, by rules that can be read.

Short messages only: whoever writes more has a question, which may well be about agents or people.
"""

import re

MOST_WORDS = 12
LONGEST = 200

_POLITE = (
    r"(?:please|pls|plz|hi|hello|hey|ok|okay|now|just|no|actually|sorry|thanks|thank you|right now"
    r"|immediately|asap)"
)
_WHO = (
    r"(?:(?:a|an|the|some|any|your|my|one of your|another)\s+)?"
    r"(?:(?:real|live|actual|human|living|support|service|customer|customer service"
    r"|customer support|help desk|helpdesk)\s+)*"
    r"(?:person|persons|people|human|humans|human being|being|agent|agents|operator|operators"
    r"|representative|rep|staff|staff member|team member|member of staff|someone|somebody"
    r"|someone real|somebody real|someone human|advisor|adviser|assistant|employee|manager"
    r"|supervisor|support|support team|customer service|customer support)"
    r"(?:\s+(?:from|of|in|at)\s+(?:the\s+)?(?:team|support|staff|help desk|helpdesk))?"
)
_BARE = (
    r"(?:(?:a|an|the)\s+)?(?:(?:real|live|human|actual|support|service|customer service"
    r"|customer support)\s+)*"
    r"(?:person|human|agent|operator|representative|human being|live chat|live agent|live support"
    r"|support|customer service|customer support|support team)"
)
_BOT = r"(?:(?:a|the|this|your)\s+)?(?:bot|bots|robot|robots|machine)"
_WISH = (
    r"(?:i|we)?\s*(?:want|wanna|need|would like|d like|like|wish|prefer|have|must|demand)"
    r"(?:\s+to)?"
)
_ASK = r"(?:(?:can|could|may|might|shall)\s+(?:i|we|you)|let me|let us|how (?:can|do) i|is there)"
_TALK = (
    r"(?:talk|speak|chat|write|be connected|get connected|get through|be transferred)"
    r"(?:\s+(?:to|with))?"
)
_BRING = (
    r"(?:connect|transfer|put|get|give|pass|hand|forward|switch|escalate|bring|send|call)"
    r"(?:\s+(?:me|us|this|it|over|through))*(?:\s+(?:to|with))?"
)
_BEFORE = rf"(?:(?:{_WISH}|{_ASK})\s+)*"
_END = r"(?:\s+(?:here|now|about this|about it|there|for this))?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_BARE}",
        rf"{_BEFORE}(?:{_TALK})\s+{_WHO}{_END}",
        rf"{_BEFORE}{_BRING}\s+{_WHO}{_END}",
        rf"(?:{_WISH})\s+{_BARE}{_END}",
        rf"(?:is|are)\s+there\s+{_WHO}{_END}(?:\s+(?:i can|to)\s+{_TALK})?",
        rf"(?:is|are)\s+{_WHO}\s+(?:there|here|available)",
        rf"(?:i\s+)?(?:do not|don t|dont)\s+want(?:\s+to)?(?:\s+{_TALK})?\s+{_BOT}",
        rf"(?:not|enough of|stop)\s+{_BOT}",
    )
)


def wants_person(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    words = re.sub(r"[^a-z\s]", " ", text.lower()).split()
    if not words or len(words) > MOST_WORDS:
        return False
    said = re.sub(rf"\b{_POLITE}\b", " ", " ".join(words))
    said = " ".join(said.split())
    return any(form.fullmatch(said) for form in _FORMS)
