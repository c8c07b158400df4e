"""A site's theme on the terminal: swatches, contrasts, what may be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.command import Cli, DryRunOption, SiteOption, command
from igny8.cli.output import Result, Swatch, Table

if TYPE_CHECKING:
    from igny8.renderer import SiteTheme

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command(app, "theme")
def theme(
    cli: Cli,
    site: SiteOption,
    brand: Annotated[
        str | None,
        typer.Option("--brand", help="The one colour, #rrggbb.", show_default=False),
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", help="A style preset.", show_default=False)
    ] = None,
    fonts: Annotated[
        str | None, typer.Option("--fonts", help="A pair of fonts.", show_default=False)
    ] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Write a page that shows it; leave the site as it is."),
    ] = False,
    dry_run: DryRunOption = False,
) -> Result:
    """Show a site's colours and contrasts; change its brand colour, preset and fonts.

    Example: igny8 sitebuilder theme --site fernhill --brand "#1f6f54" --preset soft --preview
    """
    from igny8.renderer import preview_theme, set_theme, site_theme

    given = {"brand": brand, "preset": preset, "fonts": fonts}
    asks = {key: value for key, value in given.items() if value is not None}
    is_set = bool(asks) and not preview and not dry_run
    made = (set_theme if is_set else site_theme)(cli.ctx, site, **asks)
    page = preview_theme(cli.ctx, site, **asks) if preview else None
    lines = [f"brand {made.brand}, preset {made.preset}, fonts {made.fonts}, layout {made.layout}"]
    if made.palette.is_adjusted:
        moved = made.palette.light["accent"]
        lines.append(f"{made.brand} does not stand out enough; buttons and links use {moved}")
    if is_set:
        lines.append(f"sites/{site}/site.toml says so now")
    elif asks:
        lines.append("nothing was changed")
    if page is not None:
        lines.append(f"open {page}")
    words = " ".join(f'--{key} "{value}"' for key, value in asks.items())
    follow = f"igny8 build {site}" if is_set else None
    if asks and not is_set:
        follow = f"igny8 sitebuilder theme --site {site} {words}"
    return Result(
        {
            "site": site,
            "layout": made.layout,
            "brand": made.brand,
            "preset": made.preset,
            "fonts": made.fonts,
            "adjusted": made.palette.is_adjusted,
            "changed": is_set,
            "preview": page,
            "colours": {"light": made.palette.light, "dark": made.palette.dark},
            "contrasts": made.ratios,
            "presets": made.presets,
            "font_pairs": made.font_pairs,
        },
        lines,
        tables=_tables(made),
        next=follow,
    )


def _tables(made: SiteTheme) -> list[Table]:
    palette = made.palette
    colours = [
        (role, Swatch(light), Swatch(palette.dark[role])) for role, light in palette.light.items()
    ]
    contrasts = [
        (each.role, each.ground, round(each.light, 2), round(each.dark, 2), each.least)
        for each in made.ratios
    ]
    return [
        Table("Colours", ("role", "light", "dark"), colours),
        Table("Contrast", ("role", "on, at worst", "light", "dark", "asked"), contrasts),
        Table("Presets", ("name", "what it is like"), list(made.presets.items())),
        Table("Fonts", ("name", "what they are like"), list(made.font_pairs.items())),
    ]
