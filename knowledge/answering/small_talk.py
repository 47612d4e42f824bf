"""Detects small talk (greetings, thanks, abuse, …) by regular expressions for English.

They match words in lower case, without apostrophes and punctuation.
"""

import re

from knowledge.model import Talk
from knowledge.tokens import normalise, words

_SOMEBODY = r"(?: (?:there|bot|all|everyone|everybody|guys|sir|madam|friend|team|dear|again))*"
_HELLO = (
    r"(?:hi+|hello+|hey+|helo|hallo|hola|bonjour|namaste|yo|greetings|howdy|sup"
    r"|good (?:morning|afternoon|evening|day)|how are you(?: doing| today)?|whats up)"
)
_RUDE = (
    r"(?:stupid|useless|dumb|idiot|moron|garbage|trash|crap|shit|bullshit|rubbish|worthless"
    r"|asshole|bastard|bitch|suck|pathetic|horrible|terrible|awful|ridiculous)"
)
_CURSED = r"(?:wtf|damn|dammit|fuck|shit|bullshit|ffs|omfg)"
_THANKED = (
    r"(?:(?:many )?(?:thanks?|thank you|thankyou|thx|thnx|thanx|tks|ty|tysm|cheers)"
    r"(?: (?:a lot|so much|very much|you|for (?:the|your|all your) (?:help|answer|reply)|again"
    r"|bot|sir|man|mate|that helped))*)"
)
_PRAISED = (
    r"(?:(?:very |so |really )?(?:good|nice|great|best|excellent|amazing) (?:bot|job|work|answer)"
    r"|well done|awesome|excellent|(?:much |i )?appreciated?(?: it)?"
    r"|you are (?:so |very |really |the )?(?:great|awesome|best|helpful|kind)|i love (?:you|this))"
)
_TALK = {
    Talk.GREETING: (
        rf"{_HELLO}{_SOMEBODY}(?: {_HELLO}{_SOMEBODY})*"
        r"|(?:hello |hi |hey )?(?:are you|is (?:any|some)(?:one|body)|any(?:one|body)|you) there"
        r"|(?:hello |hi |hey )?(?:i (?:have|got) (?:a|one|some|another) questions?"
        r"|(?:can|may|could) i ask (?:you )?(?:a question|something|questions))"
    ),
    Talk.THANKS: (
        rf"(?:ok |okay |great |perfect |many |alright |cool |got it )*{_THANKED}"
        rf"(?: {_PRAISED})?|{_PRAISED}(?: {_THANKED})?"
        r"|(?:that|this|it) (?:helped|works|worked|was helpful)(?: thanks| thank you)?"
    ),
    Talk.CHATTER: (
        r"(?:ok|okay|k+|yes|yep|yeah|yup|no|nope|nah|lol|lmao|haha(?:ha)*|h+m+|cool|nice|great|wow"
        r"|perfect|fine|good|test|testing|just testing|bye|goodbye|good ?night|see (?:you|ya)"
        r"|take care|sure|alright|i see|got it|understood|never ?mind|nvm|sorry|oops|nothing"
        r"|no thanks?(?: you)?|no question|thats all|that is all)(?: (?:bye|then))?"
    ),
    Talk.UNHELPFUL: (
        r"(?:sorry |no |but |well )*(?:(?:that|this|it) (?:(?:did|does) ?n[o]?t|isnt|wasnt|is not"
        r"|was not) (?:help(?:ful)?|answer)(?: me)?(?: my question)?(?: at all)?"
        r"|(?:that|this|it)(?: is|s| was)?(?: still)? (?:not )(?:helpful|an answer"
        r"|(?:what|the thing) i (?:asked|meant|mean|wanted|need)(?: for)?)"
        r"|not (?:helpful|what i (?:asked|meant)(?: for)?)|(?:its |thats |that is )?(?:the )?wrong"
        r"(?: answer)?|you (?:did ?n[o]?t|do ?n[o]?t) (?:answer|understand|get it)"
        r"(?: me| my question)?)"
    ),
    Talk.ABUSE: (
        rf"(?:you|u|your bot|this bot) (?:guys |people |all )?(?:are |r |is )?"
        rf"(?:such |so |just |a |an |the |all |fucking |total )*"
        rf"(?:{_RUDE}\w*|scammers?|liars?|thieves|thief|frauds?)(?: bot)?"
        rf"|(?:this|that|it)(?: is|s) (?:such |so |just |all |total |fucking )*{_RUDE}"
        rf"|(?:fucking |stupid |bloody |what a )?{_RUDE}s?(?: bot)?"
        rf"|{_CURSED}(?: (?:it|you|off|this|that|bot))*|what the (?:fuck|hell|heck)"
        r"|go to hell|shut up|i hate (?:you|this)(?: bot)?"
    ),
    Talk.HELP: (
        r"(?:please |pls )?help(?: me)?(?: please| pls)?|menu|start|commands?|options"
        r"|what (?:can|do) you (?:do|know)(?: for me)?|how (?:can|do) you help(?: me)?"
        r"|(?:can|could|will) you help(?: me)?|how does this (?:bot )?work"
    ),
}
_PATTERNS = {kind: re.compile(rf"\A(?:{pattern})\Z") for kind, pattern in _TALK.items()}
_PLEASED = re.compile("[\N{THUMBS UP SIGN}\N{PERSON WITH FOLDED HANDS}\N{OK HAND SIGN}\u2764]")
_ANGRY = re.compile("[\N{THUMBS DOWN SIGN}\N{POUTING FACE}\N{ANGRY FACE}\N{PILE OF POO}]")


def small_talk(text: str) -> Talk | None:
    """The kind of small talk, if the message is nothing else; otherwise None."""
    said = " ".join(words(normalise(text)))
    if not said:
        return _signs(text)
    return next((kind for kind, one in _PATTERNS.items() if one.fullmatch(said)), None)


def _signs(text: str) -> Talk | None:
    """Classify a message without words and digits by its emoji."""
    if _ANGRY.search(text):
        return Talk.ABUSE
    if _PLEASED.search(text):
        return Talk.THANKS
    return Talk.CHATTER if text.strip() else None
