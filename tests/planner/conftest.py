"""A site with a small keyword list, a little knowledge, and people with different rights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8 import accounts
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.context import Context

KEYWORDS = """Keyword,Intent,Volume,Keyword Difficulty,CPC (USD)
bike hire leeds,Transactional,900,30,1.20
hire a bike leeds,,400,,
bike hire prices,,150,25,0.80
e-bike hire leeds,,120,20,1.10
chain cleaning,,700,15,0.20
how to clean a bike chain,,650,12,0.10
bike chain cleaner,,500,22,0.60
clean bike chain at home,,90,,
halfords kirkstall,,800,40,0.90
halfords leeds,,700,41,0.95
fernhill cycles,,300,5,
fernhill cycles opening times,,80,4,
menstrual calendar,,9000,70,0.30
"""
HIRE = """---
kind: service
title: Bike hire in Leeds
price: 25
area_served: [Leeds, Kirkstall]
terms: [bike hire, e-bike hire, bike hire prices]
---

## The hire fleet

Every hire bike in Leeds is checked between hires. Ask at Fernhill for the size.

## Hire prices

- Day: £25
- Weekend: £40
"""
CHAIN = """---
kind: guide
title: Cleaning a bike chain
terms: [chain cleaning, bike chain cleaner, clean bike chain at home]
---

## How to clean a chain

1. Wipe the chain with a rag.
2. Brush degreaser into the links.

## Questions

### How often?

Every two weeks in winter.
"""


@pytest.fixture
def site(ctx: Context) -> str:
    """A site that knows something of hiring bikes and cleaning chains."""
    made = accounts.add_site(ctx, "fernhill", identity={"name": "Fernhill Cycles"})
    knowledge = ctx.config.site_folder("fernhill") / "knowledge"
    knowledge.mkdir()
    (knowledge / "bike-hire.md").write_text(HIRE)
    (knowledge / "chain.md").write_text(CHAIN)
    return made.slug


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A keyword export in the layout of Semrush."""
    file = tmp_path / "keywords.csv"
    file.write_text(KEYWORDS)
    return file


@pytest.fixture
def viewer(app: App, ctx: Context, site: str) -> Context:
    """Somebody who may look at the site."""
    accounts.add_user(ctx, "vera@acme.example", Role.VIEWER)
    accounts.grant_access(ctx, "vera@acme.example", site)
    return app.context(Who(email="vera@acme.example"))


@pytest.fixture
def stranger(app: App) -> Context:
    """The owner of another account of the same store, who has a site of the same name."""
    accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email="owner@other.example",
        monthly_credits=0,
    )
    return app.context(Who(account="other", email="owner@other.example"))


@pytest.fixture
def snapshot(app: App) -> Callable[[], object]:
    """Every row of the store, to see whether anything changed."""
    from sqlalchemy import select

    from igny8.db import Base

    def rows() -> object:
        with app.database.operator_read() as session:
            return {
                name: sorted(map(repr, session.execute(select(table)).all()))
                for name, table in Base.metadata.tables.items()
            }

    return rows
