"""Rules of what search engines read in a page's head, alone and beside the other pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.source import Element, Page
from igny8.reports.site_check.types import Alternate, PageFacts
from igny8.text.widths import pixels

_TITLE = Rule(
    "metadata/title-missing",
    Severity.ERROR,
    "a page has no title, or several",
    "give the page one <title> that says what it is about",
)
_TITLE_TWICE = Rule(
    "metadata/title-duplicate",
    Severity.WARNING,
    "two pages have the same title",
    "say in each title what sets its page apart",
)
_TITLE_LONG = Rule(
    "metadata/title-long",
    Severity.WARNING,
    "a title is wider than search results show",
    "shorten it, the important words first",
)
_DESCRIPTION = Rule(
    "metadata/description-missing",
    Severity.WARNING,
    "a page has no meta description",
    "write one or two sentences that make people want to read the page",
)
_DESCRIPTION_TWICE = Rule(
    "metadata/description-duplicate",
    Severity.WARNING,
    "two pages have the same meta description",
    "write one for each page",
)
_DESCRIPTION_LENGTH = Rule(
    "metadata/description-length",
    Severity.NOTICE,
    "a meta description is very short, or longer than search results show",
    "write 50 to 160 characters",
)
_CANONICAL = Rule(
    "metadata/canonical",
    Severity.ERROR,
    "a canonical address is wrong",
    "name one whole address of a page that is there, most often the page itself",
)
_NO_CANONICAL = Rule(
    "metadata/canonical-missing",
    Severity.WARNING,
    "a page names no canonical address",
    'add <link rel="canonical"> with the page\'s whole address',
)
_HREFLANG = Rule(
    "metadata/hreflang",
    Severity.ERROR,
    "a link to another language is wrong, or is not returned",
    "each language version names all versions, itself among them, by whole addresses",
)

RULES = (
    _TITLE,
    _TITLE_TWICE,
    _TITLE_LONG,
    _DESCRIPTION,
    _DESCRIPTION_TWICE,
    _DESCRIPTION_LENGTH,
    _CANONICAL,
    _NO_CANONICAL,
    _HREFLANG,
)

_WIDEST_TITLE = 600  # pixels of a title on a result page of a wide screen
_SHORTEST_DESCRIPTION, _LONGEST_DESCRIPTION = 50, 160
_LANGUAGE = re.compile(r"x-default|[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
_REFRESH = re.compile(r"\s*[0-9.]+\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE)


def facts_of(page: Page, url: str) -> PageFacts:
    """Take from a page what is compared with other pages."""
    facts = PageFacts(page.path, url)
    roots = page.all("html")
    facts.language = roots[0].get("lang") if roots else ""
    titles = _titles(page)
    if titles:
        facts.title, facts.title_line = page.text_of(titles[0]), page.line(titles[0].start)
    for meta in page.all("meta"):
        _take_meta(page, meta, facts)
    alternates = []
    for link in page.all("link"):
        relations = link.get("rel").lower().split()
        if "canonical" in relations and not facts.canonical_line:
            facts.canonical, facts.canonical_line = link.get("href"), page.line(link.start)
        elif "alternate" in relations and link.get("hreflang"):
            line = page.line(link.start)
            alternates.append(Alternate(link.get("hreflang"), link.get("href"), line))
    facts.alternates = tuple(alternates)
    facts.ids = frozenset(
        name
        for element in page.elements
        if (name := element.get("id") or (element.name == "a" and element.get("name")))
    )
    return facts


def _take_meta(page: Page, meta: Element, facts: PageFacts) -> None:
    name, content = meta.get("name").lower(), meta.get("content")
    if name == "description" and not facts.description_line:
        facts.description = " ".join(content.split())
        facts.description_line = page.line(meta.start)
    elif name in ("robots", "googlebot"):
        facts.is_noindex |= bool({"noindex", "none"} & set(re.split(r"[\s,]+", content.lower())))
    elif meta.get("http-equiv").lower() == "refresh" and (match := _REFRESH.match(content)):
        facts.refresh = match[1].strip()


def _titles(page: Page) -> list[Element]:
    return [title for title in page.all("title") if not title.is_foreign]


def check(page: Page, facts: PageFacts, site: Site) -> Iterator[Finding]:
    """Check one page's head by itself."""
    titles = _titles(page)
    if not facts.title:
        yield _TITLE.at(page.path, "the page has no title", facts.title_line or None)
    elif len(titles) > 1:
        line = page.line(titles[1].start)
        yield _TITLE.at(page.path, f"the page has {len(titles)} titles", line)
    if facts.refresh:
        return
    if facts.is_indexable:
        yield from _texts(facts)
    yield from _canonical(page, facts, site)


def _texts(facts: PageFacts) -> Iterator[Finding]:
    width = pixels(facts.title)
    if width > _WIDEST_TITLE:
        message = f"the title is {width} pixels wide, {_WIDEST_TITLE} are shown"
        yield _TITLE_LONG.at(facts.path, message, facts.title_line)
    if facts.is_continuation:
        return
    length = len(facts.description)
    if not length:
        line = facts.description_line or None
        yield _DESCRIPTION.at(facts.path, "the page has no meta description", line)
    elif not _SHORTEST_DESCRIPTION <= length <= _LONGEST_DESCRIPTION:
        message = f"the meta description has {length} characters"
        yield _DESCRIPTION_LENGTH.at(facts.path, message, facts.description_line)


