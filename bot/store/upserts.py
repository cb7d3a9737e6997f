"""Inserting rows that may be there already, in the dialect of either database; built once."""

from collections.abc import Mapping

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = Mapping[str, Insert]  # by the name of the dialect


def ignoring(table: Table) -> Upsert:
    """Return the insert into *table* that leaves a row which is there as it is."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
    }


def replacing(table: Table) -> Upsert:
    """Return the insert into *table* that takes the place of the row with the same key."""
    key = list(table.primary_key.columns)

    def changed(fresh: sqlite.Insert | postgresql.Insert) -> dict[str, object]:
        return {c.name: fresh.excluded[c.name] for c in table.columns if not c.primary_key}

    lite, postgres = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": lite.on_conflict_do_update(index_elements=key, set_=changed(lite)),
        "postgresql": postgres.on_conflict_do_update(index_elements=key, set_=changed(postgres)),
    }
