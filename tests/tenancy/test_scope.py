"""The tenant filter itself: whatever an ORM statement looks like, it meets one account's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, select, union_all, update
from sqlalchemy.orm import Session, aliased

from igny8.app import App
from igny8.context import Context
from igny8.core.ids import new_id
from igny8.db.tenancy import ForeignRow
from igny8.jobs.models import OutboxEvent
from igny8.system.models import ModuleSettingRow as Setting


def setting(name: str, **more: Any) -> dict[str, Any]:
    return {"id": new_id("mod"), "module": name, "is_enabled": True, "config": {}, **more}


def event(subject: str) -> OutboxEvent:
    return OutboxEvent(
        id=new_id("ev"),
        event="tests.done",
        subject=subject,
        actor="a",
        run_id="r",
        payload={},
        created_at=NOW,
    )


@pytest.fixture
def other(app: App, ctx: Context) -> Context:
    """A second account with a row for each that the first one has."""
    from igny8 import accounts
    from igny8.app import Who

    accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email="owner@other.example",
        monthly_credits=0,
    )
    second = app.context(Who(account="other"))
    for each in (ctx, second):
        with each.write() as session:
            session.add(Setting(**setting("planner")))
            session.add(event("planner"))
    return second


NOW = datetime(2026, 11, 23, tzinfo=UTC)
Query = Callable[[], Any]
QUERIES: dict[str, Query] = {
    "entities": lambda: select(Setting),
    "columns": lambda: select(Setting.id),
    "a count": lambda: select(func.count()).select_from(Setting),
    "a count of a subquery": lambda: select(func.count()).select_from(
        select(Setting.id).subquery()
    ),
    "an alias": lambda: select(aliased(Setting)),
    "a self join": lambda: _self_join(),
    "a join": lambda: select(OutboxEvent.id).join(Setting, Setting.module == OutboxEvent.subject),
    "an outer join": lambda: select(Setting.id, OutboxEvent.id).outerjoin(
        OutboxEvent, Setting.module == OutboxEvent.subject
    ),
    "in": lambda: select(OutboxEvent.id).where(OutboxEvent.subject.in_(select(Setting.module))),
    "exists": lambda: select(Setting.id).where(
        exists().where(OutboxEvent.subject == Setting.module)
    ),
    "a scalar subquery": lambda: select(
        select(func.count()).select_from(Setting).scalar_subquery()
    ),
    "a cte": lambda: _cte(),
    "a union": lambda: union_all(select(Setting.id), select(OutboxEvent.id)),
    "group by": lambda: select(Setting.module, func.count()).group_by(Setting.module),
}


def _count_of_subquery() -> Any:
    return select(func.count()).select_from(select(Setting.id).subquery())


def _self_join() -> Any:
    one, two = aliased(Setting), aliased(Setting)
    return select(one.id, two.id).join(two, one.module == two.module)


def _cte() -> Any:
    found = select(Setting.id).cte()
    return select(func.count()).select_from(found)


def _answer(session: Session, query: Any) -> list[Any]:
    return [tuple(row) for row in session.execute(query)]


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_answers_as_if_there_were_no_other_account(
    name: str, app: App, ctx: Context, other: Context
) -> None:
    with app.database.operator_read() as session:
        unscoped = _answer(session, QUERIES[name]())
    with ctx.read() as session:
        crowded = _answer(session, QUERIES[name]())
    with other.write() as session:
        session.execute(delete(Setting))
        session.execute(delete(OutboxEvent))
    with ctx.read() as session:
        alone = _answer(session, QUERIES[name]())
    assert [_shape(row) for row in crowded] == [_shape(row) for row in alone]
    assert alone
    assert len(unscoped) > len(crowded) or unscoped != crowded  # the control


def _shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(cell.id if isinstance(cell, Setting) else cell for cell in row)


def test_an_update_or_delete_of_everything_leaves_other_accounts_alone(
    app: App, ctx: Context, other: Context
) -> None:
    with ctx.write() as session:
        session.execute(update(Setting).values(is_enabled=False))
        session.execute(update(Setting).where(Setting.module == "planner").values(config={"a": 1}))
    with other.read() as session:
        assert session.scalars(select(Setting.is_enabled)).all() == [True]
        assert session.scalars(select(Setting.config)).all() == [{}]
    with ctx.write() as session:
        session.execute(delete(Setting))
    with app.database.operator_read() as session:
        assert session.scalars(select(Setting.account_id)).all() == [other.account.id]


def test_a_row_of_another_account_can_not_be_got_by_its_id(ctx: Context, other: Context) -> None:
    with other.read() as session:
        (theirs,) = session.scalars(select(Setting.id))
    with ctx.read() as session:
        assert session.get(Setting, theirs) is None


FOREIGN: dict[str, Callable[[Session, str], Any]] = {
    "add": lambda s, whose: s.add(Setting(**setting("x", account_id=whose))),
    "insert": lambda s, whose: s.execute(insert(Setting), setting("x", account_id=whose)),
    "insert many": lambda s, whose: s.execute(
        insert(Setting),
        [setting("x", account_id=s.info["account_id"]), setting("y", account_id=whose)],
    ),
    "insert values": lambda s, whose: s.execute(
        insert(Setting).values(**setting("x", account_id=whose))
    ),
    "insert many values": lambda s, whose: s.execute(
        insert(Setting).values(
            [setting("x", account_id=s.info["account_id"]), setting("y", account_id=whose)]
        )
    ),
    "insert from select": lambda s, whose: s.execute(
        insert(Setting).from_select(
            ["id", "account_id", "module"],
            select(OutboxEvent.id, OutboxEvent.account_id, OutboxEvent.run_id),
        )
    ),
    "update": lambda s, whose: s.execute(update(Setting).values(account_id=whose)),
    "give away": lambda s, whose: setattr(s.scalars(select(Setting)).one(), "account_id", whose),
    "merge": lambda s, whose: s.merge(Setting(**setting("x", account_id=whose))),
}


@pytest.mark.parametrize("way", sorted(FOREIGN))
def test_no_statement_writes_a_row_of_another_account(
    way: str, app: App, ctx: Context, other: Context
) -> None:
    with pytest.raises(ForeignRow), ctx.write() as session:
        FOREIGN[way](session, other.account.id)
    with app.database.operator_read() as session:
        assert session.scalar(select(func.count()).select_from(Setting)) == 2


def test_a_new_row_belongs_to_the_account_by_itself(ctx: Context) -> None:
    with ctx.write() as session:
        session.add(Setting(**setting("x")))
    with ctx.read() as session:
        assert session.scalars(select(Setting.account_id)).all() == [ctx.account.id]
