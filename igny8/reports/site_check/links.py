"""Rules of links between pages: they lead somewhere, straight, and say where."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check import names
from igny8.reports.site_check.addresses import Address, Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.source import Page
from igny8.reports.site_check.types import PageFacts

_DEAD = Rule(
    "links/dead",
    Severity.ERROR,
    "a link leads to a page or file that is not there",
    "correct the address or remove the link",
)
_FRAGMENT = Rule(
    "links/dead-fragment",
    Severity.ERROR,
    "a link leads to a place on a page that is not there",
    "link to an id that is on the page",
)
_REDIRECT = Rule(
    "links/to-redirect",
    Severity.WARNING,
    "a link leads to a redirect",
    "link to where the redirect leads",
)
_BAD = Rule(
    "links/bad-address",
    Severity.ERROR,
    "a link's address can't be read, or only works on your own machine",
    "write a path of the site, or a whole https address",
)
_EMPTY = Rule(
    "links/no-text",
    Severity.ERROR,
    "a link says nothing",
    "write where it leads, or give its image an alt text",
)
_ORPHAN = Rule(
    "links/orphan",
    Severity.WARNING,
    "no way of links leads from the start page to a page",
    "link to it from a page that people read",
)
_UNRESOLVED = Rule(
    "links/unresolved",
    Severity.NOTICE,
    "a link reads as plain text, since its target is not in this release",
    "publish the target; the next build makes it a link",
)

RULES = (_DEAD, _FRAGMENT, _REDIRECT, _BAD, _EMPTY, _ORPHAN, _UNRESOLVED)

_ADDRESSING = frozenset({"alternate", "author", "help", "license", "next", "prev", "search"})
_QUOTES = ("blockquote", "del", "ins", "q")
_OWN_MACHINE = ("localhost", "127.", "0.0.0.0", "[::1]")  # noqa: S104  (looked for, not bound)
_SAFE_SCHEMES = frozenset(
    str.split("bitcoin callto facetime geo mailto maps sms skype tel webcal whatsapp xmpp")
)
_TOP = frozenset({"", "top"})


def check(page: Page, facts: PageFacts, site: Site) -> Iterator[Finding]:
    """Check one page's links, and note in `facts` those to other pages."""
    noted = array("I")
    fragments: list[tuple[int, str, int]] = []
    for link in page.all("a", "area"):
        written = link.attributes.get("href", link.attributes.get("xlink:href"))
        if written is None:
            continue
        if link.name == "a" and not names.has_name(page, link) and not names.is_hidden(link):
            yield _EMPTY.at(page.path, f"the link to {written} has no text", page.line(link.start))
        line = page.line(link.start)
        address = site.addresses.find(facts.url, written)
        fault = _fault(page.path, written, line, address, site)
        if fault:
            yield fault
        if address.kind is Kind.REDIRECT:  # what it leads to is linked all the same
            address = site.addresses.follow(address.path)[1]
        number = site.numbers.get(address.path) if address.kind is Kind.FILE else None
        if number is None:
            continue
        noted.append(number)
        noted.append(line)
        fragment = unquote(written.partition("#")[2])
        if fragment.lower() not in _TOP and not fragment.startswith(":~:"):
            fragments.append((number, fragment, line))
    facts.links = noted
    facts.fragments = tuple(fragments)
    yield from _others(page, facts, site)


def _others(page: Page, facts: PageFacts, site: Site) -> Iterator[Finding]:
    """What is named without being a link to click: feeds, next pages, sources of quotations."""
    written = [(quote, quote.get("cite")) for quote in page.all(*_QUOTES) if quote.get("cite")]
    for link in page.all("link"):
        relations = set(link.get("rel").lower().split())
        if relations & _ADDRESSING and not link.get("hreflang"):
            written.append((link, link.get("href")))
    for element, url in written:
        address = site.addresses.find(facts.url, url)
        fault = _fault(page.path, url, page.line(element.start), address, site)
        if fault:
            yield fault


def _fault(path: str, written: str, line: int, address: Address, site: Site) -> Finding | None:
    if address.kind is Kind.FILE:
        return None
    if address.kind is Kind.REDIRECT:
        if site.addresses.follow(address.path)[1].kind is Kind.MISSING:
            message = f"{written} is redirected to {address.to}, where nothing is"
            return _DEAD.at(path, message, line)
        message = f"{written} is redirected to {address.to}"
        return _REDIRECT.at(path, message, line, hint=f"link to {address.to}")
    if address.kind is Kind.MISSING:
        near = site.addresses.near(unquote(address.path))
        hint = f"did you mean {site.addresses.prefix}{near}?" if near else ""
        return _DEAD.at(path, f"{written} is not there", line, hint=hint)
    if address.kind is Kind.BAD:
        return _BAD.at(path, f"`{written}` can't be read: {address.to}", line)
    if address.kind is Kind.OUTSIDE and address.host.startswith(_OWN_MACHINE):
        return _BAD.at(path, f"{written} only works on your own machine", line)
    if address.kind is Kind.OTHER and address.scheme not in _SAFE_SCHEMES:
        return _BAD.at(path, f"`{written}` has the scheme `{address.scheme}:`", line)
    return None


def compare(pages: Sequence[PageFacts], site: Site) -> Iterator[Finding]:
    """Check links by what the pages that they lead to hold. `pages` are in their numbers' order."""
    for facts in pages:
        for number, fragment, line in facts.fragments:
            target = pages[number]
            if fragment not in target.ids and not target.refresh:
                where = "this page" if target is facts else target.url
                yield _FRAGMENT.at(facts.path, f"{where} has no id `{fragment}`", line)
        links = facts.links
        for at in range(0, len(links), 2):
            target = pages[links[at]]
            if target.refresh and facts.is_page:
                message = f"{target.url} sends its visitors on to {target.refresh}"
                hint = f"link to {target.refresh}"
                yield _REDIRECT.at(facts.path, message, links[at + 1], hint=hint)
        for name in site.expected.unresolved.get(facts.path, ()):
            yield _UNRESOLVED.at(facts.path, f"a link to `{name}` reads as plain text")
    yield from _orphans(pages)


def _orphans(pages: Sequence[PageFacts]) -> Iterator[Finding]:
    home = next((n for n, facts in enumerate(pages) if facts.url == "/"), None)
    if home is None:
        return
    reached = {home}
    waiting = [home]
    linked: set[int] = set()
    while waiting:
        for number in pages[waiting.pop()].links[::2]:
            if number not in reached:
                reached.add(number)
                waiting.append(number)
    for number, facts in enumerate(pages):
        if facts.is_page and number not in reached:
            linked.update(n for n in facts.links[::2] if n != number)
    for number, facts in enumerate(pages):
        if facts.is_indexable and number not in reached:
            message = (
                "only pages link here that no one finds from the start page"
                if number in linked
                else "no page links here"
            )
            yield _ORPHAN.at(facts.path, message)
