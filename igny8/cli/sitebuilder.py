"""Blueprints and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8 import accounts, sitebuilder
from igny8.accounts import Need
from igny8.cli import site_files, theme
from igny8.cli.command import Cli, DryRunOption, MaybeSiteOption, SiteOption, command
from igny8.cli.editor import text_from
from igny8.cli.output import Listing, Result
from igny8.config.load import Config
from igny8.core.errors import UsageError
from igny8.sitebuilder import Begun, Beside, Choice, Edited, path_of

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)
app.add_typer(site_files.app, name="files")
app.add_typer(theme.app)

PathArgument = Annotated[str, typer.Argument(help="The page's path, e.g. /services/hire.")]
BeforeOption = Annotated[
    str | None, typer.Option("--before", help="Stand before this page.", show_default=False)
]
AfterOption = Annotated[
    str | None, typer.Option("--after", help="Stand after this page.", show_default=False)
]
NoRedirectOption = Annotated[
    bool, typer.Option("--no-redirect", help="Let the old address lead nowhere.")
]


@command(app, "generate")
def generate(
    cli: Cli,
    site: SiteOption,
    again: Annotated[
        bool, typer.Option("--again", help="Replace the blueprint that is there.")
    ] = False,
    starter: Annotated[
        str | None,
        typer.Option(
            "--starter",
            help="Take this ready tree, for no credits; `auto` goes by the site's type.",
            show_default=False,
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Leave this page of the starter out.", show_default=False),
    ] = None,
) -> Result:
    """Write a blueprint for a site from its content and knowledge files.

    Example: igny8 sitebuilder generate --site fernhill --starter local-business
    """
    if without and starter is None:
        raise UsageError("--without goes with --starter", hint="add --starter auto")
    if again:
        cli.confirm("Replace the blueprint, edits included?")
    after = f"igny8 sitebuilder apply --site {site}"
    if starter is not None:
        name = None if starter == "auto" else starter
        begun = sitebuilder.start(
            cli.ctx, site, name, without=[path_of(path) for path in without or ()], again=again
        )
        return Result(begun, begun_lines(begun), next=after)
    made = sitebuilder.generate(cli.ctx, site, again=again)
    said = f"{made.path} written" if made.is_new else f"{made.path} is there already"
    return Result(made, [said], next=after)


@command(app, "starters", logs=False)
def starters(cli: Cli, site: MaybeSiteOption = None) -> Listing:
    """List the ready page trees to start a site with.

    Example: igny8 sitebuilder starters
    """
    rows = [
        {
            "name": each.name,
            "title": each.title,
            "goal": each.goal,
            "site_types": each.site_types,
            "layout": each.layout,
            "pages": [page.path for page in each.tree.walk()],
            "description": each.description,
        }
        for each in sitebuilder.starter_choices(_config(cli, site), site)
    ]
    return Listing(rows, ("name", "goal", "layout", "description"), id_field="name")


@command(app, "apply")
def apply(
    cli: Cli,
    site: SiteOption,
    redirect: Annotated[
        bool, typer.Option("--redirect", help="Redirect addresses that an edit by hand gave up.")
    ] = False,
) -> Result:
    """Check the blueprint and store it as the version that builds use.

    Example: igny8 sitebuilder apply --site fernhill
    """
    ctx = cli.ctx
    lost = sitebuilder.keep_addresses(ctx, site, dry_run=not redirect).redirects
    version, is_new = sitebuilder.apply(ctx, site)
    said = "applied" if is_new else "unchanged"
    lines = [f"blueprint version {version.version} {said}"]
    verb = "leads" if redirect else "could lead"
    lines += [f"{rule.from_path} is gone; it {verb} to {rule.to_path}" for rule in lost]
    if lost and not redirect:
        lines.append(f"add redirects with `igny8 sitebuilder apply --redirect --site {site}`")
    return Result(
        {
            "version": version.version,
            "applied": is_new,
            "gone": [{"from": rule.from_path, "to": rule.to_path} for rule in lost],
        },
        lines,
        next=f"igny8 build {site}",
    )


@command(app, "pages", logs=False)
def pages(cli: Cli, site: SiteOption) -> Listing:
    """List the pages that a build makes now."""
    rows = [
        {
            "path": page.path,
            "title": page.title,
            "kind": page.kind,
            "template": page.template,
            "words": page.word_count,
            "id": page.id,
        }
        for page in sitebuilder.pages(cli.ctx, site)
    ]
    return Listing(rows, ("path", "kind", "title", "words"), id_field="path")


@command(app, "page-add")
def page_add(
    cli: Cli,
    site: SiteOption,
    path: PathArgument,
    title: Annotated[
        str, typer.Option("--title", help="Its name; that of its content otherwise.")
    ] = "",
    template: Annotated[str, typer.Option("--template", help="Its recipe; see `templates`.")] = "",
    content: Annotated[
        str | None, typer.Option("--content", help="Slug of the item that it shows.")
    ] = None,
    collect: Annotated[
        str | None, typer.Option("--collect", help="List all items of this kind below it.")
    ] = None,
    description: Annotated[str, typer.Option("--description", help="What it is about.")] = "",
    noindex: Annotated[bool, typer.Option("--noindex", help="Keep search engines away.")] = False,
    menu: Annotated[
        list[str] | None, typer.Option("--menu", help="Put it into header, footer or legal.")
    ] = None,
    before: BeforeOption = None,
    after: AfterOption = None,
    dry_run: DryRunOption = False,
) -> Result:
    """Add a page to a site's blueprint.

    Example: igny8 sitebuilder page-add /services/hire --title "Bike hire" --site fernhill
    """
    made = sitebuilder.add_page(
        cli.ctx,
        site,
        path,
        title=title,
        template=template,
        content=content,
        collect=collect,
        description=description,
        is_noindex=noindex,
        menus=menu or (),
        beside=_beside(before, after),
        dry_run=dry_run,
    )
    return _edited(made, site, f"{made.page} added", dry_run=dry_run)


@command(app, "page-remove")
def page_remove(
    cli: Cli,
    site: SiteOption,
    path: PathArgument,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="With all pages below it.")
    ] = False,
    no_redirect: NoRedirectOption = False,
    dry_run: DryRunOption = False,
) -> Result:
    """Remove a page; its address leads to the page above it from then on.

    Example: igny8 sitebuilder page-remove /services/hire --site fernhill
    """
    made = sitebuilder.remove_page(
        cli.ctx, site, path, is_deep=recursive, keeps_address=not no_redirect, dry_run=dry_run
    )
    return _edited(made, site, f"{made.page} removed", dry_run=dry_run)


@command(app, "page-move")
def page_move(
    cli: Cli,
    site: SiteOption,
    path: PathArgument,
    new_path: Annotated[
        str | None, typer.Argument(help="Its new path; left out, only its place changes.")
    ] = None,
    before: BeforeOption = None,
    after: AfterOption = None,
    no_redirect: NoRedirectOption = False,
    dry_run: DryRunOption = False,
) -> Result:
    """Rename a page with all below it, or change its place in the order.

    The old address leads to the new one. Menus follow.

    Example: igny8 sitebuilder page-move /services /what-we-do --site fernhill

    Example: igny8 sitebuilder page-move /contact --after /about --site fernhill
    """
    beside = _beside(before, after)
    if new_path is None and beside is None:
        raise UsageError(
            f"where should {path} go?", hint="name a new path, or give --before or --after"
        )
    made = sitebuilder.move_page(
        cli.ctx,
        site,
        path,
        new_path,
        beside=beside,
        keeps_address=not no_redirect,
        dry_run=dry_run,
    )
    said = f"{path} is {made.page} now" if new_path else f"{made.page} moved"
    return _edited(made, site, said, dry_run=dry_run)


@command(app, "page-edit")
def page_edit(
    cli: Cli,
    site: SiteOption,
    path: PathArgument,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="FIELD=VALUE, e.g. title=Hire, blocks.0.faq.title=Asked."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--file", "--from", help="YAML file of the page's fields; - is stdin."),
    ] = None,
    dry_run: DryRunOption = False,
) -> Result:
    """Change a page's title, description, template, content, noindex or blocks.

    Without --set and --file your editor opens. A value is YAML; an empty one takes the field away.

    Example: igny8 sitebuilder page-edit /services --set title="What we do" --site fernhill
    """
    ctx = cli.ctx
    if set_ and source:
        raise UsageError("--set and --file can't both be given")
    if set_:
        made = sitebuilder.set_fields(ctx, site, path, _fields(set_), dry_run=dry_run)
    else:
        text = text_from(cli, source, sitebuilder.page_text(ctx, site, path), ".yaml")
        file = str(source) if source and str(source) != "-" else f"the fields of {path}"
        made = sitebuilder.edit_page(ctx, site, path, text, file=file, dry_run=dry_run)
    return _edited(made, site, f"{made.page} changed", dry_run=dry_run)


@command(app, "page-template")
def page_template(
    cli: Cli,
    site: SiteOption,
    path: PathArgument,
    template: Annotated[str, typer.Argument(help="A name from `templates`; '' is the usual.")],
    dry_run: DryRunOption = False,
) -> Result:
    """Give a page another template.

    Example: igny8 sitebuilder page-template /about landing --site fernhill
    """
    made = sitebuilder.set_template(cli.ctx, site, path, template, dry_run=dry_run)
    return _edited(made, site, f"{made.page} changed", dry_run=dry_run)


@command(app, "templates", logs=False)
def templates(cli: Cli, site: MaybeSiteOption = None) -> Listing:
    """List the page recipes that a site can use: its own, the workspace's and igny8's.

    Example: igny8 sitebuilder templates --site fernhill
    """
    return _choices(sitebuilder.template_choices(_config(cli, site), site), "blocks")


@command(app, "layouts", logs=False)
def layouts(cli: Cli, site: MaybeSiteOption = None) -> Listing:
    """List the layouts that a site can use.

    Example: igny8 sitebuilder layouts
    """
    from igny8.renderer.catalogue import layouts as known

    return _choices(known(_config(cli, site), site), "description")


def begun_lines(begun: Begun) -> list[str]:
    """What a starter made, for people: what was left out, and what waits for them."""
    if not begun.is_new:
        return [f"{begun.path} is there already; --again replaces it"]
    lines = [f"{begun.path} written: {begun.page_count} pages of the starter {begun.starter}"]
    lines += [f"left out {path}: there is no {need}" for path, need in begun.left_out.items()]
    lines += [f"to fill {path}: {hint}" for path, hint in begun.hints.items()]
    return lines


def _config(cli: Cli, site: str | None) -> Config:
    if site is not None:
        accounts.site(cli.ctx, site, Need.READ)
    return cli.app.config


def _choices(found: list[Choice], about: str) -> Listing:
    rows = [
        {
            "name": each.name,
            "title": each.title,
            about: each.description,
            "from": each.origin,
            "path": each.path,
        }
        for each in found
    ]
    return Listing(rows, ("name", "title", about, "from"), id_field="name")


def _beside(before: str | None, after: str | None) -> Beside | None:
    if before is not None and after is not None:
        raise UsageError("--before and --after can't both be given")
    near = before if before is not None else after
    return None if near is None else Beside(path_of(near), is_before=before is not None)


def _fields(given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise UsageError(f"`{each}` sets nothing", hint="write FIELD=VALUE")
        found[name] = value
    return found


def _edited(made: Edited, site: str, said: str, *, dry_run: bool) -> Result:
    lines = [said if made.is_changed else "nothing to change"]
    lines += [f"{rule.from_path} leads to {rule.to_path}" for rule in made.redirects]
    if made.placeless_count:
        lines.append(f"{made.placeless_count} items below it have no page any more")
    if dry_run:
        lines[0] += " (dry run)"
    data = {
        "page": made.page,
        "changed": made.is_changed,
        "redirects": [{"from": r.from_path, "to": r.to_path} for r in made.redirects],
        "placeless": made.placeless_count,
        "file": made.file,
    }
    again = made.is_changed and not dry_run
    return Result(data, lines, next=f"igny8 sitebuilder apply --site {site}" if again else None)


@command(app, "gallery")
def gallery(
    cli: Cli,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder; gallery in the workspace otherwise.", show_default=False
        ),
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="This one only.", show_default=False)
    ] = None,
) -> Result:
    """Build a site that shows every block in every layout, scheme and state.

    Example: igny8 sitebuilder gallery --out /srv/gallery
    """
    from igny8.renderer import build_gallery

    root = cli.app.config.root
    made = build_gallery(root, (out or root / "gallery").resolve(), layout)
    count, folder = len(made.layouts), made.start.parent
    return Result(
        {
            "start": str(made.start),
            "layouts": list(made.layouts),
            "pages": made.page_count,
            "written": made.written.written_count,
            "removed": made.written.removed_count,
        },
        [f"{made.page_count} pages of {count} layouts in {folder}"],
        next=f"python -m http.server --directory {folder}",
    )
