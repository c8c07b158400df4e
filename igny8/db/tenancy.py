"""The tenant filter: a session that acts for an account sees and writes that account's rows only.

Covers ORM selects (columns, joins, counts, subqueries), bulk update and delete, `session.get` and
flushes. It can't see `Model.__table__` selects and raw SQL: ruff bans `text`, a test greps for
`__table__`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from igny8.db.base import TenantRow

ACCOUNT = "account_id"


class ForeignRow(Exception):
    """Somebody tried to write a row of another account: a bug, never a user's mistake."""


def scope(session: Session, account_id: str) -> None:
    """Bind a session to one account."""
    session.info[ACCOUNT] = account_id
    event.listen(session, "do_orm_execute", _filter)
    event.listen(session, "before_flush", _own)


def _filter(state: ORMExecuteState) -> None:
    account_id = state.session.info[ACCOUNT]
    if state.is_insert:
        given: Any = state.parameters
        rows = given if isinstance(given, list) else [given or {}]
        for row in rows:
            if "account_id" in row and row["account_id"] != account_id:
                raise ForeignRow(str(row.get("id")))
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantRow, lambda cls: cls.account_id == account_id, include_aliases=True
        )
    )


def _own(session: Session, context: Any, instances: Any) -> None:
    del context, instances
    account_id = session.info[ACCOUNT]
    for row in session.new:
        if isinstance(row, TenantRow):
            row.account_id = row.account_id or account_id
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantRow) and row.account_id != account_id:
            raise ForeignRow(f"{type(row).__name__} {row.id}")
