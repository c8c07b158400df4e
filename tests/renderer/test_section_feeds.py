"""Feeds of sections and terms: what they hold, and where a reader finds them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from small_site import PAGES, SITE, Build, page, snapshot

from igny8.sitebuilder.types import PageKind

ATOM = "{http://www.w3.org/2005/Atom}"
NEWS = page("news", "/r&d/", PageKind.LISTING, title='R&D "now" <b>', summary="What & why.")
POSTS = tuple(
    page(
        f"n{number}",
        f"/r&d/n{number}/",
        PageKind.POST,
        parent_id="news",
        published_on=date(2026, 1, 1 + number),
        terms=(("tags", "Winter"),) if number == 3 else (),
        body_html='<p>A <a href="/contact/">link</a>, <a href="igny8:gone">none</a>, \x0b.</p>',
    )
    for number in range(25)
)
QUIET = (
    page("draftish", "/r&d/undated/", PageKind.POST, parent_id="news"),
    page(
        "hidden",
        "/r&d/hidden/",
        PageKind.POST,
        parent_id="news",
        published_on=date(2026, 9, 9),
        is_noindex=True,
    ),
)
SHOP = replace(SITE, base_url="https://fernhill.example/shop")


def alternates(html: str) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]*" href="([^"]+)">', html)
    return {unescape(href): kind for kind, href in found}


@pytest.fixture
def files(build: Build) -> dict[str, str]:
    return build(snapshot(*PAGES, NEWS, *POSTS, *QUIET, site=SHOP))


def test_a_section_has_three_feeds_of_its_newest_posts_with_the_ids_of_the_sites_feed(
    files: dict[str, str],
) -> None:
    expected = [f"tag:fernhill.example,2026-01-{1 + n:02}:n{n}" for n in range(24, 4, -1)]
    rss = ET.fromstring(files["r&d/feed.xml"])
    assert [item.text for item in rss.iterfind("channel/item/guid")] == expected
    assert rss.findtext("channel/title") == 'R&D "now" <b> – Fernhill Cycles'
    assert rss.findtext("channel/description") == "What & why."
    atom = ET.fromstring(files["r&d/atom.xml"])
    assert [each.text for each in atom.iterfind(f"{ATOM}entry/{ATOM}id")] == expected
    data = json.loads(files["r&d/feed.json"])
    assert [item["id"] for item in data["items"]] == expected
    site = {item["id"] for item in json.loads(files["feed.json"])["items"]}
    assert len(site & set(expected)) == 19


def test_every_address_in_a_sections_feeds_is_absolute_and_its_own(files: dict[str, str]) -> None:
    base = "https://fernhill.example/shop/r&d/"
    atom = ET.fromstring(files["r&d/atom.xml"])
    links = {each.get("rel"): each.get("href") for each in atom.iterfind(f"{ATOM}link")}
    assert links == {"self": base + "atom.xml", "alternate": base}
    assert atom.findtext(f"{ATOM}id") == base
    rss = ET.fromstring(files["r&d/feed.xml"])
    own = rss.find(f"channel/{ATOM}link")
    assert own is not None
    assert own.get("href") == base + "feed.xml"
    data = json.loads(files["r&d/feed.json"])
    assert (data["feed_url"], data["home_page_url"]) == (base + "feed.json", base)
    assert data["items"][0]["url"] == base + "n24/"
    assert 'href="https://fernhill.example/shop/contact/"' in data["items"][0]["content_html"]
    assert not re.search(r'(?:href|src)="/', data["items"][0]["content_html"])


def test_a_terms_feed_holds_the_posts_of_the_term_alone(files: dict[str, str]) -> None:
    items = json.loads(files["topics/winter/feed.json"])["items"]
    assert [item["title"] for item in items] == ["Chains & wear", "N3"]


def test_a_page_names_its_own_feeds_before_the_sites_and_no_others(files: dict[str, str]) -> None:
    site = ["/shop/feed.xml", "/shop/atom.xml", "/shop/feed.json"]
    own = [each.replace("/shop/", "/shop/r&d/") for each in site]
    for path in ("r&d/index.html", "r&d/page/2/index.html"):
        assert list(alternates(files[path])) == own + site
    found = alternates(files["topics/winter/index.html"])
    assert found["/shop/topics/winter/feed.json"] == "application/feed+json"
    for path in ("index.html", "services/index.html", "r&d/n3/index.html"):
        assert list(alternates(files[path])) == site
    for name in ("feed.xml", "atom.xml", "feed.json"):
        assert f"services/{name}" not in files
        assert not [path for path in files if path.endswith(f"/n3/{name}")]
    linked = {href for path in files if path.endswith(".html") for href in alternates(files[path])}
    assert {href.removeprefix("/shop/") for href in linked} <= files.keys()


def test_hidden_sections_and_sites_that_want_none_have_no_feeds_of_sections(build: Build) -> None:
    hidden = build(snapshot(*PAGES, replace(NEWS, is_noindex=True), *POSTS))
    assert "r&d/feed.xml" not in hidden
    quiet = build(snapshot(*PAGES, NEWS, *POSTS, site=replace(SITE, section_feeds=False)))
    assert [path for path in quiet if path.endswith("feed.xml")] == ["feed.xml"]
    assert "/r&amp;d/feed.xml" not in quiet["r&d/index.html"]
