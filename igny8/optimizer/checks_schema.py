"""Checks D1 to D4 of `igny8_score`: structured data, and whether the page shows what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from igny8.optimizer.reading import Reading
from igny8.optimizer.types import Gate
from igny8.optimizer.verdicts import Verdict

_FITTING = {
    "post": {"Article", "BlogPosting", "NewsArticle", "TechArticle", "HowTo", "Recipe", "Review"},
    "page": {"WebPage", "AboutPage", "ContactPage", "FAQPage", "Article", "Organization"},
    "product": {"Product", "ProductGroup"},
    "service": {"Service", "LocalBusiness", "ProfessionalService", "WebPage"},
    "taxonomy": {"CollectionPage", "ItemList", "WebPage"},
    "collection": {"CollectionPage", "ItemList", "WebPage"},
}
_RECOMMENDED = {
    "Article": ("headline", "image", "datePublished", "dateModified", "author"),
    "Product": ("image", "description", "sku", "brand", "offers"),
    "Service": ("name", "provider", "areaServed"),
}
_ARTICLES = frozenset({"Article", "BlogPosting", "NewsArticle", "TechArticle"})

Node = dict[str, Any]


def parses(reading: Reading) -> Verdict | None:
    """D1: the JSON-LD can be read and has a type that fits the page."""
    documents = reading.page.schema_json
    if documents is None:
        return None
    try:
        nodes = list(_nodes(documents))
    except ValueError as error:
        message = f"the JSON-LD cannot be read: {error}"
        return Verdict(0, message, "mend the JSON", gate=Gate("D1", "blocked", message))
    wanted = _FITTING[reading.page.entity_type]
    fits = any(wanted & _types(node) for node in nodes)
    return Verdict(
        float(fits),
        "the JSON-LD fits the page" if fits else "no JSON-LD type fits the page",
        "" if fits else f"add a {min(wanted)}",
    )


def required(reading: Reading) -> Verdict | None:
    """D2: a product has a name and an offer, a review or a rating."""
    nodes = _readable(reading)
    if not nodes:
        return None
    missing = [
        "name" if not node.get("name") else "offers"
        for node in nodes
        if "Product" in _types(node)
        and not (
            node.get("name")
            and any(node.get(key) for key in ("offers", "review", "aggregateRating"))
        )
    ]
    return Verdict(
        float(not missing),
        f"the product lacks `{missing[0]}`" if missing else "required properties are there",
        f"add `{missing[0]}`" if missing else "",
    )


def recommended(reading: Reading) -> Verdict | None:
    """D3."""
    wanted: list[str] = []
    lacking: list[str] = []
    for node in _readable(reading):
        types = _types(node)
        kind = (
            "Article" if types & _ARTICLES else next(iter(sorted(types & _RECOMMENDED.keys())), "")
        )
        for name in _RECOMMENDED.get(kind, ()):
            wanted.append(name)
            if not node.get(name):
                lacking.append(name)
    if not wanted:
        return None
    share = 1 - len(lacking) / len(wanted)
    return Verdict(
        1.0 if not lacking else 0.5 if share >= 0.5 else 0.0,
        f"lacking: {', '.join(lacking)}" if lacking else "recommended properties are there",
        f"add `{lacking[0]}`" if lacking else "",
    )


def visible(reading: Reading) -> Verdict | None:
    """D4: prices and questions of the JSON-LD stand on the page."""
    nodes = _readable(reading)
    if not nodes:
        return None
    text = " ".join(reading.document.flow.split()).lower()
    prices = [str(node["price"]) for node in nodes if "price" in node]
    questions = [str(node.get("name", "")) for node in nodes if "Question" in _types(node)]
    unseen = [price for price in prices if not any(form in text for form in _price_forms(price))]
    unseen += [ask for ask in questions if " ".join(ask.lower().split()) not in text]
    if unseen:
        message = f"the page does not show “{unseen[0]}” of its JSON-LD"
        gate = Gate("D4", "blocked", message)
        return Verdict(0, message, "let the data say what the page says", gate=gate)
    return Verdict(1, "the JSON-LD says what the page shows")


def _readable(reading: Reading) -> list[Node]:
    try:
        return list(_nodes(reading.page.schema_json or ()))
    except ValueError:
        return []


def _nodes(documents: tuple[str, ...]) -> Iterator[Node]:
    for document in documents:
        waiting = [json.loads(document)]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                if "@type" in value:
                    yield value
                waiting += reversed(list(value.values()))
            elif isinstance(value, list):
                waiting += reversed(value)


def _types(node: Node) -> set[str]:
    found = node.get("@type")
    return {str(kind) for kind in found} if isinstance(found, list) else {str(found)}


def _price_forms(price: str) -> set[str]:
    """Return how a price may be written: `1299.50` is also `1,299.50`, `1.299,50`, `1 299,50`."""
    try:
        number = float(price)
    except ValueError:
        return {price.lower()}
    forms = {price, f"{number:.2f}", f"{number:,.2f}"}
    if number.is_integer():
        forms |= {f"{number:.0f}", f"{number:,.0f}"}
    swapped = {form.replace(",", "_").replace(".", ",").replace("_", ".") for form in forms}
    return forms | swapped | {form.replace(".", " ") for form in swapped}
