import pytest

from knowledge.library.plain_text import TextBlock, phone_lines, text_blocks


def test_blocks_are_paragraphs_and_items_without_markup() -> None:
    prose = "**Two**\nlines, [a link](https://x.org) and `code`."

    assert list(text_blocks(f"{prose}\n\n1. one\n2. *two*\n\n- three\n\nEnd.")) == [
        TextBlock("Two lines, a link and code."),
        TextBlock("one", "1. "),
        TextBlock("two", "2. "),
        TextBlock("three", "• "),
        TextBlock("End."),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("One.", ["One."]),
        ("One.\n\nTwo.", ["One.", "", "Two."]),
        ("So:\n\n- one\n- two\n\nEnd.", ["So:", "", "• one", "• two", "", "End."]),
        ("a" * 38 + " b", ["a" * 38, "b"]),
        ("1. " + "a" * 35 + " b", ["1. " + "a" * 35, "b"]),
    ],
)
def test_lines_are_those_of_a_phone(text: str, lines: list[str]) -> None:
    assert phone_lines(text) == lines
