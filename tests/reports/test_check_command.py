"""`igny8 check`: what it prints in each format, and how it ends."""

from __future__ import annotations

import csv
import json
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whole_site import page, whole

from igny8.cli.findings import as_csv, as_junit, as_sarif, lines, summary
from igny8.core.errors import UsageError
from igny8.core.findings import Finding, Rule, Severity, chosen

ROOT = Path(__file__).resolve().parents[2]
DEAD = Rule("links/dead", Severity.ERROR, "a link leads nowhere", "mend it")
LONG = Rule("metadata/title-long", Severity.WARNING, "a title is long", "shorten it")
HOSTILE = "a ]]> \x00\x1b[31m <b> & \"quoted\" 'title' \ud800 \U0001f600"

Igny8 = Callable[..., Any]


@pytest.fixture
def output(igny8: Igny8, workspace: Path) -> Path:
    """A faultless built site of the site `shop`, as somebody else's generator might leave it."""
    igny8("site", "add", "shop")
    folder = workspace / "sites" / "shop" / "output"
    for path, content in whole().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def break_(output: Path) -> None:
    (output / "about" / "index.html").write_bytes(page('<a href="/gone/">x</a><p id="content">'))


def test_a_site_without_a_build_says_how_to_build_it(igny8: Igny8) -> None:
    igny8("site", "add", "shop")
    done = igny8("check", "shop")
    assert done.status == 1
    assert "hint: run `igny8 build shop`" in done.err


def test_the_tracked_site_has_no_error(igny8: Igny8, workspace: Path) -> None:
    shutil.copytree(ROOT / "sites" / "demo", workspace / "sites" / "demo")
    igny8("site", "add", "demo", "--type", "ecommerce")
    content = workspace / "sites" / "demo" / "content"
    igny8("writer", "import", content, "--site", "demo", "--status", "published")
    igny8("build", "demo")
    done = igny8("check", "demo", "--json")
    found = json.loads(done.out)
    assert [each for each in found["findings"] if each["severity"] == "error"] == []
    assert done.status == 0
    assert found["passed"] is True
    assert found["pages"] > 5


def test_a_whole_site_says_that_there_is_nothing_to_mend(igny8: Igny8, output: Path) -> None:
    done = igny8("check", "shop")
    assert (done.status, done.out) == (0, "3 pages: nothing to mend\n")


def test_findings_are_grouped_numbered_and_summed_up(igny8: Igny8, output: Path) -> None:
    break_(output)
    done = igny8("check", "shop")
    assert done.status == 1
    shown = done.out.splitlines()
    assert shown[0] == "error  links/dead  a link leads to a page or file that is not there (1)"
    assert shown[1] == "  1. about/index.html:15  /gone/ is not there"
    assert "  2. about/index.html:15  the id `content` is on line 13 already" in shown
    assert shown[-1] == "3 pages: 2 errors"


def test_fail_on_decides_the_exit_status(igny8: Igny8, output: Path) -> None:
    (output / "about" / "index.html").write_bytes(page(description=""))
    assert igny8("check", "shop").status == 0
    assert igny8("check", "shop", "--fail-on", "warning").status == 1
    assert igny8("check", "shop", "--fail-on", "notice").status == 1
    assert igny8("check", "shop", "--fail-on", "never").status == 0
    assert igny8("check", "shop", "--fail-on", "horror").status == 2
    igny8("site", "set", "shop", "check.fail_on", "warning")
    assert igny8("check", "shop").status == 1
    assert igny8("check", "shop", "--fail-on", "error").status == 0


def test_rules_are_chosen_by_name_and_by_family(igny8: Igny8, output: Path) -> None:
    break_(output)

    def rules(*words: str) -> set[str]:
        done = igny8("check", "shop", "--json", *words)
        return {each["rule"] for each in json.loads(done.out)["findings"]}

    assert rules() == {"links/dead", "markup/duplicate-id"}
    assert rules("--rules", "links") == {"links/dead"}
    assert rules("--ignore", "links/dead") == {"markup/duplicate-id"}
    assert rules("--ignore", "links", "--ignore", "markup") == set()
    igny8("site", "set", "shop", "check.ignore", "markup")
    assert rules() == {"links/dead"}
    wrong = igny8("check", "shop", "--rules", "link")
    assert wrong.status == 2
    assert "did you mean `links`?" in wrong.err


def test_budgets_are_settings_of_the_site(igny8: Igny8, output: Path) -> None:
    (output / "about" / "index.html").write_bytes(page(f"<p>{'word ' * 500}</p>"))
    assert igny8("check", "shop").out == "3 pages: nothing to mend\n"
    igny8("site", "set", "shop", "check.page_kb", "2")
    assert "weigh 3." in igny8("check", "shop").out


