"""Themes: contrast whatever the brand colour, presets and fonts that all work, one command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from igny8 import accounts
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.cli.output import Swatch, _cell, plain
from igny8.context import Context
from igny8.core.errors import AccessDenied, ConfigError, InvalidInput, NotFound
from igny8.core.resources import shipped
from igny8.renderer import layout_names, load_layout, preview_theme, set_theme, site_theme
from igny8.renderer.stylesheet import choices, stylesheet
from igny8.renderer.theme import CONTRACT, contrast, palette, ratios
from igny8.reports.site_check import theme as judge

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
ROOTS = [shipped("layouts")]
LAYOUTS = {name: load_layout(name, ROOTS, [shipped("templates")]) for name in layout_names(ROOTS)}
PRESETS = list(choices(LAYOUTS["default"], "preset"))
FONTS = list(choices(LAYOUTS["default"], "fonts"))
SITE = "fernhill"


@pytest.fixture
def site(ctx: Context) -> accounts.Site:
    return accounts.add_site(
        ctx, SITE, identity={"name": "Fernhill", "base_url": "https://fernhill.example/shop"}
    )


@settings(max_examples=200, deadline=None)
@given(COLOURS)
def test_every_brand_colour_keeps_the_contract_in_light_and_dark(brand: str) -> None:
    made = palette(brand)
    for role, grounds, least in CONTRACT:
        for scheme in (made.light, made.dark):
            for ground in grounds:
                assert contrast(scheme[role], scheme[ground]) >= least, (role, ground)
    for each in ratios(made):
        assert min(each.light, each.dark) >= each.least


def test_the_contract_asks_enough_of_every_role_that_is_text() -> None:
    texts = {"text", "muted", "link", "visited", "danger", "on-accent", "on-soft", "on-deep",
             "deep-muted", "deep-accent", "on-deep-accent"}  # fmt: skip
    asked = {role: min(least for r, _, least in CONTRACT if r == role) for role, _, _ in CONTRACT}
    assert {role for role, least in asked.items() if least >= 4.5} == texts
    made = palette("#2457a6")
    drawn = {role for role in made.light if role.startswith("art-")} | {"border", "deep-border"}
    grounds = {ground for _, on, _ in CONTRACT for ground in on}
    assert set(made.light) - drawn - grounds == set(asked) - grounds


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_breaks_the_contrast_whatever_the_colour(preset: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(COLOURS)
    def check(brand: str) -> None:
        css = stylesheet(LAYOUTS["default"], palette(brand), preset).decode()
        assert [each.message for each in judge.check("site.css", css)] == []

    check()


def test_the_control_a_preset_that_pales_the_text_is_found_out() -> None:
    css = stylesheet(LAYOUTS["default"], palette("#2457a6"), "contrast").decode()
    pale = css.replace("--muted:var(--text)", "--muted:var(--border-that-was)")
    pale += ":root{--border-that-was:light-dark(#dddddd,#333333)}"
    assert list(judge.check("site.css", pale))


def test_there_are_presets_and_fonts_enough_and_each_says_what_it_is_like() -> None:
    assert len(PRESETS) >= 8
    assert len(FONTS) >= 8
    for kind in ("preset", "fonts"):
        for name, about in choices(LAYOUTS["default"], kind).items():
            assert re.fullmatch(r"[a-z]+", name)
            assert about.endswith("."), name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_preset_and_pair_of_fonts_makes_another_stylesheet(layout: str) -> None:
    colours = palette("#2457a6")
    made = {(p, "layout"): stylesheet(LAYOUTS[layout], colours, p) for p in PRESETS}
    made |= {("plain", f): stylesheet(LAYOUTS[layout], colours, "plain", f) for f in FONTS}
    assert len(set(made.values())) == len(PRESETS) + len(FONTS) - 1
    for css in made.values():
        assert css.count(b"{") == css.count(b"}")
        assert b"/*" not in css
        assert b"url(" not in css  # fonts that are there already: no request, nothing to wait for
    for fonts in set(FONTS) - {"layout"}:
        text = made["plain", fonts].decode()
        for role in ("--font-text", "--font-prose", "--font-display"):
            last = text.rindex(f"{role}:")
            assert last > text.rindex(":root{"), (fonts, role)


def test_a_theme_that_is_not_there_is_named_with_the_nearest(
    ctx: Context, site: accounts.Site
) -> None:
    for asked, hint in (({"preset": "sofd"}, "soft"), ({"fonts": "clasic"}, "classic")):
        with pytest.raises(NotFound) as caught:
            set_theme(ctx, SITE, **asked)  # type: ignore[arg-type]
        assert hint in (caught.value.hint or "")
    for colour in ("red", "#12345", "#ggg"):
        with pytest.raises(InvalidInput):
            set_theme(ctx, SITE, brand=colour, preset="soft")
    theme = ctx.config.site(SITE).identity.theme
    assert (theme.brand, theme.preset, theme.fonts) == ("#2457a6", "plain", "layout")


def test_a_theme_is_written_whole_beside_all_else_that_the_file_says(
    ctx: Context, site: accounts.Site
) -> None:
    accounts.set_site(ctx, SITE, "tagline", "At the weir")
    made = set_theme(ctx, SITE, brand="#1F5", preset="warm", fonts="slab")
    assert (made.brand, made.preset, made.fonts) == ("#11ff55", "warm", "slab")
    identity = ctx.config.site(SITE).identity
    assert (identity.theme.brand, identity.theme.preset, identity.theme.fonts) == (
        "#11ff55",
        "warm",
        "slab",
    )
    assert identity.tagline == "At the weir"
    assert set_theme(ctx, SITE, preset="soft").fonts == "slab"
    assert site_theme(ctx, SITE).preset == "soft"
    assert site_theme(ctx, SITE, preset="airy").preset == "airy"
    assert ctx.config.site(SITE).identity.theme.preset == "soft"


def test_several_facts_of_a_site_change_together_or_not_at_all(
    ctx: Context, site: accounts.Site, workspace: Path
) -> None:
    path = workspace / "sites" / SITE / "site.toml"
    before = path.read_bytes()
    with pytest.raises(ConfigError):
        accounts.set_site_texts(ctx, SITE, {"tagline": "x", "theme.brand": "red"})
    assert path.read_bytes() == before


def test_editors_look_and_managers_change(ctx: Context, app: App, site: accounts.Site) -> None:
    accounts.add_user(ctx, "ed@acme.example", Role.EDITOR)
    accounts.grant_access(ctx, "ed@acme.example", SITE)
    editor = app.context(Who(email="ed@acme.example"))
    assert site_theme(editor, SITE).preset == "plain"
    with pytest.raises(AccessDenied):
        set_theme(editor, SITE, preset="soft")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_preview_stands_alone_and_shows_the_theme(
    layout: str, ctx: Context, site: accounts.Site
) -> None:
    accounts.set_site(ctx, SITE, "layout", layout)
    accounts.set_site(ctx, SITE, "name", "Fern & <b>Hill</b>")
    path = preview_theme(ctx, SITE, brand="#aa2233", preset="sharp", fonts="technical")
    text = path.read_text("utf-8")
    assert (
        path.read_bytes()
        == preview_theme(ctx, SITE, brand="#aa2233", preset="sharp", fonts="technical").read_bytes()
    )
    tree = LexborHTMLParser(text)
    assert tree.css("script, link, iframe") == []
    for name in ("src", "href", "action", "srcset", "poster"):
        for node in tree.css(f"[{name}]"):
            value = node.attributes[name] or ""
            assert value.startswith(("#", "data:image/")), (node.tag, name, value)
    assert "url(" not in text.replace("url(#", "")
    style = tree.css_first("style")
    assert style is not None
    assert "--preset-weight:800" in style.text()
    assert "--font-display:var(--mono)" in style.text()
    made = palette("#aa2233")
    for scheme in (made.light, made.dark):
        assert all(colour in text for colour in scheme.values())
    assert len(tree.css("section")) > 10
    assert "<b>Hill</b>" not in text
    assert ctx.config.site(SITE).identity.theme.preset == "plain"


def test_the_command_shows_changes_and_previews(
    igny8: Callable[..., Any], ctx: Context, site: accounts.Site
) -> None:
    words = ("sitebuilder", "theme", "--site", SITE)
    shown = igny8(*words)
    assert shown.status == 0
    for word in ("on-accent", "#2457a6", "editorial", "humanist", "Contrast"):
        assert word in shown.out
    assert "\x1b[" not in shown.out
    tried = igny8(*words, "--brand", "#ffee00", "--preset", "soft", "--preview", "--json")
    data = json.loads(tried.out)
    assert (data["brand"], data["changed"], data["adjusted"]) == ("#ffee00", False, True)
    assert Path(data["preview"]).is_file()
    assert data["colours"]["light"]["accent"] != "#ffee00"
    assert min(each["light"] - each["least"] for each in data["contrasts"]) >= 0
    dry = igny8(*words, "--preset", "soft", "--dry-run", "--json")
    assert json.loads(dry.out).keys() == data.keys()
    assert ctx.config.site(SITE).identity.theme.preset == "plain"
    done = igny8(*words, "--preset", "soft", "--fonts", "reading", "--json")
    assert json.loads(done.out)["changed"]
    assert ctx.config.site(SITE).identity.theme.preset == "soft"
    wrong = igny8(*words, "--preset", "sofft")
    assert (wrong.status, wrong.out) == (1, "")
    assert "did you mean `soft`?" in wrong.err


def test_a_swatch_is_a_patch_of_its_colour_where_there_are_colours() -> None:
    swatch = Swatch("#aa2233")
    with_colours, without = _cell(swatch, True), _cell(swatch, False)
    assert [span.style for span in with_colours.spans] == ["on #aa2233"]
    assert with_colours.plain.strip() == without.plain == "#aa2233"
    assert without.spans == []
    assert plain(swatch) == {"colour": "#aa2233"}
