"""Pages for the terms of a site's taxonomies: one for each term, one that lists them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from igny8.config.model import SiteIdentity
from igny8.sitebuilder.types import Page, PageKind
from igny8.text.slugs import slugify


def term_pages(pages: Sequence[Page], identity: SiteIdentity) -> list[Page]:
    """Return the pages of terms that `taxonomy_least` public pages share: `/tags/gears/`.

    A term that has a page of its own already (an item of kind taxonomy with its name) gets none,
    nor does a path that another page has.
    """
    taken = {page.path for page in pages}
    own = {page.title.casefold() for page in pages if page.kind is PageKind.TAXONOMY}
    made: list[Page] = []
    for taxonomy in identity.taxonomies:
        terms = _terms(pages, taxonomy, identity.taxonomy_least)
        wanted = {label: path for label, path in terms.items() if label.casefold() not in own}
        root = f"/{slugify(taxonomy)}/"
        if not wanted or root in taken:
            continue
        title = taxonomy.replace("-", " ").replace("_", " ").capitalize()
        listing = Page(
            id=f"page:{root}",
            path=root,
            kind=PageKind.TAXONOMY,
            title=title,
            meta_title=f"{title} | {identity.name}",
            template="taxonomy",
            taxonomy=f"all {taxonomy}",
        )
        made.append(listing)
        for label, path in sorted(wanted.items(), key=lambda each: each[1]):
            made.append(
                Page(
                    id=f"page:{path}",
                    path=path,
                    kind=PageKind.TAXONOMY,
                    title=label,
                    meta_title=f"{label} | {identity.name}",
                    template="taxonomy",
                    parent_id=listing.id,
                    taxonomy=taxonomy,
                )
            )
    return made


def _terms(pages: Sequence[Page], taxonomy: str, least: int) -> Mapping[str, str]:
    """Label → path of the terms that `least` pages share; labels that differ in case are one."""
    labels: dict[str, str] = {}
    counts: dict[str, int] = {}
    for page in pages:
        if page.is_noindex:
            continue
        for name, label in page.terms:
            if name == taxonomy:
                folded = label.casefold()
                labels.setdefault(folded, label)
                counts[folded] = counts.get(folded, 0) + 1
    paths: dict[str, str] = {}
    for folded, label in sorted(labels.items()):
        path = f"/{slugify(taxonomy)}/{slugify(label, fallback='term')}/"
        # Two labels of one slug: the first has the page.
        if counts[folded] >= least and path not in paths.values():
            paths[label] = path
    return paths
