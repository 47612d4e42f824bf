"""Gaps: what was asked in vain becomes a phrasing or an article, as a change of a file."""

import subprocess
from pathlib import Path

import pytest

from bot.articles.lint import findings
from state.model.chat import ChatId
from state.model.question import Outcome, Question, QuestionId
from state.ports import UnitOfWork
from tests.bot.web.staff.browser import AGENT, Browser, Seen
from tests.support.builders import policy
from tests.support.chat import Scene

HOSTILE = "<script>alert(1)</script> may I give connects away"
QUESTIONS = "\n".join(f"may I give connects to {who}" for who in "abcdefgh")
DRAFT = {
    "title": "May I give Connects away?",
    "slug": "give-connects-away",
    "category": "Verification",
    "questions": QUESTIONS,
    "short": "No: **they stay** with your account.",
    "more": "",
    "source": "decided by staff",
}


async def ask(scene: Scene, *words: str, days_ago: int = 0) -> None:
    async def work(unit: UnitOfWork) -> None:
        for number, one in enumerate(words):
            await unit.questions.add(
                Question(
                    id=QuestionId(0),
                    chat_id=ChatId(700123),
                    message_id=9000 + number,
                    place=0,
                    language="en",
                    words=one,
                    outcome=Outcome.NOTHING,
                    slug=None,
                    runner_up=None,
                    score=0.1,
                    asked_at=scene.clock.now(),
                )
            )

    await scene.parts.desk.database.transact(work)


async def key_of(browser: Browser) -> str:
    page = (await browser.open("/staff/gaps")).html
    return page.partition('href="/staff/gaps/')[2].partition('"')[0]


@pytest.fixture
def folder(desk: Scene) -> Path:
    found = desk.parts.desk.settings.articles
    assert found is not None
    return found


def apply(change: str, folder: Path) -> None:
    subprocess.run(["git", "apply", "-"], input=change, cwd=folder, text=True, check=True)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*"))


async def draft(browser: Browser, **changes: str) -> Seen:
    path = f"/staff/gaps/{await key_of(browser)}/draft"
    return await browser.send(path, **{"action": "show", **DRAFT, **changes})


async def test_gaps_are_grouped_and_counted_without_names(browser: Browser, desk: Scene) -> None:
    await ask(desk, "transfer connects to a friend", "Transferring connects to friends", "watches")
    await browser.sign_in(AGENT)

    seen = await browser.open("/staff/gaps")

    assert "3 questions in groups" in seen.text
    assert "2 questions: transfer connects to a friend 2 nothing" in seen.text
    assert "700123" not in seen.html


async def test_without_gaps_the_page_says_so(browser: Browser, desk: Scene) -> None:
    await ask(desk, "transfer connects")
    desk.clock.forward(hours=24 * 8)
    await browser.sign_in(AGENT)

    lately, longer = [await browser.open(f"/staff/gaps?days={days}") for days in (7, 30)]

    assert "Nothing was asked in vain in the last 7 days." in lately.text
    assert "transfer connects" in longer.text


async def test_an_editors_lock_file_does_not_block_proposals(
    browser: Browser, desk: Scene, folder: Path
) -> None:
    await ask(desk, "they never rang me up")
    await browser.sign_in(AGENT)
    (folder / "en" / ".#verify-phone-number.md").symlink_to("me@host.1234:99")
    path = f"/staff/gaps/{await key_of(browser)}/phrasing"

    seen = await browser.send(path, slug="verify-phone-number", phrasing="they never rang me up")

    assert "until you move it to the sentence that answers it" in seen.text


async def test_a_phrasing_is_proposed_with_a_telegram_preview(
    browser: Browser, desk: Scene
) -> None:
    await ask(desk, "they never rang me up")
    await browser.sign_in(AGENT)
    path = f"/staff/gaps/{await key_of(browser)}/phrasing"

    seen = await browser.send(path, slug="verify-phone-number", phrasing="they never rang me up")

    assert "until you move it to the sentence that answers it" in seen.text
    assert "+ - they never rang me up" in seen.text
    assert "<b>Verifying your phone number</b>" in seen.html
    assert "A verified number on record unlocks 10 Connects" in seen.text


