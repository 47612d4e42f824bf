"""The role that compose.yaml gives the desk: it owns its database, and that is all it may do."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import yaml
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from state.store.admin.migrate import upgrade
from tests.architecture.source import ROOT
from tests.support.databases import POSTGRES, execute, fresh_postgres, opened

SCRIPT = ROOT / "deploy/postgres-init.sh"
PSQL = shutil.which("psql")


@pytest_asyncio.fixture
async def desks_own() -> AsyncIterator[URL]:
    """An address with the role that the script has made on a real server."""
    role, password = f"desk_{secrets.token_hex(6)}", 'it\'s "quoted"'
    async with fresh_postgres() as url:
        server = make_url(url)
        environment = {
            **os.environ,
            "PGHOST": server.host or "",
            "PGPORT": str(server.port or 5432),
            "PGPASSWORD": str(server.password or ""),
            "POSTGRES_USER": server.username or "",
            "DESK_ROLE": role,
            "DESK_PASSWORD": password,
        }
        script = await asyncio.create_subprocess_exec("sh", str(SCRIPT), env=environment)
        assert await script.wait() == 0
        try:
            yield server.set(username=role, password=password, database=role)
        finally:
            await execute(POSTGRES, f"DROP DATABASE {role} WITH (FORCE)")
            await execute(POSTGRES, f"DROP ROLE {role}")


@pytest.mark.skipif(PSQL is None, reason="no psql here (Debian: postgresql-client)")
async def test_the_bot_runs_as_a_database_role_with_minimal_rights(desks_own: URL) -> None:
    may = text(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname = current_user"
    )
    async with opened(desks_own.render_as_string(hide_password=False)) as database:
        await upgrade(database)
        await database.transact(lambda unit: unit.missed_groups.keep_largest(0))
        async with database.connections.reading() as transaction:
            [rights] = (await transaction.run(may)).all()

    assert tuple(rights) == (False,) * 5


def test_the_bot_and_the_database_administrator_have_different_passwords() -> None:
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    server, desk = services["postgres"], services["desk-a"]["environment"]

    assert "POSTGRES_USER" not in server["environment"]
    assert "DESK_PASSWORD" in desk["HELPDESK_DATABASE_URL"]
    assert "POSTGRES_PASSWORD" not in desk["HELPDESK_DATABASE_URL"]
    assert f"./{SCRIPT.name}:/docker-entrypoint-initdb.d/desk.sh:ro" in server["volumes"]
