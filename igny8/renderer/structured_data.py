"""JSON-LD: one builder per schema.org type. Each returns a node without empty fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from markupsafe import Markup

from igny8.renderer.index import SiteIndex
from igny8.renderer.views import CardView, PageView, SiteView
from igny8.renderer.wording import decimal
from igny8.sitebuilder.blocks import Question
from igny8.sitebuilder.types import Page, PageKind

Node: TypeAlias = dict[str, object]

_encode = json.JSONEncoder(ensure_ascii=False).encode
_UNSAFE = [(character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029"]
_AVAILABILITY = {
    "instock": "InStock",
    "outofstock": "OutOfStock",
    "preorder": "PreOrder",
    "discontinued": "Discontinued",
}


def graph(
    index: SiteIndex,
    site: SiteView,
    page: Page,
    view: PageView,
    *,
    listed: Sequence[CardView] = (),
    questions: Sequence[Question] = (),
) -> list[Node]:
    """Return the nodes that describe a page, in a stable order."""
    nodes: list[Node] = []
    if page.kind in (PageKind.HOME, PageKind.CONTACT, PageKind.ABOUT):
        nodes.append(organization(site))
    if page.kind is PageKind.HOME:
        nodes.append(website(site))
    if page.kind is PageKind.POST:
        nodes.append(article(site, page, view))
    elif page.kind is PageKind.PRODUCT:
        nodes.append(product(site, page, view))
    elif page.kind is PageKind.SERVICE:
        nodes.append(service(site, page, view))
    elif page.kind in (PageKind.LISTING, PageKind.TAXONOMY):
        nodes.append(collection(site, view, listed))
    if questions:
        nodes.append(faq_page(view, questions))
    trail = index.trail(page)
    # What stands at an address that does not exist has no way to it.
    if len(trail) > 1 and page.kind is not PageKind.NOT_FOUND:
        nodes.append(breadcrumbs(index, trail))
    return nodes


def script(nodes: Sequence[Node]) -> Markup:
    """Return the nodes as script elements whose text cannot end the element."""
    return Markup("").join(_script(node) for node in nodes)


def organization(site: SiteView) -> Node:
    """Return an Organization, or a LocalBusiness when there is a street to go to."""
    business = site.business
    address = _node(
        "PostalAddress",
        streetAddress=business.street,
        addressLocality=business.city,
        postalCode=business.postcode,
        addressCountry=business.country,
    )
    is_local = bool(business.street)
    return _node(
        "LocalBusiness" if is_local else "Organization",
        id_=_organization_id(site),
        name=site.name,
        legalName=business.legal_name,
        url=_home(site),
        slogan=site.tagline,
        logo=site.origin + site.favicon,
        image=site.origin + site.favicon if is_local else "",
        telephone=business.phone,
        email=business.email,
        address=address if len(address) > 1 else "",
        openingHours=[line.iso for line in site.hours if line.iso] if is_local else [],
        foundingDate=business.founded,
        sameAs=list(business.social),
    )


def website(site: SiteView) -> Node:
    """Return the WebSite."""
    return _node(
        "WebSite",
        id_=_home(site) + "#website",
        name=site.name,
        url=_home(site),
        inLanguage=site.locale,
        publisher=_publisher(site),
    )


def article(site: SiteView, page: Page, view: PageView) -> Node:
    """Return a BlogPosting."""
    author: Node = _publisher(site)
    if view.author is not None:
        url = view.author.url
        author = _node(
            "Person",
            name=view.author.name,
            jobTitle=view.author.role,
            url=site.origin + url if url.startswith("/") else url,
        )
    return _node(
        "BlogPosting",
        id_=view.canonical + "#article",
        headline=page.title,
        description=view.description,
        image=view.image_url,
        datePublished=view.iso_date,
        dateModified=view.iso_updated or view.iso_date,
        author=author,
        publisher=_publisher(site),
        mainEntityOfPage=view.canonical,
        inLanguage=site.locale,
        keywords=list(page.tags),
        wordCount=page.word_count or "",
    )


def product(site: SiteView, page: Page, view: PageView) -> Node:
    """Return a Product with its Offer."""
    facts = page.structure_data
    return _node(
        "Product",
        id_=view.canonical + "#product",
        name=page.title,
        description=view.description,
        image=view.image_url or view.picture_url,
        sku=_text(facts, "sku"),
        brand=_node("Brand", name=_text(facts, "brand")) if facts.get("brand") else "",
        offers=_offer(site, facts, view),
    )


def service(site: SiteView, page: Page, view: PageView) -> Node:
    """Return a Service with its Offer and where it is given."""
    facts = page.structure_data
    areas = facts.get("area_served")
    return _node(
        "Service",
        id_=view.canonical + "#service",
        name=page.title,
        description=view.description,
        image=view.image_url,
        url=view.canonical,
        serviceType=page.title,
        areaServed=[areas] if isinstance(areas, str) else list(_sequence(areas)),
        provider=_publisher(site),
        offers=_offer(site, facts, view),
    )


def collection(site: SiteView, view: PageView, listed: Sequence[CardView]) -> Node:
    """Return a CollectionPage with the list of what it shows."""
    items = [
        _node("ListItem", position=place, url=site.origin + card.url, name=card.title)
        for place, card in enumerate(listed, 1)
        if card.url.startswith("/")
    ]
    return _node(
        "CollectionPage",
        id_=view.canonical + "#page",
        name=view.title,
        description=view.description,
        url=view.canonical,
        inLanguage=site.locale,
        mainEntity=_node("ItemList", itemListElement=items) if items else "",
    )


def faq_page(view: PageView, questions: Sequence[Question]) -> Node:
    """Return an FAQPage of questions that stand on the page."""
    return _node(
        "FAQPage",
        id_=view.canonical + "#faq",
        mainEntity=[
            _node("Question", name=each.question, acceptedAnswer=_node("Answer", text=each.answer))
            for each in questions
        ],
    )


def breadcrumbs(index: SiteIndex, trail: Sequence[Page]) -> Node:
    """Return a BreadcrumbList from the home page to the page itself."""
    return _node(
        "BreadcrumbList",
        itemListElement=[
            _node("ListItem", position=place, name=page.title, item=index.absolute(page.path))
            for place, page in enumerate(trail, 1)
        ],
    )


def availability(value: object) -> str:
    """Return the schema.org name (`InStock`) of however it was written, or an empty text."""
    letters = "".join(c for c in str(value).rpartition("/")[2].lower() if c.isalpha())
    return _AVAILABILITY.get(letters, "")


def _offer(site: SiteView, facts: Mapping[str, object], view: PageView) -> object:
    price = decimal(facts.get("price"))
    if price is None:
        return ""
    state = availability(facts.get("availability", ""))
    return _node(
        "Offer",
        price=str(price),
        priceCurrency=_text(facts, "currency"),
        availability=f"https://schema.org/{state}" if state else "",
        url=view.canonical,
        seller=_publisher(site),
    )


def _publisher(site: SiteView) -> Node:
    return _node("Organization", id_=_organization_id(site), name=site.name, url=_home(site))


def _organization_id(site: SiteView) -> str:
    return _home(site) + "#organization"


def _home(site: SiteView) -> str:
    return site.origin + site.home_url


def _node(type_: str, *, id_: str = "", **fields: object) -> Node:
    node: Node = {"@type": type_}
    if id_:
        node["@id"] = id_
    node.update((key, value) for key, value in fields.items() if value not in ("", None, []))
    return node


def _script(node: Node) -> Markup:
    text = _encode({"@context": "https://schema.org", **node})
    # Nothing in the text can close the element any more.
    for character, escape in _UNSAFE:
        if character in text:
            text = text.replace(character, escape)
    return Markup(f'<script type="application/ld+json">{text}</script>\n')  # noqa: S704


def _text(facts: Mapping[str, object], key: str) -> str:
    value = facts.get(key)
    return "" if value is None else str(value)


def _sequence(value: object) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else []