def _canonical(page: Page, facts: PageFacts, site: Site) -> Iterator[Finding]:
    links = [link for link in page.all("link") if "canonical" in link.get("rel").lower().split()]
    if not links:
        if facts.is_indexable:
            yield _NO_CANONICAL.at(page.path, "the page names no canonical address")
        return
    line = facts.canonical_line
    if len(links) > 1:
        message = f"the page names {len(links)} canonical addresses"
        yield _CANONICAL.at(page.path, message, page.line(links[1].start))
    if not re.match(r"https?://", facts.canonical):
        yield _CANONICAL.at(page.path, f"`{facts.canonical}` is no whole address", line)
        return
    if "#" in facts.canonical:
        yield _CANONICAL.at(page.path, f"{facts.canonical} has a fragment", line)
    address = site.addresses.find(facts.url, facts.canonical)
    if address.kind is Kind.REDIRECT:
        message = f"{facts.canonical} is redirected to {address.to}"
        yield _CANONICAL.at(page.path, message, line)
    elif address.kind in (Kind.MISSING, Kind.BAD):
        yield _CANONICAL.at(page.path, f"{facts.canonical} is not there", line)
    elif address.kind is Kind.FILE and address.scheme != site.addresses.scheme:
        message = f"{facts.canonical} does not begin with {site.addresses.scheme}:"
        yield _CANONICAL.at(page.path, message, line)


def compare(pages: Sequence[PageFacts], site: Site) -> Iterator[Finding]:
    """Check what pages say beside each other."""
    own = [
        each
        for each in pages
        if each.is_indexable and not each.is_continuation and _stands_for_itself(each, site)
    ]
    yield from _repeated(own, lambda f: f.title, lambda f: f.title_line, _TITLE_TWICE, "title")
    yield from _repeated(
        own,
        lambda f: f.description,
        lambda f: f.description_line,
        _DESCRIPTION_TWICE,
        "meta description",
    )
    by_path = {each.path: each for each in pages}
    for facts in pages:
        yield from _canonical_chain(facts, by_path, site)
        yield from _alternates(facts, by_path, site)


def _stands_for_itself(facts: PageFacts, site: Site) -> bool:
    if not facts.canonical:
        return True
    return site.addresses.find(facts.url, facts.canonical).path == facts.path


def _repeated(
    pages: Sequence[PageFacts],
    text: Callable[[PageFacts], str],
    line: Callable[[PageFacts], int],
    rule: Rule,
    what: str,
) -> Iterator[Finding]:
    first: dict[tuple[str, str], PageFacts] = {}
    for facts in pages:
        if not text(facts):
            continue
        before = first.setdefault((facts.language, text(facts).casefold()), facts)
        if before is not facts:
            yield rule.at(facts.path, f"{before.url} has the same {what}", line(facts))


def _canonical_chain(
    facts: PageFacts, by_path: Mapping[str, PageFacts], site: Site
) -> Iterator[Finding]:
    if not facts.is_page or not facts.canonical:
        return
    address = site.addresses.find(facts.url, facts.canonical)
    target = by_path.get(address.path) if address.kind is Kind.FILE else None
    if target is None or target is facts:
        return
    line = facts.canonical_line
    if target.refresh or target.is_noindex:
        how = "a redirect" if target.refresh else "noindex"
        yield _CANONICAL.at(facts.path, f"{facts.canonical} is {how}", line)
    elif target.canonical and not _stands_for_itself(target, site):
        message = f"{facts.canonical} names another canonical address itself"
        yield _CANONICAL.at(facts.path, message, line)


def _alternates(
    facts: PageFacts, by_path: Mapping[str, PageFacts], site: Site
) -> Iterator[Finding]:
    if not facts.alternates:
        return
    names_itself = False
    seen: set[str] = set()
    for each in facts.alternates:
        address = site.addresses.find(facts.url, each.url)
        target = by_path.get(address.path) if address.kind is Kind.FILE else None
        names_itself |= target is facts
        fault = ""
        if not _LANGUAGE.fullmatch(each.language):
            fault = f"`{each.language}` is no language code"
        elif each.language.lower() in seen:
            fault = f"`{each.language}` is there twice"
        elif not re.match(r"https?://", each.url):
            fault = f"`{each.url}` is no whole address"
        elif address.kind is not Kind.OUTSIDE and (target is None or target.refresh):
            fault = f"{each.url} ({each.language}) is not a page of the site"
        elif target is not None and target is not facts and not _returns(target, facts, site):
            fault = f"{each.url} ({each.language}) does not link back"
        seen.add(each.language.lower())
        if fault:
            yield _HREFLANG.at(facts.path, fault, each.line)
    if not names_itself:
        message = "the page does not name itself among its languages"
        yield _HREFLANG.at(facts.path, message, facts.alternates[0].line)


def _returns(target: PageFacts, facts: PageFacts, site: Site) -> bool:
    return any(
        site.addresses.find(target.url, each.url).path == facts.path for each in target.alternates
    )
