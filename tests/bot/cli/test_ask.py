import json
from pathlib import Path

import pytest

from tests.bot.cli.terminal import PEPPERS, Terminal
from tests.support.libraries import TEA, folder

QUESTIONS = ["how do I bake black bread", "xyzzy plugh", "¿?", "how long"]


@pytest.fixture
def articles(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two articles: green tea, and black bread, which shows the progress of who asks."""
    return str(folder(tmp_path_factory.mktemp("articles")))


def test_an_answer_is_plain_text_without_markup(bare: Terminal, articles: str) -> None:
    ended = bare.run("ask", QUESTIONS[0], articles=articles)

    assert (ended.code, ended.err) == (0, "")
    assert "Source: " in ended.out
    assert "<b>" not in ended.out


def test_an_answer_as_json_has_the_published_fields(bare: Terminal, articles: str) -> None:
    found = bare.run("ask", QUESTIONS[0], "--json", articles=articles).data

    assert list(found) == ["q", "kind", "slug", "candidates", "text"]
    assert (found["q"], found["kind"]) == (QUESTIONS[0], "found")
    assert found["candidates"][0]["slug"] == found["slug"]
    assert len(found["candidates"]) <= 5


def test_what_no_page_tells_names_the_article_that_says_so(bare: Terminal) -> None:
    record = bare.run("ask", "can I give my connects to a friend", "--json").data

    assert (record["kind"], record["slug"]) == ("not_known", "run-out-of-connects")


def test_an_unanswered_question_has_candidates_and_no_text(bare: Terminal, articles: str) -> None:
    found = bare.run("ask", QUESTIONS[1], "--json", articles=articles).data

    assert (found["kind"], found["slug"], found["text"]) == ("nothing", None, None)
    assert found["candidates"]


def test_an_ambiguous_question_lists_titles_with_their_slugs(
    bare: Terminal, articles: str
) -> None:
    record = bare.run("ask", QUESTIONS[3], "--json", articles=articles).data
    ended = bare.run("ask", QUESTIONS[3], articles=articles)

    assert record["kind"] == "unsure"
    assert f"[{record['candidates'][0]['slug']}]" in ended.out


def test_a_batch_is_answered_in_order(bare: Terminal, articles: str) -> None:
    lines = "\n".join(json.dumps({"q": question}) for question in QUESTIONS)
    batch = bare.file("questions.ndjson", f"\ufeff{lines}\n\n")

    ended = bare.run("ask", "--batch", batch, "--json", articles=articles)

    assert ended.code == 0
    assert [json.loads(line)["q"] for line in ended.out.splitlines()] == QUESTIONS


def test_an_explanation_shows_how_the_question_was_read(bare: Terminal, articles: str) -> None:
    ended = bare.run("ask", "how do I bake blakc bread on spotify", "--explain", articles=articles)

    assert "read as: how do i bake black bread on spotify\n" in ended.out
    assert "mended: blakc\n" in ended.out
    assert "of another subject: spotify\n" in ended.out
    assert "black-bread: how do I bake black bread\n" in ended.out


def test_two_questions_in_one_message_get_two_answers(bare: Terminal, articles: str) -> None:
    text = "how do I bake black bread? and how do I brew green tea?"

    ended = bare.run("ask", text, articles=articles)

    assert ended.out.count("Source: ") == 2


def test_small_talk_gets_a_reply_and_no_article(bare: Terminal, articles: str) -> None:
    record = bare.run("ask", "thank you", "--json", articles=articles).data
    ended = bare.run("ask", "thank you", articles=articles)

    assert (record["kind"], record["slug"], record["text"]) == ("nothing", None, None)
    assert record["candidates"]
    assert ended.out == "You're welcome. Ask again whenever you like.\n"


@pytest.mark.parametrize(
    ("question", "job", "text"),
    [
        ("show my progress", "progress", "Say it there, or send /connects."),
        ("no more reminders", "reminders", "Say it there, or send /stop."),
        ("start over", "cancel", "Say it there, or send /start."),
        ("link my account", "link", "Just say it there."),
    ],
)
def test_a_job_is_named_with_its_command(
    bare: Terminal, articles: str, question: str, job: str, text: str
) -> None:
    record = bare.run("ask", question, "--json", articles=articles).data
    ended = bare.run("ask", question, articles=articles)

    assert (record["kind"], record["job"], record["slug"]) == ("job", job, None)
    assert text in record["text"]
    assert text in ended.out


def test_where_a_freelancer_stands_follows_the_job(desk: Terminal, articles: str) -> None:
    own = desk.run("ask", "what is left for me?", "--freelancer", "f-1001", articles=articles)

    assert "72%" in own.out


def test_an_explanation_names_the_job_as_the_kind(bare: Terminal, articles: str) -> None:
    ended = bare.run("ask", "show my progress", "--explain", articles=articles)

    assert ended.out.startswith("kind: job\n")


def test_asking_creates_no_database(bare: Terminal, articles: str) -> None:
    bare.run("ask", QUESTIONS[0], articles=articles)

    assert list(bare.folder.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_the_freelancers_progress_follows_an_article_that_shows_progress(
    desk: Terminal, articles: str, more: list[str]
) -> None:
    plain = desk.run("ask", QUESTIONS[0], *more, articles=articles)
    own = desk.run("ask", QUESTIONS[0], "--freelancer", "f-1001", *more, articles=articles)

    assert own.code == 0
    assert "72%" not in plain.out
    assert "72%" in own.out


def test_other_articles_show_no_progress_of_the_freelancer(desk: Terminal, articles: str) -> None:
    question = ["ask", "how do I brew green tea", "--json"]

    assert (
        desk.run(*question, "--freelancer", "f-1001", articles=articles).out
        == desk.run(*question, articles=articles).out
    )


@pytest.mark.parametrize(
    ("as_whom", "settings", "said"),
    [
        ([], {}, "3 minutes."),
        (["--freelancer", "f-1001"], {}, "3 minutes, 0 of 40."),
        (["--freelancer", "f-1001"], {"peppers": PEPPERS}, "3 minutes, 0 of 40, 3 tries."),
    ],
    ids=["nobody", "a freelancer", "a freelancer whose verification can be read"],
)
def test_an_article_is_rendered_for_the_given_freelancer(
    desk: Terminal, tmp_path: Path, as_whom: list[str], settings: dict[str, str], said: str
) -> None:
    own = (
        "3 minutes{% if linked %}, {{ earned }} of {{ allowance }}{% endif %}"
        "{% if tries_left is not none %}, {{ tries_left }} tries{% endif %}"
    )
    articles = str(folder(tmp_path, {"green-tea.md": TEA.replace("**3 minutes**", own)}))

    ended = desk.run("ask", "how do I brew green tea", *as_whom, articles=articles, **settings)

    assert ended.code == 0
    assert f"Let it steep for {said}" in ended.out


def test_asking_as_an_unknown_freelancer_is_refused(desk: Terminal, articles: str) -> None:
    ended = desk.run("ask", QUESTIONS[0], "--freelancer", "nobody", articles=articles)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == ("helpdesk: no freelancer 'nobody' is known: import a snapshot first.\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"q": "a"}\n{"question": "b"}\n', 'b.ndjson, line 2: expected a JSON object like {"q"'),
        (b'{"q": 5}\n', "b.ndjson, line 1: expected a JSON object"),
        (b"[" * 100_000, "b.ndjson, line 1: expected a JSON object"),
        (b'"q"\n', "b.ndjson, line 1: expected a JSON object"),
        (b"\xff\n", "b.ndjson is not a UTF-8 text file."),
    ],
)
def test_a_bad_batch_is_refused_as_a_whole(bare: Terminal, content: bytes, said: str) -> None:
    ended = bare.run("ask", "--batch", bare.file("b.ndjson", content), "--json")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"helpdesk: {said}")
    assert len(ended.complaints) == 1


def test_a_missing_batch_is_refused(bare: Terminal) -> None:
    ended = bare.run("ask", "--batch", "none.ndjson", "--json")

    assert ended.code == 2
    assert ended.err == "helpdesk: none.ndjson can't be read: No such file or directory.\n"
