"""Use cases of a site's theme: look at it, change it, preview it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from igny8 import accounts
from igny8.accounts import Need
from igny8.context import Context
from igny8.renderer.services import layout_for
from igny8.renderer.stylesheet import choices, stylesheet
from igny8.renderer.theme import Palette, Ratio, palette, ratios
from igny8.safety.paths import write_atomically
from igny8.sitebuilder.types import SiteFacts, Snapshot, Theme

if TYPE_CHECKING:
    from igny8.renderer.layouts import Layout


@dataclass(frozen=True, slots=True)
class SiteTheme:
    """How a site looks, or would. `presets` and `font_pairs` map what may be chosen to what it is.

    `ratios` are the contrasts that the palette reaches, with the least that each must.
    """

    site: str
    layout: str
    brand: str
    preset: str
    fonts: str
    palette: Palette
    ratios: tuple[Ratio, ...]
    presets: Mapping[str, str]
    font_pairs: Mapping[str, str]


def site_theme(
    ctx: Context,
    site_slug: str,
    *,
    brand: str | None = None,
    preset: str | None = None,
    fonts: str | None = None,
) -> SiteTheme:
    """Return a site's theme, with what is given in the place of what its site.toml says.

    Raises NotFound for a preset or pair of fonts that is not there, InvalidInput for no colour.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    return _theme(ctx, site.slug, brand, preset, fonts)[0]


def set_theme(
    ctx: Context,
    site_slug: str,
    *,
    brand: str | None = None,
    preset: str | None = None,
    fonts: str | None = None,
) -> SiteTheme:
    """Write what is given to the site's site.toml, all of it or nothing, and return the theme."""
    site = accounts.site(ctx, site_slug, Need.MANAGE)
    made, _ = _theme(ctx, site.slug, brand, preset, fonts)
    given = {"brand": brand, "preset": preset, "fonts": fonts}
    # The colour as the palette spells it: six digits, lower case.
    values = {f"theme.{key}": getattr(made, key) for key, value in given.items() if value}
    accounts.set_site_texts(ctx, site.slug, values)
    return made


def preview_theme(
    ctx: Context,
    site_slug: str,
    *,
    brand: str | None = None,
    preset: str | None = None,
    fonts: str | None = None,
) -> Path:
    """Write a page that shows the theme, to be opened in a browser; the site stays as it is."""
    from igny8.renderer.gallery import load_examples
    from igny8.renderer.theme_preview import preview

    site = accounts.site(ctx, site_slug, Need.READ)
    made, layout = _theme(ctx, site.slug, brand, preset, fonts)
    identity = ctx.config.site(site.slug).identity
    facts = SiteFacts(
        slug=site.slug,
        name=identity.name,
        base_url=identity.base_url,
        locale=identity.locale,
        tagline=identity.tagline,
        layout=identity.layout,
        theme=Theme(made.brand, made.preset),
    )
    path = ctx.config.state / "previews" / f"{site.slug}-theme.html"
    write_atomically(path, preview(layout, facts, made.fonts, load_examples(layout.roots)))
    return path


def _theme(
    ctx: Context, slug: str, brand: str | None, preset: str | None, fonts: str | None
) -> tuple[SiteTheme, Layout]:
    identity = ctx.config.site(slug).identity
    layout = layout_for(
        ctx.config,
        Snapshot(SiteFacts(slug, identity.name, identity.base_url, layout=identity.layout), ()),
    )
    own = identity.theme
    colours = palette(brand or own.brand)
    preset, fonts = preset or own.preset, fonts or own.fonts
    stylesheet(layout, colours, preset, fonts)  # what it does not find, nobody can set
    made = SiteTheme(
        site=slug,
        layout=identity.layout,
        brand=colours.brand,
        preset=preset,
        fonts=fonts,
        palette=colours,
        ratios=ratios(colours),
        presets=choices(layout, "preset"),
        font_pairs=choices(layout, "fonts"),
    )
    return made, layout
