"""Runs all families of rules over a built site. One page is in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from igny8.core.findings import Finding, Rule, in_order
from igny8.reports.site_check import (
    budgets,
    links,
    markup,
    metadata,
    redirects,
    requests,
    site_files,
    structured_data,
    theme,
)
from igny8.reports.site_check.addresses import Addresses, pages, redirections, url_of
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.source import Page, read_page
from igny8.reports.site_check.types import BuiltFiles, CheckReport, Expectations, PageFacts

RULES: tuple[Rule, ...] = (
    *links.RULES,
    *markup.RULES,
    *metadata.RULES,
    *structured_data.RULES,
    *requests.RULES,
    *budgets.RULES,
    *redirects.RULES,
    *site_files.RULES,
    *theme.RULES,
)


def check_site(
    files: BuiltFiles,
    expected: Expectations,
    *,
    rules: Collection[str] | None = None,
    on_page: Callable[[int, int], None] | None = None,
) -> CheckReport:
    """Check a built site; keep what breaks one of `rules` (ids; all when None).

    `on_page` hears how many pages of how many are read. The same files give the same findings.
    """
    asked = frozenset(rule.id for rule in RULES) if rules is None else frozenset(rules)
    paths = list(pages(files.sizes))
    found = _all(files, expected, paths, on_page)
    kept = in_order(finding for finding in found if finding.rule in asked)
    return CheckReport(tuple(kept), len(paths), len(files.sizes))


def _all(
    files: BuiltFiles,
    expected: Expectations,
    paths: list[str],
    on_page: Callable[[int, int], None] | None,
) -> Iterator[Finding]:
    text = ""
    if redirects.REDIRECTS in files.sizes:
        text = files.read(redirects.REDIRECTS).decode("utf-8-sig", errors="replace")
    rules, faults = redirections(text)
    yield from redirects.check_lines(faults)
    addresses = Addresses(expected.base_url, files.sizes.keys(), rules)
    site = Site(files, expected, addresses, {path: n for n, path in enumerate(paths)})
    known: list[PageFacts] = []
    for done, path in enumerate(paths, 1):
        content = files.read(path)
        page = read_page(path, content)
        facts = metadata.facts_of(page, url_of(path))
        known.append(facts)
        yield from _page(page, facts, site, content)
        if on_page:
            on_page(done, len(paths))
    yield from links.compare(known, site)
    yield from metadata.compare(known, site)
    yield from redirects.check(known, site)
    yield from site_files.check(known, site)
    for path in sorted(files.sizes):
        yield from budgets.check_image(path, site)
        if path.endswith(".css"):
            yield from requests.check_stylesheet(path, site)
            yield from theme.check(path, site.text(path))


def _page(page: Page, facts: PageFacts, site: Site, content: bytes) -> Iterator[Finding]:
    loads = requests.loads(page)
    yield from markup.check(page, facts, content)
    yield from metadata.check(page, facts, site)
    yield from links.check(page, facts, site)
    yield from requests.check(page, facts.url, site, loads)
    yield from budgets.check(page.path, facts.url, site, loads)
    yield from structured_data.check(page, facts, site)
