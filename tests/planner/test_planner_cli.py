"""The planner on the command line: what it prints, how it ends, what wrong input gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts
from igny8.context import Context

Run = Callable[..., Any]


def test_the_line_from_export_to_ideas(igny8: Run, site: str, export: Path) -> None:
    imported = igny8("planner", "import", export, "--site", site)
    assert imported.status == 0
    assert "13 keywords added" in imported.out
    assert f"next: igny8 planner cluster --site {site}" in imported.err
    clustered = igny8("planner", "cluster", "--site", site, "--method", "local", "--json")
    assert clustered.status == 0
    assert json.loads(clustered.out)["keyword_count"] == 13
    ideated = igny8("planner", "ideate", "--site", site, "--json")
    assert ideated.status == 0
    made = json.loads(ideated.out)
    assert made["credits"] == 15 * len({idea["cluster"] for idea in made["ideas"]})
    listed = json.loads(igny8("planner", "ideas", "--site", site, "--json").out)
    assert [idea["id"] for idea in listed] == [idea["id"] for idea in made["ideas"]]
    again = igny8("planner", "ideate", "--site", site)
    assert (again.status, again.out) == (0, "every cluster has its idea\n")


def test_keywords_as_json_name_their_cluster_or_null(igny8: Run, site: str, export: Path) -> None:
    igny8("planner", "import", export, "--site", site)
    igny8("planner", "cluster", "--site", site)
    rows = json.loads(igny8("planner", "keywords", "--site", site, "--json").out)
    assert len(rows) == 13
    known = json.loads(igny8("planner", "clusters", "--site", site, "--json").out)
    ids = {cluster["id"] for cluster in known}
    assert {row["cluster"] for row in rows} == ids | {None}
    assert {row["cluster"] is None for row in rows if row["keyword"] == "menstrual calendar"} == {
        True
    }
    labels = {cluster["id"]: cluster["label"] for cluster in known}
    assert all(row["cluster_label"] == labels.get(row["cluster"]) for row in rows)


def test_a_table_is_limited_and_says_so(igny8: Run, site: str, export: Path) -> None:
    igny8("planner", "import", export, "--site", site)
    ran = igny8("planner", "keywords", "--site", site, "--limit", 3)
    assert ran.status == 0
    assert "3 of 13 shown" in ran.err
    assert igny8("planner", "keywords", "--site", site, "--format", "count").out == "13\n"
    fields = ("--fields", "keyword,volume", "--sort", "keyword", "--limit", 1)
    ran = igny8("planner", "keywords", "--site", site, "--format", "csv", *fields)
    assert ran.out == "keyword,volume\nbike chain cleaner,500\n"


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x01\x89PNG\x0a" * 40, b"Keyword,Volume\n,3\n"])
def test_an_unfit_file_is_an_error_with_a_hint(
    igny8: Run, site: str, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    ran = igny8("planner", "import", file, "--site", site)
    assert (ran.status, ran.out) == (1, "")
    assert "error: odd.csv" in ran.err
    assert "hint: " in ran.err
    assert igny8("planner", "keywords", "--site", site, "--format", "count").out == "0\n"


def test_names_that_do_not_exist_offer_the_nearest(igny8: Run, site: str, export: Path) -> None:
    ran = igny8("planner", "import", export, "--site", "fernhil")
    assert (ran.status, "did you mean `fernhill`?" in ran.err) == (1, True)
    ran = igny8("planner", "import", export.with_name("missing.csv"), "--site", site)
    assert (ran.status, "missing.csv" in ran.err) == (1, True)
    ran = igny8("planner", "keywords", "--site", site, "--sort", "volum")
    assert (ran.status, "did you mean `volume`?" in ran.err) == (2, True)
    igny8("planner", "import", export, "--site", site)
    igny8("planner", "cluster", "--site", site)
    ran = igny8("planner", "lock", "bike hire leed", "--site", site)
    assert (ran.status, "did you mean `bike hire leeds`?" in ran.err) == (1, True)


def test_edits_on_the_command_line(igny8: Run, site: str, export: Path) -> None:
    igny8("planner", "import", export, "--site", site)
    igny8("planner", "cluster", "--site", site)

    def home(keyword: str) -> str | None:
        rows = json.loads(igny8("planner", "keywords", "--site", site, "--json").out)
        return next(row["cluster"] for row in rows if row["keyword"] == keyword)

    hire, chain = home("bike hire leeds"), home("chain cleaning")
    assert igny8("planner", "move", "menstrual calendar", "--to", hire, "--site", site).status == 0
    assert home("menstrual calendar") == hire
    assert igny8("planner", "move", "menstrual calendar", "--out", "--site", site).status == 0
    assert home("menstrual calendar") is None
    assert igny8("planner", "move", "menstrual calendar", "--site", site).status == 2
    ran = igny8("planner", "ignore", "halfords leeds", "--site", site)
    assert ran.out == "1 of 1 keywords ignored\n"
    ran = igny8("planner", "split", hire, "e-bike hire leeds", "--label", "E-bikes", "--site", site)
    assert ran.out == "`E-bikes` holds 1 keywords\n"
    assert igny8("planner", "lock", chain, "--site", site).out == "1 of 1 clusters locked\n"
    ran = igny8("planner", "lock", chain, "--undo", "--site", site)
    assert ran.out == "1 of 1 clusters unlocked\n"
    assert igny8("planner", "merge", hire, chain, "E-bikes", "--site", site).status == 0
    assert home("chain cleaning") == home("e-bike hire leeds") == hire


def test_without_credits_ideate_ends_with_five_and_the_way_out(
    igny8: Run, app: Any, ctx: Context, site: str, export: Path
) -> None:
    accounts.create_account(
        app.database,
        app.clock,
        slug="poor",
        name="Poor",
        owner_email="owner@poor.example",
        monthly_credits=0,
    )
    of_poor = ("--account", "poor", "--as", "owner@poor.example")
    assert igny8("site", "add", "poor", *of_poor).status == 0
    assert igny8("planner", "import", export, "--site", "poor", *of_poor).status == 0
    assert igny8("planner", "cluster", "--site", "poor", *of_poor).status == 0
    ran = igny8("planner", "ideate", "--site", "poor", *of_poor)
    assert (ran.status, ran.out) == (5, "")
    assert "needs 15 credits, 0 are available" in ran.err
    assert "igny8 credits grant" in ran.err
    assert igny8("credits", "grant", 15, *of_poor).status == 0
    ran = igny8("planner", "ideate", "--site", "poor", *of_poor)
    assert ran.status == 5
    assert "for 15 credits" in ran.out


def test_a_viewer_may_look_only(igny8: Run, viewer: Context, site: str, export: Path) -> None:
    as_viewer = ("--as", "vera@acme.example", "--site", site)
    assert igny8("planner", "keywords", *as_viewer).status == 0
    ran = igny8("planner", "import", export, *as_viewer)
    assert (ran.status, "viewer" in ran.err) == (4, True)
    assert igny8("planner", "keywords", "--site", site, "--format", "count").out == "0\n"
