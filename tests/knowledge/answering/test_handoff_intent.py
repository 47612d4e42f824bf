import pytest

from knowledge.answering.handoff_intent import wants_person

ASKED = [
    "agent please",
    "Agent",
    "OPERATOR!!!",
    "operator",
    "human",
    "a human please",
    "let me talk to a person",
    "Let me talk to a real person, please.",
    "I want to talk to a human",
    "i want to speak with someone",
    "I'd like to speak to an agent now",
    "can I talk to somebody?",
    "Could I speak to a customer service representative?",
    "can you connect me to an operator",
    "connect me with a human",
    "transfer me to support staff",
    "get me a person",
    "give me a real human",
    "put me through to someone",
    "speak to agent",
    "talk to a person",
    "real person",
    "live chat",
    "live agent please",
    "is there a human here?",
    "I need a person",
    "i need to talk to someone from support",
    "No, a human!",
    "I don't want to talk to a bot",
    "not a bot please",
    "hi, can i talk to a person",
    "how can I talk to a human?",
    "call a manager",
    "a real person please",
    "I want to speak to an agent!",
    "connect me with somebody",
    "no, customer service",
]

NOT_ASKED = [
    "",
    "hello",
    "can a person be hired without paying",
    "is there any way to reach a support agent",
    "🙂",
    "How many Connects do I need to talk to a client?",
    "Can I talk to a client before I send a proposal?",
    "someone hired me",
    "a person I know has two accounts",
    "How do I become an agent?",
    "What is an agency operator?",
    "Is my agent account verified?",
    "the operator charged me for the call",
    "human verification does not work",
    "how do I verify my phone",
    "why did someone else verify my number?",
    "I want 40 Connects",
    "can you call me",
    "call me",
    "give me Connects",
    "connect my account",
    "send me a code",
    "get my Connects",
    "is there a limit?",
    "person to person payment",
    "I want to talk to the person who declined my job about the refund he owes me since May",
    "I want to talk to a human " * 20,
]


@pytest.mark.parametrize("text", ASKED)
def test_requests_for_a_person_are_recognised(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize("text", NOT_ASKED)
def test_other_questions_are_no_request_for_a_person(text: str) -> None:
    assert not wants_person(text)
