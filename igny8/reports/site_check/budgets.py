"""Rules of weight: what a page and its pictures may weigh. Bytes as they lie in the files."""

from __future__ import annotations

from collections.abc import Iterator

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Kind
from igny8.reports.site_check.requests import Load
from igny8.reports.site_check.site import Site

_PAGE = Rule(
    "budgets/page",
    Severity.WARNING,
    "a page is heavier than its budget before images",
    "shorten or split the page, or raise check.page_kb in site.toml",
)
_IMAGE = Rule(
    "budgets/image",
    Severity.WARNING,
    "an image is heavier than its budget",
    "save it smaller (AVIF or WebP, the size it is shown at), or raise check.image_kb in site.toml",
)
_IMAGES = Rule(
    "budgets/images",
    Severity.WARNING,
    "a page's images are heavier together than their budget",
    "use fewer or smaller images, or raise check.images_kb in site.toml",
)

RULES = (_PAGE, _IMAGE, _IMAGES)

_IMAGE_SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")


def check(path: str, url: str, site: Site, found: list[Load]) -> Iterator[Finding]:
    """Check one page: HTML, stylesheets and scripts together, and its images together."""
    sizes, expected = site.files.sizes, site.expected
    code, images = {path}, set[str]()
    for load in found:
        if not (load.is_style or load.is_script or load.is_image):
            continue
        address = site.addresses.find(url, load.url)
        if address.kind is Kind.FILE:
            (images if load.is_image else code).add(address.path)
    weight = sum(sizes[each] for each in code)
    if weight > expected.page_bytes:
        message = (
            f"HTML, CSS and scripts weigh {_kb(weight)} of {_kb(expected.page_bytes)} "
            f"(the page itself {_kb(sizes[path])})"
        )
        yield _PAGE.at(path, message)
    weight = sum(sizes[each] for each in images)
    if weight > expected.images_bytes:
        message = f"{len(images)} images weigh {_kb(weight)} of {_kb(expected.images_bytes)}"
        yield _IMAGES.at(path, message)


def check_image(path: str, site: Site) -> Iterator[Finding]:
    """Check one file of the site."""
    size, most = site.files.sizes[path], site.expected.image_bytes
    if size > most and path.lower().endswith(_IMAGE_SUFFIXES):
        yield _IMAGE.at(path, f"the image weighs {_kb(size)} of {_kb(most)}")


def _kb(count: int) -> str:
    return f"{count / 1000:,.1f} kB"
