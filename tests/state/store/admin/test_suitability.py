"""A database that can't hold what the desk writes is refused at the start, in one sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

import pytest
from sqlalchemy.engine import make_url

from bot.context import database_report, open_desk
from bot.settings import SettingsError
from tests.support.databases import POSTGRES, execute, fresh_postgres
from tests.support.scenes import settings_for


@asynccontextmanager
async def database_with(encoding: str) -> AsyncIterator[str]:
    async with fresh_postgres():
        pass  # skips without a server
    name = f"helpdesk_test_{token_hex(6)}"
    await execute(
        POSTGRES,
        f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' "
        "TEMPLATE template0",
    )
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        await execute(POSTGRES, f"DROP DATABASE {name} WITH (FORCE)")


async def refusals(url: str) -> list[str]:
    """What `helpdesk run` and `helpdesk doctor` say."""
    settings, said = settings_for(url), []
    with pytest.raises(SettingsError) as raised:
        async with open_desk(settings):
            pass
    said.append(str(raised.value))
    with pytest.raises(SettingsError) as raised:
        await database_report(settings)
    return [*said, str(raised.value)]


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_a_database_with_a_non_utf8_encoding_is_refused(encoding: str) -> None:
    async with database_with(encoding) as url:
        found = await refusals(url)

    assert [f"HELPDESK_DATABASE_URL: its encoding is {encoding}" in one for one in found] == [
        True,
        True,
    ]


@asynccontextmanager
async def as_role(url: str, *grants: str) -> AsyncIterator[str]:
    """The URL of a role with these rights alone."""
    role = f"helpdesk_role_{token_hex(6)}"
    await execute(url, f"CREATE ROLE {role} LOGIN", *(one.format(role=role) for one in grants))
    try:
        yield make_url(url).set(username=role).render_as_string(hide_password=False)
    finally:
        await execute(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


async def test_a_role_without_create_rights_is_refused_with_a_remedy() -> None:
    async with fresh_postgres() as url:
        await execute(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        async with as_role(url) as theirs:
            found = await refusals(theirs)

    assert ["may not create tables: GRANT CREATE ON SCHEMA public TO" in one for one in found] == [
        True,
        True,
    ]


async def test_a_search_path_without_a_schema_is_named() -> None:
    async with fresh_postgres() as url:
        await execute(url, "DROP SCHEMA public")
        found = await refusals(url)

    assert ["no schema of its search_path exists" in one for one in found] == [True, True]


async def test_tables_owned_by_another_role_are_named(postgres_url: str) -> None:
    async with as_role(postgres_url) as theirs:
        found = await refusals(theirs)

    assert ["permission denied for table alembic_version" in one for one in found] == [True, True]
