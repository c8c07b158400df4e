"""Import and export: files in, items out, and the same files out again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, sitebuilder, writer
from igny8.context import Context
from igny8.core.errors import InvalidInput
from igny8.core.outcome import Outcome
from igny8.writer import EntityType, Source, Status, SyncStatus
from igny8.writer.exchange import from_file, to_file

SITE = "fernhill"
Import = Callable[..., Outcome[tuple[str, str]]]


def test_front_matter_is_read_as_generators_spell_it(ctx: Context, import_text: Import) -> None:
    import_text(
        {
            "2024/wheel-truing.md": "---\n"
            "title: Wheel truing\n"
            "date: 2024-05-01T09:30:00Z\n"
            "description: How we true a wheel.\n"
            "tags: [wheels, repair]\n"
            "categories: Repairs, Workshop\n"
            "author: mara\n"
            "draft: true\n"
            "noindex: true\n"
            "type: service\n"
            "---\n# Wheel truing\n"
        }
    )
    item = writer.content(ctx, SITE, "wheel-truing")
    assert item.title == "Wheel truing"
    assert item.published_on == date(2024, 5, 1)
    assert item.meta_description == "How we true a wheel."
    assert item.tags == ("wheels", "repair")
    assert item.categories == ("Repairs", "Workshop")
    assert (item.author, item.status) == ("mara", Status.DRAFT)
    assert item.is_noindex
    assert item.entity_type is EntityType.SERVICE
    assert (item.source, item.sync_status) == (Source.CUSTOM, SyncStatus.IMPORTED)


def test_a_file_without_front_matter_is_named_after_its_path(
    ctx: Context, import_text: Import
) -> None:
    import_text({"bike_hire-leeds.md": "Text.\n", "about/index.md": "About us.\n"})
    titles = {item.slug: item.title for item in writer.contents(ctx, SITE)}
    assert titles == {"about": "About", "bike-hire-leeds": "Bike hire leeds"}


def test_what_the_command_says_wins_over_the_file(ctx: Context, import_text: Import) -> None:
    import_text(
        {"a.md": "---\nstatus: draft\ntype: page\n---\nText.\n"},
        status=Status.PUBLISHED,
        source=Source.WORDPRESS,
        entity_type=EntityType.PRODUCT,
    )
    item = writer.content(ctx, SITE, "a")
    assert item.status is Status.PUBLISHED
    assert item.source is Source.WORDPRESS
    assert item.entity_type is EntityType.PRODUCT


def test_unknown_keys_are_kept_and_come_back(ctx: Context, import_text: Import) -> None:
    import_text({"a.md": "---\nlayout: wide\nseo: {priority: 0.5, 1: x}\n---\nText.\n"})
    item = writer.content(ctx, SITE, "a")
    assert item.extra == {"layout": "wide", "seo": {"priority": 0.5, "1": "x"}}
    again = from_file("a.md", to_file(item), locale="en-GB")
    assert again.extra == item.extra


def test_a_body_keeps_its_bytes(ctx: Context, import_text: Import) -> None:
    body = "# One\r\n\r\nA line  \r\nand\ta tab; no newline at the end"
    import_text({"a.md": b"---\r\ntitle: A\r\n---\r\n" + body.encode()})
    assert writer.content(ctx, SITE, "a").body == body


def test_a_second_import_changes_nothing(ctx: Context, import_text: Import) -> None:
    texts: dict[str, str | bytes] = {
        "a.md": "---\ntitle: A\ndate: 2024-05-01\nx: {1: y}\n---\r\nText.\r\n",
        "b.html": "<p>Text</p>",
    }
    assert dict(import_text(texts).done) == {"a": "added", "b": "added"}
    before = writer.contents(ctx, SITE)
    assert dict(import_text(texts).done) == {"a": "unchanged", "b": "unchanged"}
    assert writer.contents(ctx, SITE) == before


@pytest.mark.parametrize(
    "change",
    ["New text.", "---\ntype: page\n---\nText.", "---\nnoindex: true\n---\nText."],
)
def test_a_changed_file_is_a_new_version(ctx: Context, import_text: Import, change: str) -> None:
    import_text({"a.md": "Text."})
    assert dict(import_text({"a.md": change}).done) == {"a": "updated"}
    assert writer.content(ctx, SITE, "a").version == 2
    assert [version.body for version in writer.versions(ctx, SITE, "a")] == ["Text."]
    assert dict(import_text({"a.md": change}).done) == {"a": "unchanged"}


def test_importing_again_does_not_change_an_items_status(ctx: Context, import_text: Import) -> None:
    import_text({"a.md": "Text."})
    writer.set_status(ctx, SITE, "a", Status.APPROVED)
    import_text({"a.md": "---\nstatus: draft\n---\nNew text."})
    assert writer.content(ctx, SITE, "a").status is Status.APPROVED


BAD: dict[str, tuple[bytes, str]] = {
    "latin1.md": ("Café".encode("latin-1"), "not UTF-8"),
    "open.md": (b"---\ntitle: A\nText", "no end"),
    "twice.md": (b"---\ntitle: A\ntitle: B\n---\nText", "twice"),
    "status.md": (b"---\nstatus: publshed\n---\nText", "`status` is `publshed`"),
    "date.md": (b"---\ndate: soon\n---\nText", "`date` is `soon`"),
    "flag.md": (b"---\nnoindex: yes\n---\nText", "`noindex` is `yes`"),
    "draft.md": (b"---\ndraft: 'no'\n---\nText", "`draft` is `no`"),
    "toml.md": (b'+++\ntitle = "A"\n+++\nText', "TOML"),
    "zero.md": (b"Text\0", "zero byte"),
    "zero2.md": (b'---\ntitle: "A\\0B"\n---\nText', "zero byte"),
    "long.md": (b"---\ntitle: " + b"a" * 501 + b"\n---\nText", "longer than 500"),
    "locale.md": (b"---\nlocale: english please\n---\nText", "`locale`"),
    "blocks.md": (b"---\nblocks: [prototype]\n---\nText", "`blocks`"),
    "block.md": (b"---\nblocks: [{data: {}}]\n---\nText", "a block has a `type`"),
    "tags.md": (b"---\ntags: {a: b}\n---\nText", "`tags`"),
    "big.md": (b"a" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
}


def test_a_file_that_does_not_read_is_a_problem_and_the_others_go_in(
    ctx: Context, import_text: Import
) -> None:
    outcome = import_text(
        {"good.md": "Text.", "other.md": "Text.", **{name: data for name, (data, _) in BAD.items()}}
    )
    assert dict(outcome.done) == {"good": "added", "other": "added"}
    said = {problem.where: problem.message for problem in outcome.problems}
    assert said.keys() == BAD.keys()
    for name, (_, reason) in BAD.items():
        assert reason in said[name], name
        assert said[name].startswith(name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_problem(import_text: Import, files: Path) -> None:
    (files / "secret.md").write_text("x")
    (files / "secret.md").chmod(0)
    outcome = import_text({"good.md": "Text."})
    assert [problem.where for problem in outcome.problems] == ["secret.md"]


def test_two_files_with_one_slug_are_named_and_neither_overwrites_the_other(
    ctx: Context, import_text: Import
) -> None:
    texts: dict[str, str | bytes] = {
        "products/pricing.md": "Of products.",
        "services/pricing.md": "Of services.",
    }
    for verdict in ("added", "unchanged"):
        outcome = import_text(texts)
        assert outcome.done == (("pricing", verdict),)
        (problem,) = outcome.problems
        assert problem.where == "services/pricing.md"
        assert "products/pricing.md" in problem.message
    assert writer.content(ctx, SITE, "pricing").body == "Of products."
    assert writer.content(ctx, SITE, "pricing").version == 1


def test_twins_are_found_however_many_files_lie_between(import_text: Import) -> None:
    texts: dict[str, str | bytes] = {f"a{number:03}.md": "Text." for number in range(205)}
    outcome = import_text({**texts, "z.md": "---\nslug: a000\n---\nOther."})
    assert len(outcome.done) == 205
    assert [problem.where for problem in outcome.problems] == ["z.md"]


def test_symbolic_links_and_hidden_folders_are_passed_over(
    import_text: Import, files: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("Secret.")
    (files / "link.md").symlink_to(outside / "secret.md")
    (files / "folder").symlink_to(outside, target_is_directory=True)
    outcome = import_text({"good.md": "Text.", ".git/notes.md": "Not content."})
    assert outcome.done == (("good", "added"),)
    assert outcome.problems == ()


def test_a_folder_with_nothing_to_read_is_an_error(import_text: Import) -> None:
    with pytest.raises(InvalidInput, match="no Markdown or HTML"):
        import_text({"picture.png": b"\x89PNG"})


def test_a_path_that_is_not_there_or_no_text_is_an_error(
    ctx: Context, site: accounts.Site, files: Path
) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        writer.import_files(ctx, SITE, files / "nothing.md")
    (files / "list.csv").write_text("a,b")
    with pytest.raises(InvalidInput, match="neither Markdown nor HTML"):
        writer.import_files(ctx, SITE, files / "list.csv")


def test_scripts_in_an_imported_page_are_inert_and_its_bytes_stay(
    ctx: Context, import_text: Import
) -> None:
    body = (
        '<p onclick="steal()">Hello</p><script>steal()</script><a href="javascript:steal()">x</a>'
    )
    import_text(
        {"a.html": body, "b.md": f"# B\n\n{body}\n\n[x](javascript:steal())"},
        status=Status.PUBLISHED,
    )
    assert writer.content(ctx, SITE, "a").body == body
    snapshot = sitebuilder.take_snapshot(ctx, SITE)
    bodies = list(
        snapshot.bodies([page.body_key for page in snapshot.pages if page.body_key]).values()
    )
    assert len(bodies) == 2
    for html in bodies:
        assert "Hello" in html
        assert "<script" not in html
        assert "onclick" not in html.replace("&quot;", '"').split("Hello")[0] or "&lt;p" in html
        assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("title", "slug"),
    [("🚲🚲", "item"), ("مرحبا بالعالم", "item"), ("Ünïcode Straße", "unicode-strasse")],
)
def test_a_title_of_any_script_gets_a_slug_and_stays_as_it_is(
    ctx: Context, import_text: Import, title: str, slug: str
) -> None:
    import_text({f"{title}.md": f"---\ntitle: {title}\n---\nText."})
    item = writer.content(ctx, SITE, slug)
    assert item.title == title
    assert from_file("x.md", to_file(item), locale="en-GB").title == title


def test_a_dry_run_says_what_would_happen_and_does_not(ctx: Context, import_text: Import) -> None:
    import_text({"a.md": "Text.", "b.md": "Text."})
    before = writer.contents(ctx, SITE)
    outcome = import_text({"a.md": "New.", "c.md": "Text."}, dry_run=True)
    assert dict(outcome.done) == {"a": "updated", "b": "unchanged", "c": "added"}
    assert writer.contents(ctx, SITE) == before


FULL = """---
title: 'Tyres: which?'
slug: tyres
type: product
status: approved
locale: en-GB
date: '2024-05-01'
description: Which tyres fit.
meta_title: Tyres | Fernhill
keywords:
- bike tyres
tags:
- tyres
categories:
- Parts
author: mara
source: wordpress
sync_status: synced
external_id: '41'
noindex: true
structure_data:
  price: 24.5
  sizes:
  - 28
  - '032'
