"""The site's menus as templates see them, with the entry that holds the current page marked."""

from __future__ import annotations

from collections.abc import Sequence

from igny8.renderer.index import SiteIndex
from igny8.renderer.types import RenderReport, Unresolved
from igny8.renderer.views import NavItem
from igny8.sitebuilder.types import MenuItem, Page

AUTOMATIC_LIMIT = 6  # entries in a header menu that nobody wrote


def header_items(index: SiteIndex) -> tuple[MenuItem, ...]:
    """Return the header menu, or one of the top pages when the site has none."""
    written = index.snapshot.site.menus.header
    if written:
        return written
    return tuple(MenuItem(page.title, page.id) for page in index.top()[:AUTOMATIC_LIMIT])


def footer_items(index: SiteIndex) -> tuple[MenuItem, ...]:
    """Return the footer menu, or the header's when the site has none."""
    return index.snapshot.site.menus.footer or header_items(index)


def menu(
    index: SiteIndex, items: Sequence[MenuItem], place: str = "", *, is_page: bool = False
) -> tuple[NavItem, ...]:
    """Return the entries that lead somewhere. `place` is the entry's page id to mark as current."""
    found = []
    for item in items:
        page = index.by_id.get(item.page_id)
        url = index.url(page) if page else (index.href(item.url) or "") if item.url else ""
        children = menu(index, item.children, place, is_page=is_page)
        if not url and not children:
            continue
        mark = ("page" if is_page else "true") if place and item.page_id == place else ""
        if not mark and any(child.current for child in children):
            mark = "true"
        found.append(NavItem(item.label, url or children[0].url, mark, children))
    return tuple(found)


def place_in(index: SiteIndex, items: Sequence[MenuItem], page: Page) -> tuple[str, bool]:
    """Return the menu's page id that holds `page`, and whether it is the page itself."""
    known = set(_ids(items))
    for each in reversed(index.trail(page)):
        if each.id in known and (each is page or each is not index.home):
            return each.id, each is page
    return "", False


def report_missing(index: SiteIndex, menus: Sequence[MenuItem], report: RenderReport) -> None:
    """Say which menu entries name a page that is not in the snapshot."""
    missing = [id_ for id_ in _ids(menus) if id_ not in index.by_id]
    report.unresolved += [Unresolved("menu", id_) for id_ in missing]


def _ids(items: Sequence[MenuItem]) -> list[str]:
    ids: list[str] = []
    for item in items:
        if item.page_id:
            ids.append(item.page_id)
        ids += _ids(item.children)
    return ids
