"""The pipeline over the stations: order, stopping, running out of credits, switched-off modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from stores import TestApp

from igny8 import accounts, billing, pipeline, planner, system, writer
from igny8.context import Context
from igny8.core.errors import Busy, InsufficientCredits, NotFound
from igny8.core.resources import shipped


@pytest.fixture
def site(ctx: Context, workspace: Path) -> str:
    """A small site with knowledge and a dozen keywords."""
    accounts.add_site(ctx, "shop", identity={"name": "Fernhill"})
    folder = workspace / "sites" / "shop" / "knowledge"
    folder.mkdir(parents=True)
    source = shipped("agency") / "sites" / "fernhill" / "knowledge"
    for name in ("wheel-truing.md", "bottom-bracket.md", "puncture-repair.md"):
        (folder / name).write_bytes((source / name).read_bytes())
    keywords = workspace / "keywords.csv"
    rows = ["keyword,volume"]
    for topic in ("wheel truing", "bottom bracket replacement", "puncture repair"):
        rows += [f"{topic},900", f"{topic} cost,300", f"{topic} leeds,200", f"best {topic},100"]
    keywords.write_text("\n".join(rows) + "\n")
    planner.import_keywords(ctx, "shop", keywords)
    return "shop"


def _line(ctx: Context) -> tuple[pipeline.Station, ...]:
    return pipeline.stations(system.enabled_modules(ctx))


def test_a_run_goes_through_the_line_and_a_second_one_finds_nothing(
    ctx: Context, site: str
) -> None:
    first = pipeline.run(ctx, site, _line(ctx), until="optimization")
    assert [report.station for report in first] == [
        "clusters", "ideas", "tasks", "content", "links", "optimization",
    ]  # fmt: skip
    assert first[3].count == len(writer.contents(ctx, site)) > 0
    spent = billing.balance(ctx).spent
    assert spent == sum(report.credits for report in first) > 0
    second = pipeline.run(ctx, site, _line(ctx), until="optimization")
    assert [report.count for report in second] == [0] * 6
    assert billing.balance(ctx).spent == spent


def test_a_run_stops_at_the_station_that_was_named(ctx: Context, site: str) -> None:
    pipeline.run(ctx, site, _line(ctx), until="ideas")
    assert planner.ideas(ctx, site)
    assert writer.tasks(ctx, site) == []


def test_an_unknown_station_is_named_with_the_nearest(ctx: Context, site: str) -> None:
    with pytest.raises(NotFound, match="contents") as caught:
        pipeline.run(ctx, site, _line(ctx), until="contents")
    assert caught.value.hint == "did you mean `content`?"


def test_without_credits_nothing_is_half_done_and_more_credits_carry_on(
    ctx: Context, site: str
) -> None:
    balance = billing.balance(ctx).available
    pipeline.run(ctx, site, _line(ctx), until="clusters")
    count, price = planner.estimate_ideas(ctx, site)
    assert count > 1
    with (
        ctx.ai.run(  # spend all but the price of one idea
            writer_function(), request(), key="spend", subject="x", units=(balance - 20) * 100
        ) as reply,
        ctx.write() as session,
    ):
        reply.charge(session, (balance - 20) * 100)
    with pytest.raises(InsufficientCredits):
        for _ in range(3):
            done = pipeline.run(ctx, site, _line(ctx), until="ideas")
            if any(p.code == InsufficientCredits.code for r in done for p in r.problems):
                raise InsufficientCredits(price, 0, what="ideas")
    assert len({idea.cluster for idea in planner.ideas(ctx, site)}) == 1
    assert billing.prove(ctx).faults == ()
    billing.grant(ctx, 10_000, reason="test")
    pipeline.run(ctx, site, _line(ctx), until="ideas")
    assert planner.estimate_ideas(ctx, site)[0] == 0


def test_a_switched_off_module_has_no_station(ctx: Context, site: str) -> None:
    system.switch(ctx, "linker", on=False)
    assert "links" not in [station.name for station in _line(ctx)]


def test_a_dry_run_says_what_waits_and_changes_nothing(ctx: Context, site: str) -> None:
    before = billing.prove(ctx)
    found = pipeline.preview(ctx, site, _line(ctx))
    waiting = {station.name: told.count for station, told in found}
    assert waiting["clusters"] == 12
    assert billing.prove(ctx) == before
    assert planner.clusters(ctx, site) == []


def test_two_runs_on_one_site_exclude_each_other(ctx: Context, site: str, workspace: Path) -> None:
    with TestApp(workspace) as other_app, ctx.lock(f"site {site}", "run shop"):
        other = other_app.context()
        with pytest.raises(Busy, match="run shop"):
            pipeline.run(other, site, _line(other))


def writer_function():  # type: ignore[no-untyped-def]
    """The writer's function, as something to spend credits with."""
    from igny8.writer.ai import GENERATE_CONTENT

    return GENERATE_CONTENT


def request():  # type: ignore[no-untyped-def]
    """The smallest request that function takes."""
    from igny8.writer.ai import ContentRequest

    return ContentRequest(
        business="b", locale="en", title="t", entity_type="post", angle="", keywords=["k"],
        questions=[], outline=[], words=1, author="", style="", strategy="", sources=[],
        knowledge=[], used=[],
    )  # fmt: skip