blocks:
- type: faq
  data:
    title: Asked often
    items:
    - question: Which?
      answer: Yours.
unverified:
- kind: number
  text: '41'
  start: 3
  end: 5
layout: wide
---
# Tyres\r
No newline at the end"""


def test_a_file_comes_back_byte_for_byte(
    ctx: Context, import_text: Import, files: Path, tmp_path: Path
) -> None:
    import_text(
        {
            "products/tyres.md": FULL,
            "page.html": "<p>Text</p>\n",
            "de.md": "---\nlocale: de\n---\nT",
        }
    )
    first = tmp_path / "first"
    writer.export_files(ctx, SITE, first)
    assert _without_ids((first / "products" / "tyres.md").read_bytes()) == FULL.encode()
    assert (first / "posts" / "page.html").read_text().endswith("---\n<p>Text</p>\n")
    assert (first / "posts" / "de" / "de.md").exists()
    assert writer.export_files(ctx, SITE, first) == []


def test_an_exported_item_comes_back_under_its_id_so_that_links_to_it_hold(
    ctx: Context, import_text: Import, tmp_path: Path
) -> None:
    import_text({"tyres.md": "Tyres."})
    old = writer.content(ctx, SITE, "tyres")
    writer.export_files(ctx, SITE, tmp_path / "out")
    accounts.add_site(ctx, "copy", identity={"name": "Copy"})
    writer.import_files(ctx, "copy", tmp_path / "out")
    assert writer.content(ctx, "copy", "tyres").id != old.id  # it is still that of the first
    accounts.remove_site(ctx, SITE)
    accounts.add_site(ctx, "new", identity={"name": "New"})
    writer.import_files(ctx, "new", tmp_path / "out")
    assert writer.content(ctx, "new", "tyres").id == old.id


def test_export_and_import_into_another_site_lose_nothing(
    ctx: Context, import_text: Import, tmp_path: Path
) -> None:
    import_text(
        {
            "tyres.md": FULL,
            "same.md": "English.",
            "de/same.md": "---\nlocale: de\n---\nDeutsch.",
            "page.html": "<p>Text</p>",
        }
    )
    accounts.add_site(ctx, "other", identity={"name": "Other"})
    first, second = tmp_path / "first", tmp_path / "second"
    writer.export_files(ctx, SITE, first)
    outcome = writer.import_files(ctx, "other", first)
    assert outcome.problems == ()
    assert {verdict for _, verdict in outcome.done} == {"added"}
    writer.export_files(ctx, "other", second)
    assert _tree(first) == _tree(second)
    assert len(_tree(first)) == 4


def test_site_export_and_import_use_the_sites_content_folder(
    igny8: Callable[..., Any], import_text: Import, workspace: Path
) -> None:
    import_text({"a.md": "Text.\n"})
    assert igny8("site", "export", SITE).status == 0
    path = workspace / "sites" / SITE / "content" / "posts" / "a.md"
    path.write_text(path.read_text() + "More.\n")
    assert '"updated": 1' in igny8("site", "import", SITE, "--json").out
    assert '"unchanged": 1' in igny8("site", "import", SITE, "--json").out
    assert igny8("site", "export", SITE).out.startswith("0 files written")


def _without_ids(text: bytes) -> bytes:
    """An item's own id and day of change are the store's, not the person's who wrote it."""
    return re.sub(rb"^(?:id: con_\w{26}|updated: '[0-9-]+')\n", b"", text, flags=re.MULTILINE)


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): _without_ids(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
