from importlib.resources import files

import pytest

from tests.bot.cli.terminal import ME, PEPPERS, REFUSED, TOKEN, Terminal, telegram
from tests.support.libraries import TEA, folder

SECRETS = ("hush", "AAFsecret", "abababab")


def broken_articles(bare: Terminal) -> str:
    place = bare.folder / "articles"
    place.mkdir()
    return str(folder(place, {"green-tea.md": TEA.replace("title:", "titel:")}))


def test_the_shipped_articles_and_rules_have_no_findings(bare: Terminal) -> None:
    ended = bare.run("check")

    assert (ended.code, ended.out, ended.err) == (0, "No findings.\n", "")


def test_findings_are_printed_with_file_and_line(bare: Terminal) -> None:
    ended = bare.run("check", articles=broken_articles(bare))

    assert ended.code == 1
    assert f"{bare.folder}/articles/en/green-tea.md:" in ended.out
    assert ended.err.endswith(" findings.\n")


@pytest.mark.parametrize("command", [["ask", "how do I brew green tea"], ["run"]])
def test_an_invalid_article_stops_commands_that_need_articles(
    terminal: Terminal, command: list[str]
) -> None:
    before = terminal.kept()
    with telegram(ME) as url:
        ended = terminal.run(
            *command,
            token=TOKEN,
            peppers=PEPPERS,
            telegram_api=url,
            articles=broken_articles(terminal),
        )

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert f"{terminal.folder}/articles/en/green-tea.md" in ended.err
    assert terminal.kept() == before


def test_an_article_folder_without_articles_is_reported(bare: Terminal) -> None:
    ended = bare.run("ask", "hello", articles="none")

    assert (ended.code, ended.out) == (2, "")
    assert "none" in ended.err
    assert len(ended.complaints) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"allowance = ", "which is no policy: The policy is not TOML: "),
        (b"allowance = 'many'", "which is no policy: "),
        (b"", "which is no policy: "),
        (b"\xff", "which is not a UTF-8 text file."),
        (None, "which can't be read: No such file or directory."),
    ],
)
@pytest.mark.parametrize(
    "command", [["progress", "f-1001"], ["import", "accounts.ndjson"], ["check"], ["run"]]
)
def test_an_invalid_policy_stops_commands_that_need_it(
    desk: Terminal, command: list[str], content: bytes | None, said: str
) -> None:
    before = desk.kept()
    if content is not None:
        desk.file("rules.toml", content)

    ended = desk.run(*command, token=TOKEN, peppers=PEPPERS, policy="rules.toml")

    assert (ended.code, ended.out) == (2, "")
    assert len(ended.complaints) == 1
    assert ended.err.startswith(f"helpdesk: HELPDESK_POLICY names rules.toml, {said}")
    assert desk.kept() == before


def test_a_policy_may_begin_with_a_byte_order_mark(desk: Terminal) -> None:
    shipped = (files("state") / "policy.toml").read_text(encoding="utf-8")
    desk.file("rules.toml", shipped.encode("utf-8-sig"))

    assert desk.run("progress", "f-1001", policy="rules.toml").code == 0


def test_the_doctor_lists_every_missing_setting_with_a_remedy(terminal: Terminal) -> None:
    ended = terminal.run("doctor", public_url="https://x.example", voice="twilio", tokn="x")

    assert (ended.code, ended.err) == (1, "")
    assert [line for line in ended.out.splitlines() if not line.startswith("ok ")] == [
        "unknown HELPDESK_TOKN is no setting: is it HELPDESK_TOKEN?",
        *(line for line in ended.out.splitlines() if line.startswith("missing ")),
    ]
    assert "missing HELPDESK_TOKEN: set it to the bot's token" in ended.out
    assert "missing HELPDESK_PEPPERS: set it to id:hex" in ended.out
    assert "missing HELPDESK_WEBHOOK_SECRET: set it to" in ended.out
    assert "missing HELPDESK_TWILIO_ACCOUNT_SID: set it to" in ended.out


def test_the_doctor_succeeds_with_complete_settings(terminal: Terminal) -> None:
    with telegram(ME) as url:
        ended = terminal.run("doctor", token=TOKEN, peppers=PEPPERS, telegram_api=url)

    assert (ended.code, ended.err) == (0, "")
    assert all(line.startswith("ok ") for line in ended.out.splitlines())
    assert ended.out.endswith("Telegram: this is @DeskBot\n")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"database_url": "sqlite+aiosqlite:///none/x.db"}, "wrong   HELPDESK_DATABASE_URL: "),
        (
            {"database_url": "postgresql+asyncpg://me@127.0.0.1:1/x?sslmode=require"},
            "wrong   HELPDESK_DATABASE_URL: no database at ",
        ),
        (
            {"database_url": "postgresql+asyncpg://me@127.0.0.1:1/x?pool_size=5"},
            "wrong   HELPDESK_DATABASE_URL: the option pool_size is not supported",
        ),
        (
            {"database_url": "postgresql+asyncpg://me:p@ss:w@127.0.0.1:1/x"},
            "wrong   HELPDESK_DATABASE_URL: not a database address",
        ),
        ({"policy": "none.toml"}, "wrong   HELPDESK_POLICY names none.toml"),
        ({"policy": "none.toml"}, "unknown articles: they are checked against the policy"),
        ({"articles": "none"}, "wrong   articles: 1 findings, see helpdesk check"),
    ],
)
def test_the_doctor_continues_after_a_failed_check(
    terminal: Terminal, settings: dict[str, str], said: str
) -> None:
    with telegram(REFUSED) as url:
        ended = terminal.run("doctor", **settings, token=TOKEN, telegram_api=url)

    assert (ended.code, ended.err) == (1, "")
    assert f"\n{said}" in ended.out
    assert ended.out.splitlines()[-1].startswith("wrong   Telegram refuses HELPDESK_TOKEN")


@pytest.mark.parametrize("command", ["doctor", "run"])
def test_an_address_that_telegram_sends_no_webhooks_to_is_refused(
    terminal: Terminal, command: str
) -> None:
    ended = terminal.run(
        command,
        token=TOKEN,
        peppers=PEPPERS,
        public_url="http://desk.example",
        webhook_secret="s",
        telegram_api="https://127.0.0.1:9",
    )

    assert "HELPDESK_PUBLIC_URL is wrong: it should begin with https://" in ended.out + ended.err
    assert ended.code == (1 if command == "doctor" else 2)


def test_the_doctor_reports_that_telegram_is_unreachable(terminal: Terminal) -> None:
    with telegram(ME) as url:
        pass
    ended = terminal.run("doctor", token=TOKEN, telegram_api=url)

    assert f"wrong   Telegram can't be reached at {url}: getMe: " in ended.out


def test_the_doctor_prints_no_secret(terminal: Terminal) -> None:
    with telegram(REFUSED) as url:
        ended = terminal.run(
            "doctor",
            token=TOKEN,
            peppers=PEPPERS,
            telegram_api=url,
            webhook_secret="hush",
            public_url="https://x.example",
            twilio_auth_token="hush",
            database_url="postgresql+asyncpg://me:hush@127.0.0.1:1/desk",
        )

    assert [secret for secret in SECRETS if secret in ended.out + ended.err] == []
