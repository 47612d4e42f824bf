import pytest

embeddings = pytest.importorskip("knowledge.semantic.embeddings")

LONGEST_WORD = 100
"""Characters; a longer one is an unknown word as a whole."""
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##lock", "##s", "cafe", "!", "中", "a", "##a"]


def cut(text: str) -> list[str]:
    """The pieces between the marks for start and end."""
    return [PIECES[number] for number in embeddings.tokenizer(PIECES, 1000).encode(text).ids][1:-1]


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
def test_words_are_split_into_the_longest_known_pieces(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_every_text_is_enclosed_in_special_tokens_and_truncated() -> None:
    assert embeddings.tokenizer(PIECES, 4).encode("a a a a").ids == [2, 10, 10, 3]


def test_a_word_that_is_one_piece_is_known() -> None:
    sentences = embeddings.SentenceEncoder()

    assert sentences.has_piece("cafe")
    assert not sentences.has_piece("café")
