"""What the table definitions share: one MetaData, names for constraints, two shorthands."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Only IS [NOT] NULL conditions: a planner proves those for a prepared statement too."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
