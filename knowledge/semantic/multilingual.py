"""The semantic index of the second stage, by the operator's encoder or the installed one."""

from pathlib import Path

from knowledge.semantic.embeddings import EncoderError
from knowledge.semantic.folder_encoder import FolderEncoder
from knowledge.semantic.semantic_index import Encoder, SemanticIndex

__all__ = ["EncoderError", "index"]


def index(encoder: Path | None, folder: Path | None) -> SemanticIndex:
    """`encoder`: the folder of the operator's; `folder`: of the cache.

    EncoderError if the encoder can't be loaded.
    """
    return SemanticIndex(_encoder(encoder, folder), folder, projects=True)


def _encoder(encoder: Path | None, folder: Path | None) -> Encoder:
    if encoder is not None:
        return FolderEncoder(encoder)
    from knowledge.semantic.e5 import MultilingualEncoder  # noqa: PLC0415 - its libraries may be missing

    return MultilingualEncoder(folder)
