"""Requests for the desk's own jobs, and the questions that are none."""

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from knowledge.answering.engine import AnswerEngine
from knowledge.answering.jobs import JobRecogniser, recogniser
from knowledge.model import AskedForJob, Found, Job, Library, Unsure
from knowledge.search.thresholds import ScoreSource
from tests.hostile.patterns import LONGEST_MESSAGE, texts
from tests.support.answer_engines import shipped_engine
from tests.support.libraries import shipped_library

PERSON = """
agent please|Agent|OPERATOR!!!|operator|human|a human please|let me talk to a person
Let me talk to a real person, please.|I want to talk to a human|i want to speak with someone
I'd like to speak to an agent now|can I talk to somebody?
Could I speak to a customer service representative?|can you connect me to an operator
connect me with a human|transfer me to support staff|get me a person|give me a real human
put me through to someone|speak to agent|talk to a person|real person|live chat|live agent please
is there a human here?|I need a person|i need to talk to someone from support|No, a human!
I don't want to talk to a bot|not a bot please|hi, can i talk to a person|call a manager
how can I talk to a human?|a real person please|I want to speak to an agent!
connect me with somebody|no, customer service|is there any way to reach a support agent
"""
NOT_PERSON = """
can a person be hired without paying|How many Connects do I need to talk to a client?
Can I talk to a client before I send a proposal?|someone hired me|How do I become an agent?
a person I know has two accounts|What is an agency operator?|Is my agent account verified?
the operator charged me for the call|human verification does not work|how do I verify my phone
why did someone else verify my number?|I want 40 Connects|call me|give me Connects|send me a code
connect my account|is there a limit?|person to person payment
I want to talk to the person who declined my job about the refund he owes me since May
"""
ABOUT = """
are you a human?|are you a real person or a bot|is this a bot|am I talking to a person|who are you
what is your name|are you from upwork|who runs this bot|is it safe to give you the code
"""
ARTICLES = [
    ("how do I verify my phone number", "verify-phone-number"),
    ("how do I cancel my membership", "downgrade-or-cancel-membership"),
    ("what is left after fees", "service-fees"),
    ("can I remove a bad review", "feedback-and-levels"),
    ("how do I delete a portfolio item", "portfolio-items"),
    ("who can see my workroom", "workroom-and-milestones"),
]
NO_JOB = """
why was my account unlinked|can you export my invoices for taxes|how do I resume a paused contract
how to tie a tie|what should i cook tonight|verify my tiktok account|is this a scam|how long|🙂|?!
the call never came|my client wants to link up on telegram before hiring|stop paying for premium
how many connects does a basic member get|did the client get my message|delete my facebook page
"""
IN_LANGUAGES = [
    (Job.PROGRESS, "qué me falta por hacer"),
    (Job.VERIFY, "подтверди мой телефон"),
    (Job.LINK, "quero vincular a minha conta"),
    (Job.UNLINK, "відв'яжи мій акаунт"),
    (Job.PRIVACY, "तुम मेरे बारे में क्या जानते हो"),
    (Job.FORGET, "sab kuch mita do mere baare me"),
    (Job.PERSON, "позови живого человека"),
    (Job.REMINDERS_OFF, "no me mandes más recordatorios"),
    (Job.LANGUAGE, "você fala inglês?"),
    (Job.STANDING, "на чому ми зупинилися"),
]


@pytest.fixture(scope="module")
def jobs() -> JobRecogniser:
    return recogniser(shipped_library())


def lines(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


def parsed() -> dict[str, dict[str, Any]]:
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in (files("knowledge") / "intents").iterdir()
        if file.name != "examples.toml"
    }


@pytest.mark.parametrize("text", lines(PERSON))
def test_a_wish_for_a_person_is_understood(jobs: JobRecogniser, text: str) -> None:
    assert jobs.job(text) is Job.PERSON


@pytest.mark.parametrize("text", lines(NOT_PERSON))
def test_who_only_mentions_people_asks_for_none(jobs: JobRecogniser, text: str) -> None:
    assert jobs.job(text) is not Job.PERSON


@pytest.mark.parametrize("text", lines(ABOUT))
def test_a_question_about_the_bot_is_understood(jobs: JobRecogniser, text: str) -> None:
    assert jobs.job(text) is Job.ABOUT


@pytest.mark.parametrize("text", lines(NO_JOB))
def test_a_question_about_a_subject_is_no_job(text: str) -> None:
    assert shipped_engine(ScoreSource.WORDS).job(text) is None


