from pathlib import Path

from alembic.script import ScriptDirectory

from state.store.admin.revision import REVISIONS
from tests.architecture.source import ROOT

FOLDER = "state/migrations"


def heads(root: Path) -> list[str]:
    """Loads every revision on the way, so one that cannot be imported fails here."""
    return ScriptDirectory(str(root / FOLDER)).get_heads()


def test_migrations_form_a_single_line() -> None:
    assert len(heads(ROOT)) == 1


def test_the_list_of_revisions_matches_the_migrations_in_order() -> None:
    scripts = ScriptDirectory(str(ROOT / FOLDER)).walk_revisions()

    assert [one.revision for one in scripts] == list(reversed(REVISIONS))
