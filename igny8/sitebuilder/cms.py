"""Use cases of a site's pages: add, remove, move, change. Each edits `blueprint.yaml`, safely.

Whole or not at all, under the site's lock, checked first. Builds see it once it is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from igny8 import accounts, writer
from igny8.accounts import Need, Site
from igny8.context import Context
from igny8.core.errors import Conflict
from igny8.safety.paths import write_atomically
from igny8.sitebuilder import addresses, editing, page_fields, reading, redirects
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.blueprint_file import rewritten
from igny8.sitebuilder.editing import Beside
from igny8.sitebuilder.services import item_ids, live_paths, read_file
from igny8.sitebuilder.snapshots import template_roots, tree_in_use
from igny8.sitebuilder.templates import load_template, template_names
from igny8.sitebuilder.types import Redirect


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did to the blueprint, or would do. `page` is where the page is now.

    `placeless_count` are items that stood below a removed page and have no page any more.
    """

    file: Path
    page: str
    is_changed: bool
    redirects: tuple[Redirect, ...] = ()
    placeless_count: int = 0


@dataclass(frozen=True, slots=True)
class _Now:
    """The blueprint as it is: its tree, and its text where there is a file."""

    site: Site
    file: Path
    text: str | None
    tree: Blueprint
    templates: tuple[str, ...]


def add_page(  # noqa: PLR0913
    ctx: Context,
    site_slug: str,
    path: str,
    *,
    title: str = "",
    template: str = "",
    content: str | None = None,
    collect: str | None = None,
    description: str = "",
    is_noindex: bool = False,
    menus: Iterable[str] = (),
    beside: Beside | None = None,
    dry_run: bool = False,
) -> Edited:
    """Add a page below the nearest page above its path. `content` names the item it shows."""
    path = editing.path_of(path)
    page = PageSpec(path, title, template, content, collect, description, is_noindex=is_noindex)
    wanted = tuple(menus)

    def edit(now: _Now) -> _Edit:
        _check_template(ctx, now, template)
        _check_content(ctx, now.site, content)
        tree = editing.added(now.tree, page, beside=beside, menus=wanted)
        return _Edit(tree, path, tree.redirects)

    return _edited(ctx, site_slug, "page-add", edit, dry_run=dry_run)


def remove_page(
    ctx: Context,
    site_slug: str,
    path: str,
    *,
    is_deep: bool = False,
    keeps_address: bool = True,
    dry_run: bool = False,
) -> Edited:
    """Take a page out of the tree. With `keeps_address` its visitors are led to the page above.

    Raises Conflict for a page with others below it, unless `is_deep` takes them too.
    """
    path = editing.path_of(path)

    def edit(now: _Now) -> _Edit:
        page = editing.found(now.tree, path)
        if page.children and not is_deep:
            count = sum(1 for _ in page.walk()) - 1
            raise Conflict(
                f"`{path}` has {count} page{'s' * (count > 1)} below it",
                hint="move them first, or add --recursive to remove them too",
            )
        tree = editing.removed(now.tree, path)
        gone = [each.path for each in page.walk()]
        live, shown = live_paths(ctx, now.site)
        items = {
            each.path: {old for old in shown if old.startswith(each.path) and old not in gone}
            for each in page.walk()
            if each.collect
        }
        count = len(set().union(*items.values()))
        pages = _paths(tree)
        if not keeps_address:
            rules = [rule for rule in tree.redirects if rule.to_path not in gone]
            return _Edit(tree, path, rules, placeless_count=count)
        up = editing.above(tree, path)
        rules = redirects.gathered(tree.redirects, path, up, pages)
        new = [Redirect(old, up) for old in gone if old in live]
        new += [Redirect(f"{old}*", up) for old, below in items.items() if below]
        return _Edit(tree, path, rules, new, placeless_count=count)

    return _edited(ctx, site_slug, "page-remove", edit, dry_run=dry_run)


def move_page(
    ctx: Context,
    site_slug: str,
    path: str,
    new_path: str | None = None,
    *,
    beside: Beside | None = None,
    keeps_address: bool = True,
    dry_run: bool = False,
) -> Edited:
    """Give a page another path, or another place in the order; what is below it comes along.

    With `keeps_address` the old paths lead to the new ones.
    """
    path = editing.path_of(path)
    to = path if new_path is None else editing.path_of(new_path)

    def edit(now: _Now) -> _Edit:
        tree = editing.moved(now.tree, path, to, beside)
        if to == path:
            return _Edit(tree, to, tree.redirects)
        pages = _paths(tree)
        rules = redirects.moved(tree.redirects, path, to, pages)
        new = []
        if keeps_address:
            live = {old for old in live_paths(ctx, now.site)[0] if old.startswith(path)} - pages
            new = [Redirect(path, to)] if path in live else []
            new += [Redirect(f"{path}*", f"{to}*")] if live - {path} else []
        below = editing.found(now.tree, path).walk()
        renamed = {each.path: to + each.path.removeprefix(path) for each in below}
        return _Edit(tree, to, rules, new, renamed)

    return _edited(ctx, site_slug, "page-move", edit, dry_run=dry_run)