@pytest.mark.parametrize(("text", "slug"), ARTICLES)
def test_a_question_about_a_subject_gets_its_article(text: str, slug: str) -> None:
    answer = shipped_engine(ScoreSource.WORDS).ask(text, "en")

    assert isinstance(answer, Found | Unsure)
    assert answer.candidates[0].slug == slug


@pytest.mark.parametrize(("job", "text"), IN_LANGUAGES)
def test_a_job_is_understood_in_other_languages(jobs: JobRecogniser, job: Job, text: str) -> None:
    assert jobs.job(text) is job


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (Job.REMINDERS_OFF, "turn off the remindres"),
        (Job.UNLINK, "discconnect my acccount"),
        (Job.LANGUAGE, "do you speak spanihs"),
    ],
)
def test_a_typing_error_does_not_hide_a_job(jobs: JobRecogniser, job: Job, text: str) -> None:
    assert jobs.job(text) is job


@pytest.mark.parametrize("text", ["tell me a joke about penguins", "verify xqzt zqtx wqzx"])
def test_a_word_of_another_subject_is_no_typing_error(jobs: JobRecogniser, text: str) -> None:
    assert jobs.job(text) is None


@pytest.mark.parametrize(
    ("text", "job"),
    [
        ("hi. show my progress. thanks!", Job.PROGRESS),
        ("I want a human!! you guys are scammers", Job.PERSON),
        ("show my progress. what is left?", Job.PROGRESS),
        ("show my progress. unlink me", None),
        ("the client never paid. cancel", None),
        ("thanks", None),
        ("", None),
    ],
)
def test_all_sentences_of_a_message_have_to_ask_for_the_job(text: str, job: Job | None) -> None:
    assert shipped_engine(ScoreSource.WORDS).job(text) is job


def test_a_job_comes_before_a_question_that_leans_on_the_last_article() -> None:
    engine = shipped_engine(ScoreSource.WORDS)
    last = shipped_library().articles("en")[0].slug

    [answer] = engine.ask_all("what next", "en", last)

    assert answer == AskedForJob(job=Job.PROGRESS, candidates=())


def test_a_job_shows_the_nearest_articles_for_diagnosis() -> None:
    answer = shipped_engine(ScoreSource.WORDS).ask("verify my phone", "en")

    assert isinstance(answer, AskedForJob)
    assert answer.candidates[0].slug == "verify-phone-number"


def test_the_very_words_of_an_article_get_it_unless_it_is_about_the_job() -> None:
    phrasings = {
        "en": {("what", "do", "you", "store"): None, ("show", "my", "progress"): Job.PROGRESS}
    }
    jobs = JobRecogniser(phrasings)

    assert jobs.job("what do you store?") is None
    assert jobs.job("what do you store of me?") is Job.PRIVACY
    assert jobs.job("Show my progress!") is Job.PROGRESS


def test_jobs_are_understood_without_any_article() -> None:
    engine = AnswerEngine(Library(categories_by_language={"en": ()}))

    assert engine.job("what is left for me?") is Job.PROGRESS


@pytest.mark.parametrize("name", list(texts(LONGEST_MESSAGE)))
def test_a_long_message_is_no_job(jobs: JobRecogniser, name: str) -> None:
    assert jobs.job(texts(LONGEST_MESSAGE)[name][:LONGEST_MESSAGE]) is None


def test_a_message_of_many_words_is_no_job(jobs: JobRecogniser) -> None:
    assert jobs.job("show my progress " * 6) is None


def test_the_public_name_of_a_job_tells_no_variants_apart() -> None:
    names = """
    progress verify link unlink privacy export forget reminders language person
    cancel standing about
    """

    assert {job.kind for job in Job} == set(map(Job, names.split()))


def test_each_job_has_rules() -> None:
    listed = [one["is"] for one in parsed()["rules"]["job"]]

    assert sorted(listed) == sorted(Job)


def test_each_concept_of_a_lexicon_is_used_by_a_rule() -> None:
    every = parsed()
    rules = every.pop("rules")
    written = [rules["always"], rules["never"]]
    for one in rules["job"]:
        written += [one["may"], one["never"], *one["rules"]]
    used = set(re.split(r"[\s|-]+", " ".join(written)))

    unused = {name: sorted(listed.keys() - used) for name, listed in every.items()}

    assert not any(unused.values()), unused


def test_each_language_has_what_english_has_but_for_its_peculiarities() -> None:
    every = parsed()
    del every["rules"]
    english = every.pop("en")

    unknown = {name: sorted(listed.keys() - english.keys()) for name, listed in every.items()}

    assert not any(unknown.values()), unknown
