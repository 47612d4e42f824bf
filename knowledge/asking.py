"""Rules before ranking: small talk, several questions in one message, and leaning on the last one.

They are few and explicit, in English, and say nothing about other languages' messages.
"""

import re

from knowledge.model import Talk
from knowledge.text import normalise, words

MOST_QUESTIONS = 3
"""In one message; a wall of text is read as one question."""
FEWEST_WORDS = 2
SHORT = 6
"""Words; a longer message stands for itself."""

_SOMEBODY = r"(?: (?:there|bot|all|everyone|everybody|sir|madam|friend|team|dear|again))*"
_HELLO = (
    r"(?:hi+|hello+|hey+|hallo|hola|bonjour|namaste|yo|greetings|howdy"
    r"|good (?:morning|afternoon|evening|day)|how are you(?: doing| today)?|whats up)"
)
_THING = r"(?:a |an |the )?(?:real |actual |live )?"
_WHO = r"(?:human|bot|robot|person|machine|ai|computer|chatbot|real|chatgpt|llm)"
_RUDE = (
    r"(?:stupid|useless|dumb|idiot|moron|garbage|trash|crap|shit|rubbish|worthless|asshole|suck)"
)
_TALK = {
    Talk.GREETING: rf"{_HELLO}{_SOMEBODY}(?: {_HELLO}{_SOMEBODY})*",
    Talk.THANKS: (
        r"(?:ok |okay |great |perfect |many |alright )*(?:thanks?|thank you|thx|ty|cheers)"
        r"(?: (?:a lot|so much|very much|you|for (?:the|your) help|again|bot|sir|that helped))*"
        r"|(?:that|this|it) (?:helped|works|worked|was helpful)(?: thanks| thank you)?"
    ),
    Talk.CHATTER: (
        r"(?:ok|okay|k|yes|yep|no|nope|lol|haha(?:ha)*|h+m+|cool|nice|great|wow|test|testing|bye"
        r"|goodbye|see you|sure|alright)"
    ),
    Talk.ABUSE: (
        rf"(?:you|u) (?:are |r )?(?:so |such |a |an |the |all |fucking )*{_RUDE}\w*(?: bot)?"
        rf"|(?:fucking |stupid )?{_RUDE}(?: bot)?"
        r"|fuck(?: you| off)?|go to hell|shut up|i hate you"
    ),
    Talk.WHO: (
        rf"(?:are|r) (?:you|u) {_THING}{_WHO}(?: (?:or|being) ?{_THING}(?:{_WHO})?)?"
        rf"|(?:is this|am i (?:talking|speaking|chatting) (?:to|with)) {_THING}{_WHO}"
        rf"(?: or {_THING}{_WHO})?"
        r"|(?:who|what) are you|what is your name|whats your name"
    ),
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _TALK.items()}
_ASKS = r"(?:how|what|where|when|why|who|which|can|could|do|does|did|is|are|will|may|must|should)"
_BORDER = re.compile(
    rf"[?!;\n]+|\.\s|,?\s+(?:and|also|plus)(?:\s+also)?\s+(?={_ASKS}\b)", re.IGNORECASE
)
_LEANS = re.compile(
    r"(?:and|but|or|also|then|what about|how about|what if|same for|why|how so|how long|where)\b"
)


def small_talk(text: str) -> Talk | None:
    """The kind, where the message is nothing else."""
    said = " ".join(words(normalise(text)))
    return next((kind for kind, one in _PATTERNS.items() if one.fullmatch(said)), None)


def questions(text: str) -> tuple[str, ...]:
    """The parts of a message that might each be a question, without the small talk."""
    parts = (part.strip(" ,") for part in _BORDER.split(text))
    return tuple(
        part
        for part in parts
        if len(words(normalise(part))) >= FEWEST_WORDS and small_talk(part) is None
    )


def leans_on_the_last(text: str) -> bool:
    """Whether a message is so short, or begins so, that it may need the one before it."""
    said = normalise(text)
    return len(words(said)) <= SHORT and (
        bool(_LEANS.match(said)) or len(words(said)) <= FEWEST_WORDS + 1
    )
