"""Responsive pictures: what is offered, that it is there, small, the same each time, made once."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from selectolax.lexbor import LexborHTMLParser

from igny8.core.errors import InvalidInput
from igny8.renderer.content_cache import ContentCache
from igny8.renderer.picture_files import PictureFiles
from igny8.renderer.pictures import LARGEST, Picture, Source, picture_html, plan, rewrite
from igny8.safety import images
from igny8.safety.html import clean


def photo(size: tuple[int, int] = (700, 500), format_: str = "JPEG", **options: object) -> bytes:
    red = Image.linear_gradient("L").resize(size)
    blue = Image.radial_gradient("L").resize(size)
    made = Image.merge("RGB", (red, blue, Image.blend(red, blue, 0.5)))
    buffer = io.BytesIO()
    made.save(buffer, format_, **options)
    return buffer.getvalue()


def moving() -> bytes:
    frames = [Image.new("RGB", (40, 20), (n * 90, 0, 0)) for n in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "team").mkdir(parents=True)
    (folder / "team" / "ada.jpg").write_bytes(photo())
    return folder


@pytest.fixture
def site(folder: Path, tmp_path: Path) -> PictureFiles:
    return PictureFiles(folder, tmp_path / "cache", alts={"team/ada.jpg": "Ada"})


def opened(site: PictureFiles, path: str) -> Image.Image:
    return Image.open(io.BytesIO(site.content(path)))


SOURCES = st.builds(
    Source,
    url=st.just("/files/a.x"),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    format=st.sampled_from(["jpeg", "png", "webp", "avif", "gif"]),
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    is_moving=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_a_plan_never_widens_keeps_the_ratio_and_ends_with_the_files_own_format(
    source: Source,
) -> None:
    made = plan(source)
    assert made == plan(source)
    assert made.whole.path == "files/a.x"
    assert made.whole.width == (source.width if source.is_moving else min(source.width, LARGEST))
    if source.is_moving:
        assert made.variants == ()
        return
    assert made.formats[-1:] in ((source.format,), ())
    for format_ in made.formats:
        widths = [each.width for each in made.of(format_)]
        assert widths == sorted(set(widths))
        assert widths[-1] == made.whole.width
    for each in made.variants:
        assert abs(each.height - each.width * source.height / source.width) <= 1
    assert len({each.path for each in made.variants}) == len(made.variants)


def test_every_file_that_a_page_offers_is_what_it_is_said_to_be(site: PictureFiles) -> None:
    (picture,) = site
    assert picture.formats == ("avif", "webp", "jpeg")
    assert [each.width for each in picture.of("webp")] == [320, 480, 700]
    for variant in picture.variants:
        image = opened(site, variant.path)
        assert (image.format or "").lower() == variant.format
        assert image.size == (variant.width, variant.height)
    small, whole = picture.of("avif")[0], picture.whole
    assert len(site.content(small.path)) < len(site.content(whole.path)) / 3


def test_the_html_offers_the_best_format_first_and_holds_the_place(site: PictureFiles) -> None:
    (picture,) = site
    tree = LexborHTMLParser(picture_html(picture, sizes="50vw"))
    assert [node.attributes["type"] for node in tree.css("source")] == ["image/avif", "image/webp"]
    img = tree.css_first("picture > img")
    assert img is not None
    attributes = img.attributes
    assert (attributes["width"], attributes["height"], attributes["alt"]) == ("700", "500", "Ada")
    assert (attributes["loading"], attributes["sizes"]) == ("lazy", "50vw")
    for node in tree.css("[srcset]"):
        for candidate in (node.attributes["srcset"] or "").split(", "):
            url, width = candidate.split()
            assert opened(site, url.removeprefix("/")).width == int(width.removesuffix("w"))
    assert attributes["src"] == "/files/team/ada.jpg"


def test_a_body_gets_all_variants_the_first_one_at_once(site: PictureFiles) -> None:
    body = clean(
        '<p><img src="/files/team/ada.jpg" alt="A &quot;b&quot;" class="alignleft" width="200"></p>'
        '<img src="/files/team/ada.jpg"><img src="https://else.example/x.png" alt="E">'
        '<picture><source srcset="/x.webp"><img src="/files/team/ada.jpg"></picture>'
        '<img src="/files/gone.jpg" alt="G"><p>&lt;img src="/files/team/ada.jpg"&gt;</p>'
    )
    tree = LexborHTMLParser(rewrite(body, site.find, is_first_eager=True))
    first, second, other, own, gone = (node.attributes for node in tree.css("img"))
    assert (first["alt"], first["class"]) == ('A "b"', "alignleft")
    assert (first["width"], first["height"], first["fetchpriority"]) == ("200", "143", "high")
    assert first["sizes"] == "(max-width: 200px) 100vw, 200px"
    assert "loading" not in first
    assert (second["alt"], second["loading"], second["width"]) == ("Ada", "lazy", "700")
    for each in (other, gone):
        assert (each["loading"], each["decoding"]) == ("lazy", "async")
        assert "srcset" not in each
    assert "srcset" not in own
    assert "loading" not in own
    assert len(tree.css("picture")) == 3
    assert "<p>&lt;img src=" in rewrite(body, site.find)


def test_a_body_without_pictures_stays_as_it_is(site: PictureFiles) -> None:
    body = "<p>No picture, but &lt;img&gt;.</p>"
    assert rewrite(body, site.find) is body


def test_only_one_picture_of_a_body_is_eager_and_only_if_it_is_asked(site: PictureFiles) -> None:
    body = (
        '<img src="https://e.example/a.png" alt="" loading="lazy"><img src="/files/team/ada.jpg">'
    )
    assert rewrite(body, site.find).count("fetchpriority") == 0
    eager = rewrite(body, site.find, is_first_eager=True)
    assert eager.startswith('<img src="https://e.example/a.png" alt="" fetchpriority="high">')
    assert eager.count("fetchpriority") == 1


def test_a_site_below_a_path_finds_its_pictures_there(folder: Path, tmp_path: Path) -> None:
    site = PictureFiles(folder, tmp_path / "cache", prefix="/shop")
    assert site.find("/files/team/ada.jpg") is None
    found = site.find("/shop/files/team/ada.jpg?v=2#x")
    assert found is not None
    html = picture_html(found, prefix="/shop")
    urls = re.findall(r"(/[^\s\"]+) \d+w", html)
    assert urls
    assert all(url.startswith("/shop/") for url in urls)
    assert site.find("https://else.example/shop/files/team/ada.jpg") is None


def test_names_that_a_person_chose_are_escaped(folder: Path, tmp_path: Path) -> None:
    (folder / 'a, "b" & c.png').write_bytes(photo(format_="PNG"))
    site = PictureFiles(folder, tmp_path / "cache")
    found = site.find("/files/a%2C%20%22b%22%20%26%20c.png")
    assert found is not None
    html = picture_html(found)
    assert "/files/a%2C%20%22b%22%20%26%20c.png 700w" in html
    assert '"b"' not in html


def test_the_same_picture_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one = PictureFiles(folder, tmp_path / "one")
    two = PictureFiles(folder, tmp_path / "two")
    (picture,) = one
    for variant in reversed(picture.variants):  # whichever is asked for first
        assert one.content(variant.path) == two.content(variant.path)
        assert two.is_made(picture.whole.path)


def test_a_second_build_encodes_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = PictureFiles(folder, tmp_path / "cache")
    (picture,) = first
    made = {each.path: first.content(each.path) for each in picture.variants}

    def refuse(*_: object) -> None:
        raise AssertionError("a kept picture was made again")

    for name in ("upright", "encode", "examine", "decode"):
        monkeypatch.setattr(images, name, refuse)
    again = PictureFiles(folder, tmp_path / "cache")
    assert {path: again.content(path) for path in made} == made
    (folder / "team" / "ada.jpg").rename(folder / "bob.jpg")
    monkeypatch.undo()
    renamed = PictureFiles(folder, tmp_path / "cache")  # the content is known by its hash
    monkeypatch.setattr(images, "encode", refuse)
    (moved,) = renamed
    assert renamed.content(moved.whole.path) == made[picture.whole.path]


def test_damage_in_the_cache_is_mended_and_what_nobody_needs_goes(
    site: PictureFiles, folder: Path, tmp_path: Path
) -> None:
    (picture,) = site
    before = site.content(picture.whole.path)
    kept = list((tmp_path / "cache").glob("??/*"))
    assert len(kept) == len(picture.variants)
    for path in kept:
        path.write_bytes(path.read_bytes()[:-1])
    assert site.content(picture.whole.path) == before
    assert site.prune() == 0
    (folder / "team" / "ada.jpg").write_bytes(photo((300, 200)))
    changed = PictureFiles(folder, tmp_path / "cache")
    assert changed.prune() == len(kept)


def test_a_changed_file_is_noticed(site: PictureFiles, folder: Path, tmp_path: Path) -> None:
    (picture,) = site
    (folder / "team" / "ada.jpg").write_bytes(photo((300, 200)))
    with pytest.raises(InvalidInput, match="changed while"):
        site.content(picture.whole.path)
    (now,) = PictureFiles(folder, tmp_path / "cache")
    assert (now.source.width, now.whole.width) == (300, 300)


def test_notes_go_and_what_they_say_about_turning_and_colour_is_done(
    folder: Path, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = photo((600, 300), exif=exif, icc_profile=profile, comment=b"secret words")
    assert b"secret" in data
    (folder / "team" / "ada.jpg").write_bytes(data)
    site = PictureFiles(folder, tmp_path / "cache")
    (picture,) = site
    assert (picture.source.width, picture.source.height) == (300, 600)
    for variant in picture.variants:
        content = site.content(variant.path)
        image = Image.open(io.BytesIO(content))
        assert image.size == (variant.width, variant.height)
        assert b"secret" not in content
        assert "icc_profile" not in image.info
        assert not dict(image.getexif())


def test_what_moves_is_left_alone_and_what_is_no_picture_is_named(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "spin.gif").write_bytes(moving())
    (folder / "lie.png").write_bytes(b"<script>")
    (folder / "terms.pdf").write_bytes(b"%PDF-1.7")
    site = PictureFiles(folder, tmp_path / "cache")
    assert [problem.partition(":")[0] for problem in site.problems] == ["lie.png"]
    spin = site.find("/files/spin.gif")
    assert spin is not None
    assert site.content("files/spin.gif") == moving()
    assert picture_html(spin, alt="", is_eager=True) == (
        '<img src="/files/spin.gif" alt="" width="40" height="20" fetchpriority="high">'
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_written_in_every_format(mode: str) -> None:
    image = Image.new("RGBA", (8, 6), (200, 30, 30, 128)).convert(
        "L" if mode == "I;16" else "RGB" if mode in ("CMYK",) else "RGBA"
    )
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, "JPEG" if mode == "CMYK" else "PNG")
    shown = images.upright(buffer.getvalue())
    assert shown.mode in ("L", "RGB", "RGBA")
    assert (shown.mode == "RGBA") == (mode in ("LA", "P", "RGBA"))
    for format_ in ("avif", "webp", "jpeg", "png", "gif"):
        again = Image.open(io.BytesIO(images.encode(shown, format_)))
        assert ((again.format or "").lower(), again.size) == (format_, (8, 6))


def test_a_drawing_loses_no_pixel() -> None:
    drawing = Image.new("RGB", (60, 60), "#ffffff")
    drawing.paste("#aa0022", (10, 10, 30, 50))
    again = Image.open(io.BytesIO(images.encode(drawing, "webp"))).convert("RGB")
    assert again.tobytes() == drawing.tobytes()


def test_several_processes_may_fill_one_cache(folder: Path, tmp_path: Path) -> None:
    children = []
    for _ in range(2):
        if not (child := os.fork()):
            site = PictureFiles(folder, tmp_path / "cache")
            for picture in site:
                for variant in picture.variants:
                    site.content(variant.path)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    site = PictureFiles(folder, tmp_path / "cache")
    (picture,) = site
    assert all(site.is_made(each.path) for each in picture.variants)


def test_a_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "c")
    assert cache.get("abcd") is None
    assert cache.made("abcd", lambda: b"x") == b"x"
    assert cache.made("abcd", lambda: b"y") == b"x"
    cache.put("abce", b"")
    assert cache.get("abce") == b""
    assert cache.prune({"abcd"}) == 1
    assert cache.get("abce") is None


def test_a_picture_is_a_value(site: PictureFiles) -> None:
    (picture,) = site
    assert isinstance(picture, Picture)
    assert plan(picture.source) == picture
