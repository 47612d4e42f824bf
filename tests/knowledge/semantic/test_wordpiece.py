import pytest

from knowledge.semantic.wordpiece import LONGEST_WORD, WordPieces

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##lock", "##s", "cafe", "!", "中", "a", "##a"]
WORDS = WordPieces(PIECES)


def cut(text: str) -> list[str]:
    """The pieces between the marks for start and end."""
    return [PIECES[number] for number in WORDS.numbers(text, 1000)][1:-1]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("unlocks", ["un", "##lock", "##s"]),
        ("UNLOCK", ["un", "##lock"]),
        ("Café!", ["cafe", "!"]),
        ("café\u0301", ["cafe"]),
        ("un\u00adlock", ["un", "##lock"]),
        ("un\u00a0un", ["un", "un"]),
        ("un\ufffd", ["un"]),
        ("中中", ["中", "中"]),
        ("unlocked", ["[UNK]"]),
        ("z", ["[UNK]"]),
        ("a" * LONGEST_WORD, ["a", *["##a"] * (LONGEST_WORD - 1)]),
        ("a" * (LONGEST_WORD + 1), ["[UNK]"]),
        ("", []),
        ("\x00\u200b", []),
    ],
)
def test_words_are_cut_into_the_longest_known_pieces(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_every_text_stands_between_two_marks_and_is_cut_off_where_told() -> None:
    assert WORDS.numbers("a a a a", 4) == [2, 10, 10, 3]


def test_a_piece_is_known_by_its_text() -> None:
    assert "cafe" in WORDS
    assert "café" not in WORDS
