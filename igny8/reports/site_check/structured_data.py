"""Rules of JSON-LD: it reads, has what its type needs, and says what the page shows.

What a type needs follows the documentation of search engines; schema.org itself demands nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from html import unescape
from typing import Any

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.source import Page, plain
from igny8.reports.site_check.types import PageFacts

_PARSE = Rule(
    "structured-data/parse",
    Severity.ERROR,
    "a block of JSON-LD can't be read",
    "mend the JSON; a whole block is lost by one comma",
)
_TYPE = Rule(
    "structured-data/type",
    Severity.ERROR,
    "a block of JSON-LD names no type of schema.org",
    'begin with "@context": "https://schema.org" and an "@type"',
)
_REQUIRED = Rule(
    "structured-data/required",
    Severity.ERROR,
    "structured data lack what their type needs",
    "add the property, or leave the type out",
)
_RECOMMENDED = Rule(
    "structured-data/recommended",
    Severity.NOTICE,
    "structured data lack what search engines recommend",
    "add the property where the page knows it",
)
_VALUE = Rule(
    "structured-data/value",
    Severity.ERROR,
    "a value of structured data does not have the form it must have",
    "dates as 2026-11-23, prices as 12.50, currencies as GBP, addresses whole",
)
_VISIBLE = Rule(
    "structured-data/visible",
    Severity.ERROR,
    "structured data say what the page does not show",
    "let the data say what the page says; search engines punish the difference",
)
_DEAD = Rule(
    "structured-data/dead-address",
    Severity.ERROR,
    "an address in structured data leads nowhere",
    "name a page or image that is there",
)

RULES = (_PARSE, _TYPE, _REQUIRED, _RECOMMENDED, _VALUE, _VISIBLE, _DEAD)

Node = Mapping[str, Any]

_CONTEXT = re.compile(r"https?://(www\.)?schema\.org/?")
_ARTICLES = frozenset({"Article", "BlogPosting", "NewsArticle", "TechArticle"})
_ORGANIZATIONS = frozenset({"Organization", "LocalBusiness", "OnlineStore", "Corporation"})
# Each group is satisfied by any one of its properties.
_NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(_ARTICLES, (("headline",), ("author",), ("datePublished",))),
    **dict.fromkeys(_ORGANIZATIONS, (("name",),)),
    "AggregateOffer": (("lowPrice",), ("priceCurrency",)),
    "AggregateRating": (("ratingValue",), ("ratingCount", "reviewCount")),
    "Answer": (("text",),),
    "BreadcrumbList": (("itemListElement",),),
    "Event": (("name",), ("startDate",), ("location",)),
    "FAQPage": (("mainEntity",),),
    "ItemList": (("itemListElement",),),
    "Offer": (("price", "priceSpecification"),),
    "Person": (("name",),),
    "Product": (("name",), ("offers", "review", "aggregateRating")),
    "Question": (("name",), ("acceptedAnswer", "suggestedAnswer")),
    "Review": (("author",), ("reviewRating", "reviewBody")),
    "Service": (("name",),),
    "VideoObject": (("name",), ("thumbnailUrl",), ("uploadDate",)),
    "WebSite": (("name",), ("url",)),
}
_ADVISED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(_ARTICLES, (("image",), ("dateModified",))),
    "Product": (("image",), ("description",), ("brand", "sku", "gtin", "gtin13", "mpn")),
    "Offer": (("availability",),),
    "Service": (("provider",), ("description",)),
    "LocalBusiness": (("address",), ("telephone",), ("url",)),
    "Organization": (("url",), ("logo",)),
}
_DATES = frozenset(
    str.split("""
    datePublished dateModified dateCreated uploadDate startDate endDate priceValidUntil validFrom
    """)
)
_ADDRESSES = frozenset({"url", "image", "logo", "item", "contentUrl", "thumbnailUrl"})
_WHOLE = re.compile(r"https?://")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICE = re.compile(r"[0-9]+(\.[0-9]+)?")
_AVAILABILITY = frozenset(
    str.split("""
    BackOrder Discontinued InStock InStoreOnly LimitedAvailability MadeToOrder OnlineOnly OutOfStock
    PreOrder PreSale Reserved SoldOut
    """)
)
_NUMBER = re.compile(r"\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_DECIMALS = re.compile(r"[.,](\d{1,2})$")
_TYPOGRAPHY = tuple(zip("‘’‚“”„–—\u00a0\u202f", "'''\"\"\"--  ", strict=True))
_COMPARED = 60  # characters of an answer: the page may shorten it


@dataclass(frozen=True)
class _Shown:
    """What a page shows, worked out when it is asked for: most pages have little to compare."""

    page: Page

    @cached_property
    def text(self) -> str:
        return _folded(self.page.visible_text())

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        found = (_decimal(match[0]) for match in _NUMBER.finditer(self.page.visible_text()))
        return frozenset(number for number in found if number is not None)


def check(page: Page, facts: PageFacts, site: Site) -> Iterator[Finding]:
    """Check every block of JSON-LD of a page."""
    shown = _Shown(page)
    for script in page.all("script"):
        if script.get("type").strip().lower() != "application/ld+json":
            continue
        line = page.line(script.start)
        try:
            document = json.loads(page.contents(script))
        except (ValueError, RecursionError) as error:
            at = line + getattr(error, "lineno", 1) - 1
            yield _PARSE.at(page.path, f"the JSON-LD can't be read: {error}", at)
            continue
        yield from _document(document, page.path, line, facts, site, shown)


def _document(
    document: Any, path: str, line: int, facts: PageFacts, site: Site, shown: _Shown
) -> Iterator[Finding]:
    roots = document if isinstance(document, list) else [document]
    for root in roots:
        if not isinstance(root, dict):
            yield _TYPE.at(path, "the JSON-LD is no object", line)
            continue
        if not _is_schema(root.get("@context")):
            yield _TYPE.at(path, f"`{root.get('@context')}` is not schema.org", line)
        tops = root.get("@graph", root)
        for top in tops if isinstance(tops, list) else [tops]:
            if isinstance(top, dict) and "@type" not in top:
                yield _TYPE.at(path, "the JSON-LD has no @type", line)
        for node in _nodes(root):
            for rule, message in _node(node, facts, site, shown):
                yield rule.at(path, message, line)


def _is_schema(context: Any) -> bool:
    if isinstance(context, list):
        return any(_is_schema(each) for each in context)
    if isinstance(context, dict):
        return _is_schema(context.get("@vocab"))
    return isinstance(context, str) and bool(_CONTEXT.fullmatch(context))


def _nodes(value: Any) -> Iterator[Node]:
    """Yield every object that has a type, from the outside in."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "@type" in each:
                yield each
            waiting += reversed(each.values())
        elif isinstance(each, list):
            waiting += reversed(each)


