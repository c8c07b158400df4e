"""Changes of a blueprint's tree: pages come, go, move and change, menus follow. Pure.

What a change does to redirects its caller decides; the file and its comments are `blueprint_file`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from igny8.core.errors import Conflict, InvalidInput, NotFound
from igny8.sitebuilder.blueprint import MENUS, Blueprint, PageSpec
from igny8.text.slugs import slugify

Pages = tuple[PageSpec, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The page that another one stands before or after."""

    path: str
    is_before: bool = False


def path_of(said: str) -> str:
    """Return `/a/b/` for `a/b`, `/a/b` and the like. Raises InvalidInput naming one that fits."""
    parts = [part for part in said.strip("/").split("/") if part]
    if parts != [slugify(part) for part in parts]:
        good = "/".join(filter(None, (slugify(part) for part in parts)))
        raise InvalidInput(
            f"`{said}` can't be a path",
            hint=f"write /{good}/" if good else "use lower-case letters, digits and hyphens",
        )
    return f"/{'/'.join(parts)}/" if parts else "/"


def found(tree: Blueprint, path: str) -> PageSpec:
    """Return a page. Raises NotFound naming the nearest path."""
    known = {page.path: page for page in tree.walk()}
    if path not in known:
        raise NotFound.named("page", path, known, list_with="igny8 sitebuilder pages")
    return known[path]


def above(tree: Blueprint, path: str) -> str:
    """Return the nearest page above a path; the home page at last, be it there or not."""
    paths = {page.path for page in tree.walk()}
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if path in paths:
            break
    return path


def added(
    tree: Blueprint, page: PageSpec, *, beside: Beside | None = None, menus: Iterable[str] = ()
) -> Blueprint:
    """Put a page below the nearest page above its path, at the end or beside a sibling.

    `menus` get an entry at their end. Raises Conflict where its path is taken.
    """
    _is_free(tree, page.path)
    tree = replace(tree, pages=_inserted(tree, page, beside))
    for name in menus:
        if name not in MENUS:
            raise NotFound.named("menu", name, MENUS)
        tree = replace(tree, menus={**tree.menus, name: (*tree.menus.get(name, ()), page.path)})
    return tree


def removed(tree: Blueprint, path: str) -> Blueprint:
    """Take a page out, with all below it and their menu entries."""
    page = found(tree, path)
    if path == "/":
        raise InvalidInput("the home page can't be removed", hint="change it with page-edit")
    gone = {each.path for each in page.walk()}
    menus = {
        name: tuple(entry for entry in entries if entry not in gone)
        for name, entries in tree.menus.items()
    }
    return replace(tree, pages=_mapped(tree.pages, path, lambda _: ()), menus=menus)


def moved(tree: Blueprint, path: str, new: str, beside: Beside | None = None) -> Blueprint:
    """Give a page a new path, or another place among its siblings; what is below comes along.

    A new path in the same section keeps the page's place there unless `beside` says otherwise.
    """
    page = found(tree, path)
    if path != new:
        if "/" in (path, new):
            raise InvalidInput("the home page stays where it is")
        if new.startswith(path):
            raise InvalidInput(f"`{path}` can't be moved below itself")
        _is_free(tree, new)
    if beside and beside.path.startswith(path):
        raise InvalidInput(f"`{path}` can't stand beside itself or what is below it")
    there = _rebased(page, path, new)
    if beside is None and _holder(tree, path) == _holder(tree, new, without=path):
        pages = _mapped(tree.pages, path, lambda _: (there,))
    else:
        rest = replace(tree, pages=_mapped(tree.pages, path, lambda _: ()))
        pages = _inserted(rest, there, beside)
    names = {each.path: _renamed(each.path, path, new) for each in page.walk()}
    menus = {
        name: tuple(names.get(entry, entry) for entry in entries)
        for name, entries in tree.menus.items()
    }
    return replace(tree, pages=pages, menus=menus)


def changed(tree: Blueprint, path: str, page: PageSpec) -> Blueprint:
    """Put another page in the place of one; what is below stays."""
    old = found(tree, path)
    page = replace(page, path=path, children=old.children)
    return replace(tree, pages=_mapped(tree.pages, path, lambda _: (page,)))


def nested(flat: Iterable[PageSpec]) -> Pages:
    """Return pages that come one after the other, as a version has them, as a tree again."""
    seen: list[str] = []
    held: list[tuple[str, PageSpec]] = []
    for page in flat:
        # Only a page that came before can hold it: `a/b` may stand before `a`, as a page beside it.
        held.append((_nearest(page.path, seen), page))
        seen += [page.path] if page.path != "/" else []
    below: dict[str, list[PageSpec]] = {}
    for holder, page in reversed(held):
        mine = () if page.path == "/" else below.pop(page.path, ())
        whole = replace(page, children=tuple(mine))
        below.setdefault(holder, []).insert(0, whole)
    return tuple(below.get("/", ()))


def _nearest(path: str, paths: Iterable[str]) -> str:
    """The longest of `paths` that `path` stands below; `/` where there is none."""
    return max((p for p in paths if path.startswith(p) and path != p), key=len, default="/")


def _is_free(tree: Blueprint, path: str) -> None:
    if any(page.path == path for page in tree.walk()):
        raise Conflict(f"there is a page at `{path}` already", hint="choose another path")


def _holder(tree: Blueprint, path: str, *, without: str = "") -> str:
    """The page in whose children a path stands, or would; `/` is the top of the tree."""
    holders = [p.path for p in tree.walk() if p.path != "/"]
    return _nearest(path, [p for p in holders if not without or not p.startswith(without)])


def _inserted(tree: Blueprint, page: PageSpec, beside: Beside | None) -> Pages:
    holder = _holder(tree, page.path)
    if beside is None:
        if holder == "/":
            return (*tree.pages, page)
        held = found(tree, holder)
        grown = replace(held, children=(*held.children, page))
        return _mapped(tree.pages, holder, lambda _: (grown,))
    near = found(tree, beside.path)
    if beside.path != "/" and _holder(tree, beside.path) != holder:
        raise InvalidInput(
            f"`{page.path}` and `{beside.path}` are not in the same section",
            hint="name a page that stands directly in the section of the new path",
        )
    if beside.path == "/" and holder != "/":
        raise InvalidInput(f"`{page.path}` does not stand beside the home page")
    pair = (page, near) if beside.is_before else (near, page)
    return _mapped(tree.pages, beside.path, lambda _: pair)


def _mapped(pages: Pages, path: str, change: Callable[[PageSpec], Pages]) -> Pages:
    """Return the pages with the one at `path` replaced by what `change` makes of it."""
    made: list[PageSpec] = []
    for page in pages:
        if page.path == path:
            made += change(page)
        elif path.startswith(page.path):
            made.append(replace(page, children=_mapped(page.children, path, change)))
        else:
            made.append(page)
    return tuple(made)


def _rebased(page: PageSpec, old: str, new: str) -> PageSpec:
    children = tuple(_rebased(child, old, new) for child in page.children)
    return replace(page, path=_renamed(page.path, old, new), children=children)


def _renamed(path: str, old: str, new: str) -> str:
    return new + path.removeprefix(old) if path.startswith(old) else path
