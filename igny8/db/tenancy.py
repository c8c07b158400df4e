"""The tenant filter: a session that acts for an account sees and writes that account's rows only.

Covers ORM selects (columns, joins, counts, subqueries), bulk update and delete, `session.get` and
flushes. It can't see `Model.__table__` selects and raw SQL: ruff bans `text`, a test greps for
`__table__`.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from igny8.db.base import TenantRow

ACCOUNT = "account_id"
_IS_ACCOUNT = re.compile(r"account_id(_m\d+)?")


class ForeignRow(Exception):
    """Somebody tried to write a row of another account: a bug, never a user's mistake."""


def scope(session: Session, account_id: str) -> None:
    """Bind a session to one account."""
    session.info[ACCOUNT] = account_id
    event.listen(session, "do_orm_execute", _filter)
    event.listen(session, "before_flush", _own)


def is_taken(session: Session, model: type[TenantRow], column: str, value: str) -> bool:
    """Whether a row of any account has this value, for what is unique over all of them."""
    values = model.__table__.c[column]
    return session.connection().scalar(select(values).where(values == value)) is not None


def _filter(state: ORMExecuteState) -> None:
    account_id = state.session.info[ACCOUNT]
    if state.is_insert or state.is_update:
        _refuse_foreign(_accounts_given(state) - {account_id})
    if state.is_insert:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantRow, lambda cls: cls.account_id == account_id, include_aliases=True
        )
    )


def _refuse_foreign(accounts: set[Any]) -> None:
    if accounts:
        raise ForeignRow(f"a row of {', '.join(sorted(map(str, accounts)))}")


def _accounts_given(state: ORMExecuteState) -> set[Any]:
    """Accounts that an insert or update names, in its parameters or in its `values()`."""
    statement: Any = state.statement
    if state.is_insert and statement.select is not None:
        raise ForeignRow("nobody can see whose rows `from_select` inserts")
    given: Any = state.parameters
    rows = given if isinstance(given, list) else [given or {}]
    named = {row[ACCOUNT] for row in rows if ACCOUNT in row}
    if not named:
        # Bound in the statement: `account_id`, or `account_id_m0` and on for many rows.
        params = statement.compile().params
        named = {value for name, value in params.items() if _IS_ACCOUNT.fullmatch(name)}
    return named - {None}


def _own(session: Session, context: Any, instances: Any) -> None:
    del context, instances
    account_id = session.info[ACCOUNT]
    for row in session.new:
        if isinstance(row, TenantRow):
            row.account_id = row.account_id or account_id
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantRow) and row.account_id != account_id:
            raise ForeignRow(f"{type(row).__name__} {row.id}")
