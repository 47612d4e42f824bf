"""`helpdesk staff`."""

from tests.bot.cli.terminal import Terminal

PAGES = {"staff": "501:agent", "staff_url": "https://desk.example"}


def test_a_sign_in_link_is_printed_for_a_member_of_staff(terminal: Terminal) -> None:
    one = terminal.run("staff", "link", "501", **PAGES)
    other = terminal.run("staff", "link", "501", **PAGES)

    assert one.code == 0
    assert one.out.startswith("https://desk.example/staff/sign-in/")
    assert one.out != other.out


def test_no_link_is_printed_for_anybody_else(terminal: Terminal) -> None:
    ended = terminal.run("staff", "link", "502", **PAGES)

    assert (ended.code, ended.out) == (1, "")
    assert "502 is not staff: add them to HELPDESK_STAFF, like 502:agent." in ended.err


def test_without_a_public_address_the_missing_setting_is_named(terminal: Terminal) -> None:
    ended = terminal.run("staff", "link", "501", staff="501:agent")

    assert (ended.code, ended.out) == (2, "")
    assert "HELPDESK_STAFF_URL is missing" in ended.err


def test_the_link_is_not_stored_in_readable_form(terminal: Terminal) -> None:
    token = terminal.run("staff", "link", "501", **PAGES).out.strip().rpartition("/")[2]

    kept = b"".join(file.read_bytes() for file in terminal.folder.glob("helpdesk.db*"))

    assert len(token) > 20
    assert token.encode() not in kept