def _node(node: Node, facts: PageFacts, site: Site, shown: _Shown) -> Iterator[tuple[Rule, str]]:
    for kind in types_of(node):
        yield from _complete(node, kind)
        special = _SPECIAL.get(kind)
        if special:
            yield from special(node)
    yield from _values(node)
    if facts.is_page:
        yield from _addresses(node, facts, site)
        for value in _unseen(node, shown):
            yield _VISIBLE, f"the page does not show “{value[:80]}”"


def types_of(node: Node) -> list[str]:
    """Return a node's types."""
    found = node.get("@type")
    return [str(each) for each in found] if isinstance(found, list) else [str(found)]


def _complete(node: Node, kind: str) -> Iterator[tuple[Rule, str]]:
    # What has an id and little else points to the node that has the rest.
    if "@id" in node and set(node) <= {"@id", "@type", "name", "url"}:
        return
    for rule, table in ((_REQUIRED, _NEEDED), (_RECOMMENDED, _ADVISED)):
        for group in table.get(kind, ()):
            if not any(_has(node, name) for name in group):
                yield rule, f"{kind} lacks {' or '.join(f'`{name}`' for name in group)}"


def _has(node: Node, name: str) -> bool:
    return node.get(name) not in (None, "", [], {})


def _offer(node: Node) -> Iterator[tuple[Rule, str]]:
    if _has(node, "price") and not _has(node, "priceCurrency"):
        yield _REQUIRED, "Offer lacks `priceCurrency`"


def _article(node: Node) -> Iterator[tuple[Rule, str]]:
    for author in _listed(node.get("author")):
        if not (isinstance(author, dict) and (author.get("name") or author.get("@id"))):
            yield _VALUE, "an author is an object with a `name`"
    published, modified = _date(node.get("datePublished")), _date(node.get("dateModified"))
    if published and modified and modified.date() < published.date():
        yield _VALUE, "`dateModified` is before `datePublished`"


