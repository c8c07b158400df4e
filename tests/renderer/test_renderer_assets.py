"""A site's own files in its output: pictures in variants, other files as they are, social cards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from small_site import PAGES, ROOT, SITE

from igny8.renderer import MANIFEST, load_layout
from igny8.renderer.assets import Assets
from igny8.renderer.building import Updated, bring_up_to_date
from igny8.renderer.rendering import Rendering
from igny8.sitebuilder.types import Snapshot

BODY = (
    '<p><img src="/files/wheel.jpg" alt="A wheel"></p><p><a href="/files/terms.pdf">Terms</a></p>'
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(folder / "wheel.jpg")
    (folder / "terms.pdf").write_bytes(b"%PDF-1.7 terms")
    return folder


def built(tmp_path: Path, out: str = "out", **site: object) -> Updated:
    pages = tuple(replace(p, body_html=BODY) if p.id == "chain" else p for p in PAGES)
    snapshot = Snapshot(replace(SITE, **site), pages)  # type: ignore[arg-type]
    layout = load_layout("default", [ROOT / "layouts"], [ROOT / "templates"])
    assets = Assets(tmp_path / "files", tmp_path / "cache")
    return bring_up_to_date(Rendering(snapshot, layout, assets), tmp_path / out)


def tree(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_body_offers_its_picture_in_all_formats_and_widths(tmp_path: Path, files: Path) -> None:
    del files
    built(tmp_path)
    html = (tmp_path / "out" / "guides" / "chain" / "index.html").read_text("utf-8")
    assert '<source type="image/avif"' in html
    assert 'alt="A wheel"' in html
    assert 'width="900" height="600"' in html
    made = set(tree(tmp_path / "out"))
    assert {"files/wheel.jpg", "files/terms.pdf"} <= made
    shown = {part.split('"')[0].split()[0] for part in html.split('="/assets/pictures/')[1:]}
    assert shown
    assert {f"assets/pictures/{name}" for name in shown} <= made


def test_a_second_build_draws_nothing_and_another_picture_changes_what_shows_it(
    tmp_path: Path, files: Path
) -> None:
    built(tmp_path)
    assert built(tmp_path).written.written == ()
    Image.new("RGB", (500, 500), "teal").save(files / "wheel.jpg")
    written = set(built(tmp_path).written.written)
    assert {"guides/chain/index.html", "files/wheel.jpg"} <= written
    assert "services/index.html" not in written
    built(tmp_path, "clean")
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")


def test_a_removed_file_leaves_the_output(tmp_path: Path, files: Path) -> None:
    built(tmp_path)
    (files / "terms.pdf").unlink()
    assert built(tmp_path).written.removed == ("files/terms.pdf",)


def test_a_file_that_is_no_picture_is_said_and_left_out(tmp_path: Path, files: Path) -> None:
    (files / "broken.png").write_bytes(b"no picture")
    snapshot = Snapshot(SITE, PAGES)
    layout = load_layout("default", [ROOT / "layouts"], [ROOT / "templates"])
    rendering = Rendering(snapshot, layout, Assets(files, tmp_path / "cache"))
    assert [problem.where for problem in rendering.problems] == ["broken.png"]
    assert "files/broken.png" not in {job.path for job in rendering.jobs()}


def test_every_page_has_a_card_where_the_site_wants_them(tmp_path: Path, files: Path) -> None:
    del files
    built(tmp_path, social_cards=True)
    html = (tmp_path / "out" / "guides" / "chain" / "index.html").read_text("utf-8")
    assert 'property="og:image" content="https://fernhill.example/guides/chain/card.png"' in html
    with Image.open(tmp_path / "out" / "guides" / "chain" / "card.png") as card:
        assert card.size == (1200, 630)
    assert not (tmp_path / "out" / "404" / "card.png").exists()
    assert built(tmp_path, social_cards=True).written.written == ()


def test_a_drawing_that_somebody_laid_there_loses_its_scripts(tmp_path: Path, files: Path) -> None:
    (files / "mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="steal()">'
        '<script>steal()</script><path d="M0 0h9"/></svg>'
    )
    built(tmp_path)
    made = (tmp_path / "out" / "files" / "mark.svg").read_text("utf-8")
    assert "<path" in made
    assert "steal" not in made
