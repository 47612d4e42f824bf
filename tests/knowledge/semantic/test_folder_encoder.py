"""Any sentence encoder in a folder of the usual form, made small here."""

import os
from pathlib import Path

import pytest
from onnx import TensorProto
from onnx.helper import make_node

from tests.support.encoders import LOOKED_UP, write

np = pytest.importorskip("numpy")
folder_encoder = pytest.importorskip("knowledge.semantic.folder_encoder")
multilingual = pytest.importorskip("knowledge.semantic.multilingual")

MEAN = make_node("ReduceMean", ["last_hidden_state", "one"], ["sentence_embedding"], keepdims=0)
MASKED = make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT)
TYPED = make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT)


def test_states_of_pieces_are_averaged(tmp_path: Path) -> None:
    encoder = folder_encoder.FolderEncoder(write(tmp_path, LOOKED_UP))

    assert encoder.vector("tea") == pytest.approx([1, 0])
    assert encoder.vector("tea bread") == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_vector_of_the_model_is_taken_as_it_is(tmp_path: Path) -> None:
    written = write(tmp_path, LOOKED_UP, MEAN, outputs=("last_hidden_state", "sentence_embedding"))

    encoder = folder_encoder.FolderEncoder(written)

    assert encoder.vector("tea tea bread") == pytest.approx([0.894427, 0.447214], abs=1e-5)


def test_masks_and_types_are_given_where_the_model_takes_them(tmp_path: Path) -> None:
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    written = write(tmp_path, LOOKED_UP, MASKED, TYPED, inputs=inputs)

    assert folder_encoder.FolderEncoder(written).vector("bread") == pytest.approx([0, 1])


def test_a_text_of_unknown_words_has_a_vector(tmp_path: Path) -> None:
    encoder = folder_encoder.FolderEncoder(write(tmp_path, LOOKED_UP))

    assert encoder.vector("xyz").tolist() == [0, 0]


def test_another_model_has_other_files_of_vectors(tmp_path: Path) -> None:
    before = folder_encoder.FolderEncoder(write(tmp_path, LOOKED_UP))
    same = folder_encoder.FolderEncoder(tmp_path)
    os.utime(tmp_path / "model.onnx", ns=(1, 1))
    after = folder_encoder.FolderEncoder(tmp_path)

    assert before.name == same.name != after.name


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"torn"])
def test_a_missing_or_broken_file_is_named(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    write(tmp_path, LOOKED_UP)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(multilingual.EncoderError, match=name):
        multilingual.index(tmp_path, None)


def test_a_model_of_something_else_is_refused(tmp_path: Path) -> None:
    pixels = make_node("Gather", ["table", "pixels"], ["last_hidden_state"], axis=0)

    with pytest.raises(multilingual.EncoderError, match=r"takes pixels, not input_ids"):
        folder_encoder.FolderEncoder(write(tmp_path, pixels, inputs=("pixels",)))


def test_a_model_that_gives_no_vectors_is_refused(tmp_path: Path) -> None:
    deeper = make_node("Unsqueeze", ["states", "one"], ["last_hidden_state"])
    states = make_node("Gather", ["table", "input_ids"], ["states"], axis=0)

    with pytest.raises(multilingual.EncoderError, match="neither states of pieces nor one"):
        folder_encoder.FolderEncoder(write(tmp_path, states, deeper))


def test_questions_are_scored_by_it(tmp_path: Path) -> None:
    written = write(tmp_path, LOOKED_UP)

    index = multilingual.index(written, tmp_path / "cache")
    index.wait()
    tea, bread = index.learnt([["tea", "tea tea bread"], ["bread"]]).scores("tea")

    assert tea > bread
    assert len(list((tmp_path / "cache").iterdir())) == 1