def _breadcrumbs(node: Node) -> Iterator[tuple[Rule, str]]:
    steps = _listed(node.get("itemListElement"))
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict):
            yield _VALUE, "a breadcrumb is an object"
            continue
        if str(step.get("position")) != str(number):
            yield _VALUE, f"breadcrumb {number} has the position {step.get('position')}"
        item = step.get("item")
        if not step.get("name") and not (isinstance(item, dict) and item.get("name")):
            yield _REQUIRED, f"breadcrumb {number} lacks `name`"
        if not item and number < len(steps):
            yield _REQUIRED, f"breadcrumb {number} lacks `item`"


def _faq(node: Node) -> Iterator[tuple[Rule, str]]:
    for question in _listed(node.get("mainEntity")):
        if not isinstance(question, dict) or "Question" not in types_of(question):
            yield _VALUE, "`mainEntity` of a FAQPage holds questions"


_SPECIAL: Mapping[str, Callable[[Node], Iterator[tuple[Rule, str]]]] = {
    **dict.fromkeys(_ARTICLES, _article),
    "BreadcrumbList": _breadcrumbs,
    "FAQPage": _faq,
    "Offer": _offer,
}


def _values(node: Node) -> Iterator[tuple[Rule, str]]:
    for name, value in node.items():
        if name in _DATES and _date(value) is None:
            yield _VALUE, f"`{name}` is “{value}”, which is no date"
        elif name in ("price", "lowPrice", "highPrice") and not _PRICE.fullmatch(str(value)):
            yield _VALUE, f"`{name}` is “{value}”, which is no number"
        elif name == "priceCurrency" and not _CURRENCY.fullmatch(str(value)):
            yield _VALUE, f"`priceCurrency` is “{value}”, which is no currency code"
        elif name == "availability" and str(value).rpartition("/")[2] not in _AVAILABILITY:
            yield _VALUE, f"`availability` is “{value}”, which schema.org does not know"
        elif name in _ADDRESSES:
            for each in _listed(value):
                if isinstance(each, str) and not _WHOLE.match(each):
                    yield _VALUE, f"`{name}` is “{each}”, which is no whole address"


def _addresses(node: Node, facts: PageFacts, site: Site) -> Iterator[tuple[Rule, str]]:
    for name in sorted(_ADDRESSES & node.keys()):
        for each in _listed(node[name]):
            if not isinstance(each, str) or not _WHOLE.match(each):
                continue
            address = site.addresses.find(facts.url, each)
            if address.kind is Kind.REDIRECT:
                yield _DEAD, f"`{name}` {each} is redirected to {address.to}"
            elif address.kind in (Kind.MISSING, Kind.BAD):
                yield _DEAD, f"`{name}` {each} is not there"


def _unseen(node: Node, shown: _Shown) -> Iterator[str]:
    """Yield what the node says and the page does not."""
    for name in ("price", "lowPrice", "ratingValue"):
        value = _decimal(str(node.get(name, ""))) if name in node else None
        if value is not None and value not in shown.numbers:
            yield str(node[name])
    kinds = set(types_of(node))
    texts = []
    if kinds & _ARTICLES:
        texts.append(node.get("headline"))
    if kinds & {"Product", "Question"}:
        texts.append(node.get("name"))
    if "Answer" in kinds:
        texts.append(plain(str(node.get("text", "")))[:_COMPARED].rpartition(" ")[0])
    for text in texts:
        if isinstance(text, str) and _folded(text) not in shown.text:
            yield text


def _folded(text: str) -> str:
    """Without what typography changes: case, quotes, dashes, white space."""
    text = unescape(text)
    for written, meant in _TYPOGRAPHY:
        text = text.replace(written, meant)
    return " ".join(text.casefold().split())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _date(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def _decimal(written: str) -> Decimal | None:
    """Read a number as people write it: `1,299.50`, `1.299,50`, `1 299,50`, `£685`."""
    decimals = _DECIMALS.search(written)
    whole = re.sub(r"\D", "", written[: decimals.start()] if decimals else written)
    try:
        return Decimal(f"{whole}.{decimals[1]}" if decimals else whole).normalize()
    except InvalidOperation:
        return None
