"""Rules of what a page loads: it is there, it is its own, it is whole. Its weight is `budgets`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Address, Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.source import Element, Page

_MISSING = Rule(
    "requests/missing",
    Severity.ERROR,
    "a page loads a file that is not there",
    "add the file, or correct its address; capitals count",
)
_OUTSIDE = Rule(
    "requests/outside",
    Severity.ERROR,
    "a page loads something from another host",
    "keep a copy beside the page; a built site makes no request to others, and its policy in "
    "_headers refuses them",
)
_MIXED = Rule(
    "requests/mixed-content",
    Severity.ERROR,
    "a page on https loads or sends something over http",
    "use https; browsers block the rest",
)
_INTEGRITY = Rule(
    "requests/integrity",
    Severity.ERROR,
    "a file does not have the hash that the page demands",
    "build again, so that integrity and file fit; browsers refuse the file",
)

RULES = (_MISSING, _OUTSIDE, _MIXED, _INTEGRITY)

_LOADING = frozenset(
    str.split("""
    apple-touch-icon apple-touch-icon-precomposed icon manifest mask-icon modulepreload prefetch
    preload shortcut stylesheet
    """)
)
_SOURCES = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src",),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "feimage": ("href", "xlink:href"),
    "video": ("src", "poster"),
    "img": ("src",),
}
_IMAGES = frozenset({"img", "image"})
_SOCIAL = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image"})
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+["']([^"']+)"""
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CANDIDATE = re.compile(r"\s*,?\s*(\S*[^\s,])(?:\s+[^\s,]+)?\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Load:
    """One address that a page loads. `is_image`: shown as a picture where the page names it."""

    url: str
    line: int
    element: Element | None
    is_image: bool = False
    is_style: bool = False
    is_script: bool = False


def loads(page: Page) -> list[Load]:
    """Return what a page loads, in its order by kind. `data:` addresses are left out."""
    found: list[Load] = []
    for element in page.all(*_SOURCES):
        found += [
            Load(
                element.get(attribute),
                page.line(element.start),
                element,
                is_image=element.name in _IMAGES,
                is_script=element.name == "script",
            )
            for attribute in _SOURCES[element.name]
            if element.get(attribute)
        ]
    for element in page.all("img", "source"):
        if "srcset" in element.attributes:
            line = page.line(element.start)
            found += [Load(url, line, element) for url in candidates(element.get("srcset"))]
    for element in page.all("link"):
        relations = frozenset(element.get("rel").lower().split())
        if relations & _LOADING and "alternate" not in relations:
            found.append(
                Load(
                    element.get("href"),
                    page.line(element.start),
                    element,
                    is_style="stylesheet" in relations,
                )
            )
    for element in page.all("style"):
        found += _of_css(page.contents(element), page.line(element.inner))
    for element in page.elements:
        if "url(" in element.get("style"):
            found += _of_css(element.get("style"), page.line(element.start))
    return [load for load in found if not load.url.startswith(("data:", "#", "blob:"))]


def candidates(srcset: str) -> list[str]:
    """Return the addresses of a srcset."""
    return [match[1] for match in _CANDIDATE.finditer(srcset)]


def _of_css(css: str, line: int) -> list[Load]:
    return [Load(url, line, None) for url in css_urls(css)]


def css_urls(css: str) -> list[str]:
    """Return the addresses that a stylesheet loads."""
    css = _CSS_COMMENT.sub(" ", css)
    return ["".join(m.groups(default="")) for m in _CSS_URL.finditer(css)]


def check(page: Page, url: str, site: Site, found: list[Load]) -> Iterator[Finding]:
    """Check what one page loads."""
    for load in found:
        address = site.addresses.find(url, load.url)
        yield from _judged(page.path, load.url, load.line, address, site)
        if load.element is not None and address.kind is Kind.FILE:
            demanded = load.element.get("integrity")
            if demanded and not _fits(site, address.path, demanded):
                message = f"{load.url} does not have the hash that integrity demands"
                yield _INTEGRITY.at(page.path, message, load.line)
    for meta in page.all("meta"):
        if meta.get("property") in _SOCIAL or meta.get("name") in _SOCIAL:
            address = site.addresses.find(url, meta.get("content"))
            line = page.line(meta.start)
            if address.kind is Kind.MISSING:
                yield _MISSING.at(page.path, f"{meta.get('content')} is not there", line)
            elif address.kind is not Kind.BAD and not address.host:
                message = f"{meta.get('content')} has no host, so other sites can't show it"
                yield _MISSING.at(page.path, message, line, hint="write the whole https address")
    for form in page.all("form"):
        if site.addresses.scheme == "https" and form.get("action").startswith("http:"):
            message = f"a form sends to {form.get('action')}"
            yield _MIXED.at(page.path, message, page.line(form.start))


def check_stylesheet(path: str, site: Site) -> Iterator[Finding]:
    """Check what one stylesheet loads."""
    text = site.text(path)
    for url in css_urls(text):
        if not url.startswith(("data:", "#")):
            line = text.count("\n", 0, text.find(url)) + 1
            yield from _judged(path, url, line, site.addresses.find(f"/{path}", url), site)


def _judged(path: str, url: str, line: int, address: Address, site: Site) -> Iterator[Finding]:
    if address.kind in (Kind.MISSING, Kind.BAD) or not url:
        yield _MISSING.at(path, f"{url or 'an empty address'} is not there", line)
    elif address.kind is Kind.OUTSIDE:
        yield _OUTSIDE.at(path, f"{url} comes from {address.host}", line)
    elif address.kind is Kind.REDIRECT:
        yield _MISSING.at(
            path, f"{url} is only reached by a redirect", line, hint=f"write {address.to}"
        )
    if address.scheme == "http" and site.addresses.scheme == "https":
        yield _MIXED.at(path, f"{url} is loaded over http", line)


def _fits(site: Site, path: str, demanded: str) -> bool:
    """One of the hashes of the strongest algorithm must be the file's."""
    hashes = [word.partition("?")[0].partition("-") for word in demanded.split()]
    known = [(name, value) for name, _, value in hashes if name in ("sha256", "sha384", "sha512")]
    if not known:
        return True
    strongest = max(name for name, _ in known)
    digest = hashlib.new(strongest, site.files.read(path)).digest()
    return base64.b64encode(digest).decode() in [v for name, v in known if name == strongest]