async def test_the_diff_of_a_phrasing_can_be_applied(
    browser: Browser, desk: Scene, folder: Path
) -> None:
    await ask(desk, "they never rang me up")
    await browser.sign_in(AGENT)
    path = f"/staff/gaps/{await key_of(browser)}/phrasing"

    seen = await browser.send(
        path, slug="verify-phone-number", phrasing="they never rang me up", action="download"
    )

    name = 'attachment; filename="verify-phone-number.diff"'
    assert seen.headers["Content-Disposition"] == name
    apply(seen.html, folder)
    text = (folder / "en/verify-phone-number.md").read_text(encoding="utf-8")
    assert "  - they never rang me up\n" in text


async def test_a_phrasing_of_another_article_is_a_fault(browser: Browser, desk: Scene) -> None:
    await ask(desk, "verify my phone")
    await browser.sign_in(AGENT)
    path = f"/staff/gaps/{await key_of(browser)}/phrasing"

    seen = await browser.send(
        path, slug="reach-80-percent-profile", phrasing="how do I verify my phone number"
    )

    assert "Not yet as an article has to be" in seen.text
    assert "is asked by" in seen.text


async def test_a_valid_draft_passes_the_check_and_can_be_saved_as_a_file(
    browser: Browser, desk: Scene, folder: Path
) -> None:
    await ask(desk, "may I give connects away")
    await browser.sign_in(AGENT)

    shown = await draft(browser)
    seen = await draft(browser, action="download")

    (folder / "en/give-connects-away.md").write_text(seen.html, encoding="utf-8")
    today = desk.clock.now().date()
    templating = desk.parts.templating
    assert "It passes helpdesk check" in shown.text
    assert "No: <b>they stay</b> with your account." in shown.html
    assert findings(folder, policy=policy(), templating=templating, today=today) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"questions": "one way"}, "List should have at least 8 items"),
        ({"slug": "../../etc/passwd"}, "short name: small letters, digits and single dashes"),
        ({"slug": "verify-phone-number"}, "there is an article verify-phone-number already"),
        ({"category": "Nonsense"}, "category: Nonsense is not in categories.yaml"),
        ({"short": ""}, "the text needs a short part"),
        ({"short": "You get 12 Connects."}, "12"),
        ({"short": "[here](http://evil.example)"}, "is not https"),
        ({"title": ""}, "title"),
        ({"source": ""}, "sources"),
        ({"short": "{% for x in 5 %}"}, "template"),
    ],
    ids=str,
)
async def test_an_invalid_draft_is_not_offered_as_a_file(
    browser: Browser, desk: Scene, folder: Path, changes: dict[str, str], said: str
) -> None:
    before = names(folder)
    await ask(desk, "may I give connects away")
    await browser.sign_in(AGENT)

    seen = await draft(browser, action="download", **changes)

    assert "Content-Disposition" not in seen.headers
    assert said in seen.text
    assert names(folder) == before


async def test_html_in_questions_is_escaped(browser: Browser, desk: Scene) -> None:
    await ask(desk, HOSTILE)
    await browser.sign_in(AGENT)
    fields = {name: f"{value} {HOSTILE}" for name, value in DRAFT.items() if name != "slug"}

    seen = [await browser.open("/staff/gaps"), await draft(browser, **fields)]

    assert [one for one in seen if "<script>alert" in one.html] == []
    assert "&lt;script&gt;alert(1)" in seen[1].html


@pytest.mark.parametrize("key", ["0" * 16, "nonsense", "%00"])
async def test_a_vanished_gap_is_a_404_page(browser: Browser, key: str) -> None:
    await browser.sign_in(AGENT)

    seen = await browser.open(f"/staff/gaps/{key}")

    assert seen.status == 404
    assert "no longer a gap" in seen.text


@pytest.mark.parametrize(
    "nested",
    [
        "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
        "{{ " + "[" * 4000 + "]" * 4000 + " }}",
        "{% if plan %}" * 700 + "a" + "{% endif %}" * 700,
        "{{ " + "not " * 4000 + "plan }}",
        "{{ plan" + "|length" * 2000 + " }}",
        ">" * 9000 + " a",
        "- " * 5000 + "a",
        "(" * 9000,
        "[" * 9000 + "](" * 3000,
        "*" * 9000 + "a" + "*" * 9000,
    ],
    ids=["parentheses", "lists", "tags", "nots", "filters", *(f"Markdown {n}" for n in range(5))],
)
async def test_a_too_deeply_nested_draft_is_refused_with_the_reason(
    browser: Browser, desk: Scene, nested: str, caplog: pytest.LogCaptureFixture
) -> None:
    await ask(desk, "may I give connects away")
    await browser.sign_in(AGENT)

    seen = await draft(browser, short=nested)

    assert seen.status == 200
    assert [one for one in caplog.records if one.exc_info] == []
