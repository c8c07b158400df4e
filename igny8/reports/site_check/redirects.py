"""Rules of redirects: those of the host (`_redirects`) and pages that send their visitors on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.types import PageFacts

_LINE = Rule(
    "redirects/malformed",
    Severity.ERROR,
    "a line of _redirects can't be read",
    "write `/old/ /new/ 301`",
)
_DEAD = Rule(
    "redirects/dead",
    Severity.ERROR,
    "a redirect leads to a page that is not there",
    "lead it to a page of the site",
)
_LOOP = Rule(
    "redirects/loop",
    Severity.ERROR,
    "a redirect leads back to itself",
    "remove one rule of the circle",
)
_CHAIN = Rule(
    "redirects/chain",
    Severity.WARNING,
    "a redirect leads to another redirect",
    "lead it straight to the last page",
)
_SHADOWED = Rule(
    "redirects/shadowed",
    Severity.WARNING,
    "a redirect never acts, since there is a page at its old path",
    "remove the rule, or the page",
)

RULES = (_LINE, _DEAD, _LOOP, _CHAIN, _SHADOWED)

REDIRECTS = "_redirects"


def check_lines(faults: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """Report lines of `_redirects` that are no rule."""
    for line, reason in faults:
        yield _LINE.at(REDIRECTS, reason, line)


def check(pages: Sequence[PageFacts], site: Site) -> Iterator[Finding]:
    """Check where redirects lead, those of pages that send their visitors on included."""
    by_path = {facts.path: facts for facts in pages}
    ruled = set()
    for rule in site.addresses.rules:
        ruled.add(rule.source.rstrip("/"))
        if rule.is_conditional or "*" in rule.source or "/:" in rule.source:
            continue
        path = rule.source.removeprefix(site.addresses.prefix)
        own = by_path.get(site.addresses.at(path).path) if not rule.is_forced else None
        if own is not None and not own.refresh and own.url == path:
            yield _SHADOWED.at(REDIRECTS, f"there is a page at {path}", rule.line)
            continue
        yield from _way(REDIRECTS, rule.line, path, rule.to, by_path, site)
    for facts in by_path.values():
        if facts.refresh and (site.addresses.prefix + facts.url).rstrip("/") not in ruled:
            yield from _way(facts.path, None, facts.url, facts.refresh, by_path, site)


def _way(
    where: str,
    line: int | None,
    path: str,
    to: str,
    by_path: Mapping[str, PageFacts],
    site: Site,
) -> Iterator[Finding]:
    """Follow a redirect, by the host's rules and by pages that send their visitors on."""
    way = [path]
    while True:
        address = site.addresses.find(path, to)
        if address.kind is Kind.FILE:
            facts = by_path.get(address.path)
            following = facts.refresh if facts else ""
            path = facts.url if facts else path
        elif address.kind is Kind.REDIRECT:
            following, path = address.to, address.path
        else:
            break
        if not following:
            break
        if path in way:
            yield _LOOP.at(where, f"{' → '.join([*way, path])}", line)
            return
        way.append(path)
        to = following
    if address.kind in (Kind.MISSING, Kind.BAD):
        yield _DEAD.at(where, f"{way[0]} leads to {to}, which is not there", line)
    elif len(way) > 1:
        yield _CHAIN.at(where, f"{' → '.join([*way, to])}", line)