def test_another_folder_is_checked_as_it_lies(igny8: Igny8, output: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(output, elsewhere)
    break_(elsewhere)
    (elsewhere / "about" / "linked.html").symlink_to(output / "index.html")
    done = igny8("check", "shop", "--out", elsewhere, "--json")
    assert json.loads(done.out)["counts"] == {"error": 2, "warning": 0, "notice": 0}
    assert igny8("check", "shop").status == 0


def test_links_left_as_plain_text_are_listed(igny8: Igny8, workspace: Path) -> None:
    igny8("site", "add", "shop")
    (workspace / "posts").mkdir()
    for slug, body in (("now", "Read [what comes](igny8:LATER) soon."), ("later", "Later.")):
        text = f"---\ntitle: About {slug}\nslug: {slug}\n---\n{body}\n"
        (workspace / "posts" / f"{slug}.md").write_text(text)
    igny8("writer", "import", workspace / "posts", "--site", "shop", "--status", "published")
    igny8("build", "shop")
    found = json.loads(igny8("check", "shop", "--json", "--rules", "links/unresolved").out)
    (left,) = found["findings"]
    assert left["severity"] == "notice"
    assert "LATER" in left["message"]
    assert left["path"].endswith("now/index.html")


def test_limit_counts_for_each_rule(igny8: Igny8, output: Path) -> None:
    many = "".join(f'<a href="/gone-{n}/">x</a>' for n in range(9)) + "<h4>x</h4>"
    (output / "about" / "index.html").write_bytes(page(many))
    shown = igny8("check", "shop").out
    assert "     and 4 more; --limit 0 shows all" in shown
    assert "markup/heading-order" in shown
    assert "gone-8" in igny8("check", "shop", "--limit", "0").out
    assert len(json.loads(igny8("check", "shop", "--json").out)["findings"]) == 10
    assert len(json.loads(igny8("check", "shop", "--json", "--limit", "2").out)["findings"]) == 3


@pytest.mark.parametrize("name", ["csv", "junit", "sarif"])
def test_a_format_for_machines_is_all_that_stdout_gets(
    name: str, igny8: Igny8, output: Path
) -> None:
    break_(output)
    done = igny8("check", "shop", "--format", name)
    assert done.status == 1
    if name == "csv":
        rows = list(csv.DictReader(done.out.splitlines()))
        assert [row["rule"] for row in rows] == ["links/dead", "markup/duplicate-id"]
    elif name == "junit":
        suite = ElementTree.fromstring(done.out)
        assert suite.get("failures") == "2"
        assert suite.get("tests") == str(len(suite.findall(".//testcase")))
    else:
        results = json.loads(done.out)["runs"][0]["results"]
        place = results[0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "sites/shop/output/about/index.html"
        assert place["region"] == {"startLine": 15}


def test_an_unknown_format_names_those_that_are(igny8: Igny8, output: Path) -> None:
    done = igny8("check", "shop", "--format", "xml")
    assert done.status == 2
    assert "junit" in done.err


def test_junit_takes_any_text_and_passes_what_is_below_the_threshold() -> None:
    found = [DEAD.at("a b/<x>.html", HOSTILE, 3), LONG.at("c.html", "long")]
    root = ElementTree.fromstring(as_junit(found, [DEAD, LONG], suite="x", limit=Severity.ERROR))
    cases = root.findall(".//testcase")
    assert [len(case.findall("failure")) for case in cases] == [1, 0]
    assert cases[1].findtext("system-out") == "warning: c.html: long\nhint: shorten it"
    failure = cases[0].find("failure")
    assert failure is not None
    assert "]]> ��[31m <b>" in str(failure.get("message"))
    none = ElementTree.fromstring(as_junit(found, [DEAD, LONG], suite="x", limit=None))
    assert none.get("failures") == "0"


def test_junit_has_a_passing_case_for_a_rule_that_nothing_breaks() -> None:
    root = ElementTree.fromstring(as_junit([], [DEAD, LONG], suite="x", limit=Severity.ERROR))
    assert [case.get("classname") for case in root.findall(".//testcase")] == [DEAD.id, LONG.id]
    assert root.get("tests") == "2"


def test_sarif_names_rules_levels_and_places() -> None:
    found = [DEAD.at("a b.html", "x", 3), LONG.at("c.html", "y")]
    log = json.loads(as_sarif(found, [LONG, DEAD], folder="out"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert [driver["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert [each["level"] for each in run["results"]] == ["error", "warning"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "out/a%20b.html"
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_a_sarif_fingerprint_stays_when_lines_move() -> None:
    prints = {
        str(
            json.loads(as_sarif([DEAD.at("a", "x", n)], [DEAD]))["runs"][0]["results"][0][
                "partialFingerprints"
            ]
        )
        for n in (1, 2)
    }
    assert len(prints) == 1


def test_csv_disarms_formulas() -> None:
    text = as_csv([DEAD.at("a.html", "=HYPERLINK(1)")])
    assert text.splitlines()[1].split(",")[4].startswith("'=")


def test_a_hint_of_its_own_is_shown_with_its_finding() -> None:
    shown = lines([DEAD.at("a", "x", hint="did you mean /b/?"), DEAD.at("b", "y")], [DEAD], 0)
    assert shown[1:3] == ["  1. a  x", "     hint: did you mean /b/?"]
    assert shown[3:] == ["  2. b  y", "  hint: mend it\n"]


def test_the_summary_counts_one_and_many() -> None:
    one: list[Finding] = [DEAD.at("a", "x")]
    assert summary(one, "2 pages") == "2 pages: 1 error"
    assert summary([*one, LONG.at("a", "x"), LONG.at("b", "x")], "2 pages") == (
        "2 pages: 1 error, 2 warnings"
    )


def test_what_is_ignored_wins_over_what_is_asked_for() -> None:
    assert chosen([DEAD, LONG], ["links"], ["links/dead"]) == frozenset()
    assert chosen([DEAD, LONG]) == {DEAD.id, LONG.id}
    with pytest.raises(UsageError, match="no rule `dead`"):
        chosen([DEAD, LONG], ["dead"])