def set_template(
    ctx: Context, site_slug: str, path: str, template: str, *, dry_run: bool = False
) -> Edited:
    """Give a page another template; an empty one leaves it to the kind of the page."""
    path = editing.path_of(path)

    def edit(now: _Now) -> _Edit:
        _check_template(ctx, now, template)
        page = replace(editing.found(now.tree, path), template=template)
        return _Edit(editing.changed(now.tree, path, page), path, now.tree.redirects)

    return _edited(ctx, site_slug, "page-template", edit, dry_run=dry_run)


def page_text(ctx: Context, site_slug: str, path: str) -> str:
    """What a page says of itself, as YAML that `edit_page` reads."""
    site = accounts.site(ctx, site_slug, Need.READ)
    page = editing.found(_now(ctx, site).tree, editing.path_of(path))
    return page_fields.as_text(page)


def edit_page(
    ctx: Context, site_slug: str, path: str, text: str, *, file: str, dry_run: bool = False
) -> Edited:
    """Give a page the fields that a YAML text says; what it leaves out is emptied.

    Raises InvalidInput naming `file`, line and the nearest valid name.
    """

    def change(page: PageSpec, now: _Now) -> PageSpec:
        return page_fields.from_text(page, text, file=file, templates=now.templates)

    return _changed(ctx, site_slug, path, change, dry_run=dry_run)


def set_fields(
    ctx: Context, site_slug: str, path: str, fields: Mapping[str, str], *, dry_run: bool = False
) -> Edited:
    """Set some of a page's fields: `title`, `noindex`, `blocks.0.faq.title`; values are YAML."""

    def change(page: PageSpec, now: _Now) -> PageSpec:
        return page_fields.with_fields(page, fields, templates=now.templates)

    return _changed(ctx, site_slug, path, change, dry_run=dry_run)


def keep_addresses(ctx: Context, site_slug: str, *, dry_run: bool = False) -> Edited:
    """Redirect what the applied version has and the file neither has nor redirects.

    For edits by hand: the commands do it themselves.
    """

    def edit(now: _Now) -> _Edit:
        applied = reading.applied(ctx.rows, now.site.id)
        if applied is None:
            return _Edit(now.tree, "", now.tree.redirects)
        with ctx.read() as session:
            ids = item_ids(writer.all_contents(session, now.site.id))
        new = addresses.given_up(applied[1], _by_id(now.tree, ids), _paths(applied[1]))
        return _Edit(now.tree, "", now.tree.redirects, new)

    return _edited(ctx, site_slug, "apply", edit, dry_run=dry_run)


def _by_id(tree: Blueprint, ids: Mapping[str, str]) -> Blueprint:
    """The pages one after the other, with items by id, as versions have them."""
    pages = (replace(p, content=ids.get(p.content or "", p.content)) for p in tree.walk())
    return replace(tree, pages=tuple(replace(page, children=()) for page in pages))


@dataclass(frozen=True, slots=True)
class _Edit:
    """A changed tree; `rules` are its redirects as they stand, `new` go on top of them."""

    tree: Blueprint
    page: str
    rules: Sequence[Redirect]
    new: Sequence[Redirect] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    placeless_count: int = 0


def _changed(
    ctx: Context,
    site_slug: str,
    path: str,
    change: Callable[[PageSpec, _Now], PageSpec],
    *,
    dry_run: bool,
) -> Edited:
    path = editing.path_of(path)

    def edit(now: _Now) -> _Edit:
        old = editing.found(now.tree, path)
        page = change(old, now)
        if page.content != old.content:
            _check_content(ctx, now.site, page.content)
        return _Edit(editing.changed(now.tree, path, page), path, now.tree.redirects)

    return _edited(ctx, site_slug, "page-edit", edit, dry_run=dry_run)


def _edited(
    ctx: Context, site_slug: str, name: str, edit: Callable[[_Now], _Edit], *, dry_run: bool
) -> Edited:
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", f"sitebuilder {name}"):
        now = _now(ctx, site)
        made = edit(now)
        rules = redirects.merged(made.rules, made.new, _paths(made.tree))
        tree = replace(made.tree, redirects=rules)
        text = (
            blueprints.dump(tree)
            if now.text is None
            else rewritten(now.text, now.tree, tree, made.renamed)
        )
        blueprints.parse(text, file=str(now.file), templates=now.templates)
        is_changed = now.text is None or tree.digest != now.tree.digest
        if is_changed and not dry_run:
            write_atomically(now.file, text.encode())
    before = set(now.tree.redirects)
    return Edited(
        file=now.file,
        page=made.page,
        is_changed=is_changed,
        redirects=tuple(rule for rule in rules if rule not in before),
        placeless_count=made.placeless_count,
    )


def _now(ctx: Context, site: Site) -> _Now:
    """The blueprint's file; without one the tree that builds use: any site can be edited."""
    path = ctx.config.site_folder(site.slug) / blueprints.FILE
    templates = template_names(template_roots(ctx.config, site.slug))
    if path.is_file():
        text = read_file(path)
        tree = blueprints.parse(text, file=str(path), templates=templates)
        return _Now(site, path, text, tree, templates)
    tree = tree_in_use(ctx, site)
    return _Now(site, path, None, tree, templates)


def _paths(tree: Blueprint) -> set[str]:
    return {page.path for page in tree.walk()}


def _check_template(ctx: Context, now: _Now, template: str) -> None:
    if template:
        load_template(template, template_roots(ctx.config, now.site.slug))


def _check_content(ctx: Context, site: Site, name: str | None) -> None:
    if name:
        writer.content(ctx, site.slug, name)
