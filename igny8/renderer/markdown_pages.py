"""What pages say as Markdown, for language models: one file beside each page, and all in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from igny8.renderer.bodies import absolute_links
from igny8.renderer.index import SiteIndex, newest_first
from igny8.renderer.types import Artifact
from igny8.sitebuilder.types import Page, PageKind
from igny8.text.as_markdown import from_html

NAME = "index.html.md"  # as llmstxt.org has it for an address that names no file
_REGIONS = ("top", "aside", "main", "bottom")
_BATCH = 100  # pages whose bodies are held at once


def is_wanted(page: Page) -> bool:
    """Tell whether a page may have a Markdown twin: those that search engines may read."""
    return not page.is_noindex and page.kind is not PageKind.NOT_FOUND


def markdown(index: SiteIndex, page: Page, regions: Mapping[str, str]) -> str:
    """Return what a page says, its title first, with absolute links."""
    html = "\n".join(str(regions.get(name, "")) for name in _REGIONS)
    text = from_html(absolute_links(html, index.origin))
    return text if "<h1" in html else f"# {' '.join(page.title.split())}\n\n{text}"


def full(index: SiteIndex, markdown_of: Callable[[Page], str]) -> Artifact:
    """Return llms-full.txt: every public page, newest first, each below its address."""
    site = index.snapshot.site
    pages = [page for page in newest_first(index.all()) if is_wanted(page)]
    parts = [f"# {' '.join(site.name.split())}\n"]
    if site.tagline:
        parts.append(f"> {' '.join(site.tagline.split())}\n")
    for start in range(0, len(pages), _BATCH):
        batch = pages[start : start + _BATCH]
        index.fetch(batch)
        for page in batch:
            index.uses.add(f"page:{page.id}")
            parts.append(f"---\n\nSource: {index.absolute(page.path)}\n\n{markdown_of(page)}")
    return Artifact("llms-full.txt", "\n".join(parts).encode(), "text/plain")
