"""Redirects in every host's format: the same rules, whatever the host reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from small_site import PAGES, SITE, Build, page, snapshot

from igny8.renderer import RenderReport
from igny8.sitebuilder.types import Redirect

ALL = ("netlify", "nginx", "apache", "vercel")
RULES = (
    Redirect("/a/", "/b/"),
    Redirect("/b/", "/guides/"),
    Redirect("/x/", "/y/"),
    Redirect("/y/", "/x/"),
    Redirect("/old/c++ (new).html", "/contact/"),
    Redirect("/caf\u00e9/", "https://other.example/?a=$1&b=%20"),
    Redirect("/last-sale/", "/sale/"),
)
RULES = tuple(replace(r, from_path=r.from_path.replace(" ", "%20")) for r in RULES)


def hosts(build: Build, base_url: str = SITE.base_url, **fields: object) -> dict[str, str]:
    site = replace(SITE, redirect_formats=ALL, base_url=base_url)
    return build(snapshot(site=site, redirects=RULES, gone=("/sale/",)), **fields)


def nginx(text: str, path: str) -> str:
    """What nginx's map gives for a decoded path."""
    plain, patterns = {}, []
    for line in text.splitlines():
        key, value = re.fullmatch(r'"((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)";', line).groups()  # type: ignore[union-attr]
        key, value = (re.sub(r'\\(["\\])', r"\1", each) for each in (key, value))
        if key.startswith("~"):
            patterns.append((key[1:], value))
        else:
            assert key.lower() not in plain, "conflicting parameter"
            plain[key.lower()] = value
    found = [value for pattern, value in patterns if re.search(pattern, path)]
    return plain.get(path.lower(), found[0] if found else "")


def apache(text: str, path: str) -> str:
    """Where a RewriteRule in the site's folder leads a decoded path, or `gone`."""
    for line in text.splitlines():
        if not line.startswith("RewriteRule "):
            continue
        pattern, to = re.fullmatch(r'RewriteRule "(.*)" ("?.*"?) \[.*\]', line).groups()  # type: ignore[union-attr]
        pattern = re.sub(r'\\(["\\])', r"\1", pattern)
        if re.search(pattern, path.removeprefix("/")):
            if to == "-":
                return "gone"
            to = re.sub(r'\\(["\\])', r"\1", to[1:-1])
            assert not re.search(r"(?<!\\)[$%]\d", to), "a reference to a group"
            return re.sub(r"\\(.)", r"\1", to)
    return ""


def vercel(text: str, path: str) -> str:
    for rule in json.loads(text)["redirects"]:
        source = rule["source"]
        assert not re.search(r"(?<!\\)[(){}:*+?]", source), "a pattern"
        if re.sub(r"\\(.)", r"\1", source) == path:
            assert rule["statusCode"] == 301
            return str(rule["destination"])
    return ""


@pytest.mark.parametrize(
    ("path", "encoded", "to"),
    [
        ("/a/", "/a/", "/guides/"),
        ("/a", "/a", "/guides/"),
        ("/b/", "/b/", "/guides/"),
        ("/x/", "/x/", ""),
        ("/old/c++ (new).html", "/old/c++%20(new).html", "/contact/"),
        ("/café/", "/caf%C3%A9/", "https://other.example/?a=$1&b=%20"),
        ("/a/b/", "/a/b/", ""),
        ("/guides/", "/guides/", ""),
    ],
)
def test_all_hosts_lead_an_old_path_to_the_same_end(
    build: Build, path: str, encoded: str, to: str
) -> None:
    files = hosts(build)
    netlify = {line.split()[0].rstrip("/"): line.split()[1] for line in _moved(files)}
    assert netlify.get(encoded.rstrip("/"), "") == to
    assert nginx(files["_redirects.map"], path) == to.replace("$", "%24")
    assert apache(files[".htaccess"], path) == to
    assert vercel(files["vercel.json"], encoded) == to


def _moved(files: dict[str, str]) -> list[str]:
    return [line for line in files["_redirects"].splitlines() if line.endswith(" 301")]


def test_what_has_expired_is_gone_where_the_host_can_say_so_and_so_is_what_led_to_it(
    build: Build,
) -> None:
    files = hosts(build)
    for path in ("/sale/", "/last-sale/"):
        assert f"{path} /404.html 410" in files["_redirects"].splitlines()
        assert nginx(files["_redirects.map"], path) == "gone"
        assert nginx(files["_redirects.map"], path.rstrip("/")) == "gone"
        assert apache(files[".htaccess"], path) == "gone"
        assert vercel(files["vercel.json"], path) == ""
        assert f"{path[1:]}index.html" not in files


def test_a_page_at_an_expired_path_and_a_rule_of_ones_own_end_that_it_is_gone(
    build: Build,
) -> None:
    files = build(
        snapshot(
            *PAGES,
            page("sale", "/sale/"),
            gone=("/sale/", "/offer/"),
            redirects=(Redirect("/offer/", "/sale/"),),
        )
    )
    assert files["_redirects"] == "/offer/ /sale/ 301\n"


def test_paths_that_differ_in_case_alone_do_not_clash_in_nginx(build: Build) -> None:
    site = replace(SITE, redirect_formats=("nginx",))
    rules = (Redirect("/A/", "/guides/"), Redirect("/a/", "/contact/"))
    text = build(snapshot(site=site, redirects=rules))["_redirects.map"]
    assert [nginx(text, each) for each in ("/A/", "/a", "/b/")] == ["/guides/", "/contact/", ""]


def test_below_a_path_every_host_names_it_but_the_one_whose_patterns_are_relative(
    build: Build,
) -> None:
    files = hosts(build, "https://fernhill.example/shop")
    assert nginx(files["_redirects.map"], "/shop/a/") == "/shop/guides/"
    assert vercel(files["vercel.json"], "/shop/a") == "/shop/guides/"
    assert apache(files[".htaccess"], "/a/") == "/shop/guides/"
    assert "/shop/sale/ /shop/404.html 410" in files["_redirects"]


def test_a_site_gets_the_formats_that_it_names_and_without_rules_none(build: Build) -> None:
    names = {"_redirects", "_redirects.map", ".htaccess", "vercel.json"}
    report = RenderReport()
    assert names <= hosts(build, report=report).keys()
    assert {problem.where for problem in report.problems} == {"/x/", "/y/"}
    assert names & build(snapshot(redirects=RULES[:2])).keys() == {"_redirects"}
    site = replace(SITE, redirect_formats=())
    quiet = build(snapshot(site=site, redirects=RULES[:2]))
    assert not names & quiet.keys()
    assert "a/index.html" in quiet
    assert not names & build(snapshot(site=replace(SITE, redirect_formats=ALL))).keys()
