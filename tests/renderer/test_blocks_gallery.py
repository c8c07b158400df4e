"""The gallery shows what it says, and every link in it leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import ROOT

from igny8.core.errors import InvalidInput, NotFound
from igny8.renderer import gallery, load_layout
from igny8.sitebuilder.blocks import BLOCKS

STATES = ("full", "sparse", "empty", "long", "soft", "deep")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    layouts = [load_layout("default", [ROOT / "layouts"], [ROOT / "templates"])]
    examples = gallery.load_examples([ROOT / "layouts"])
    return {each.path: each.content.decode() for each in gallery.artifacts(layouts, examples)}


def test_every_block_is_shown_in_every_state_and_scheme(files: dict[str, str]) -> None:
    around = {"breadcrumbs", "page_header", "toc", "facts", "tags", "author_box", "hero"}
    for scheme in gallery.SCHEMES:
        for state in STATES:
            tree = LexborHTMLParser(files[f"default/{scheme}/blocks/{state}/index.html"])
            shown = {node.text() for node in tree.css("main .prose > p:first-child > code")}
            assert shown == set(BLOCKS) - around - {"slot"}
            assert f"default/{scheme}/blocks/{state}-opening/index.html" in files
        page = files[f"default/{scheme}/blocks/full-page/index.html"]
        for name in ("breadcrumbs", "page-header", "toc", "fact-sheet", "tags", "author-box"):
            assert f'class="{name}' in page or f' {name}"' in page, name
        assert 'dir="rtl"' in files[f"default/{scheme}/rtl/blocks/full/index.html"]


def test_each_folder_holds_its_stylesheet_to_its_scheme(files: dict[str, str]) -> None:
    sheets = {path: text for path, text in files.items() if path.endswith(".css")}
    for scheme in gallery.SCHEMES:
        own = [text for path, text in sheets.items() if path.startswith(f"default/{scheme}/")]
        assert len(own) == 2
        assert all(f"color-scheme:{scheme};" in text for text in own)


def test_every_link_and_picture_of_the_gallery_is_there(files: dict[str, str]) -> None:
    for path, text in files.items():
        if not path.endswith(".html"):
            continue
        for node in LexborHTMLParser(text).css("[href], [src], form"):
            given = node.attributes
            url = given.get("href") or given.get("src") or given.get("action") or ""
            if url.startswith("/"):
                file = url.partition("#")[0].lstrip("/")
                assert (file + "index.html" if file.endswith("/") or not file else file) in files


def test_the_gallery_is_written_once_and_left_alone_the_second_time(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = gallery.build_gallery(tmp_path, out, "corporate")
    assert first.start.is_file()
    assert first.layouts == ("corporate",)
    again = gallery.build_gallery(tmp_path, out, "corporate")
    assert (again.written.written_count, again.written.removed_count) == (0, 0)


def test_the_gallery_goes_into_no_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="letter"):
        gallery.build_gallery(tmp_path, tmp_path, "corporate")


def test_a_layout_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as error:
        gallery.build_gallery(tmp_path, tmp_path / "out", "corprate")
    assert error.value.hint == "did you mean `corporate`?"
