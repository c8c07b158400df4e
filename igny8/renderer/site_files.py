"""The files beside the pages: sitemaps, robots, headers, llms.txt, the icon."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from xml.sax.saxutils import escape

from markupsafe import Markup

from igny8.renderer import markdown_pages
from igny8.renderer.index import SiteIndex, newest_first
from igny8.renderer.theme import Palette
from igny8.renderer.types import Artifact
from igny8.safety.html import ATTRIBUTE_PATTERN
from igny8.sitebuilder.types import Page, PageKind

_SITEMAP = "sitemap.xml"
SITEMAP_LIMIT = 50_000  # addresses in one file, by the sitemap protocol
_MOST_IMAGES = 1000  # of one page, by its extension for images
_IMAGES = ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
_SHOWN = re.compile(rf'<img(?:{ATTRIBUTE_PATTERN})*? src="([^"]*)"')
_BATCH = 100  # pages whose bodies are held at once

# As their operators spell them. Google-Extended and Applebot-Extended are no crawlers of their own:
# they say what may be done with what Googlebot and Applebot read, and touch no search.
_TRAINING = (
    *("AI2Bot", "Amazonbot", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot"),
    *("Diffbot", "GPTBot", "Google-Extended", "anthropic-ai", "cohere-training-data-crawler"),
    *("meta-externalagent", "omgili"),
)
_ANSWERS = (
    *("ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot", "MistralAI-User"),
    *("OAI-SearchBot", "Perplexity-User", "PerplexityBot", "YouBot", "meta-externalfetcher"),
)

_ORIGIN = re.compile(r"(https://[A-Za-z0-9.-]+(?::[0-9]+)?)(?=/|$)")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'{forms}",
        "frame-ancestors 'self'",
    )
)


def sitemap_paths(index: SiteIndex, limit: int = SITEMAP_LIMIT) -> tuple[str, ...]:
    """Return sitemap.xml; and before it its parts, when there are more than `limit` pages."""
    count = -(-len(_public(index)) // limit)
    return (*(f"sitemap-{number}.xml" for number in range(1, count + 1) if count > 1), _SITEMAP)


def sitemap(index: SiteIndex, path: str, limit: int = SITEMAP_LIMIT) -> Artifact:
    """Return one of the files that `sitemap_paths` names."""
    pages, names = _public(index), sitemap_paths(index, limit)
    if path != _SITEMAP:
        start = names.index(path) * limit
        return Artifact(path, _sitemap(index, pages[start : start + limit]), "application/xml")
    if len(names) == 1:
        return Artifact(path, _sitemap(index, pages), "application/xml")
    entries = "".join(
        f"<sitemap><loc>{escape(index.absolute('/' + name))}</loc></sitemap>\n"
        for name in names[:-1]
    )
    return Artifact(path, _xml("sitemapindex", entries), "application/xml")


def _sitemap(index: SiteIndex, pages: Sequence[Page]) -> bytes:
    entries = []
    for start in range(0, len(pages), _BATCH):
        batch = pages[start : start + _BATCH]
        if index.snapshot.site.sitemap_images == "all":
            index.fetch(batch)
        for page in batch:
            day = page.updated_on or page.published_on
            lastmod = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
            shown = "".join(
                f"<image:image><image:loc>{escape(url)}</image:loc></image:image>"
                for url in _images(index, page)
            )
            address = escape(index.absolute(page.path))
            entries.append(f"<url><loc>{address}</loc>{lastmod}{shown}</url>\n")
    inner = "".join(entries)
    return _xml("urlset", inner, _IMAGES if "<image:" in inner else "")


def _images(index: SiteIndex, page: Page) -> list[str]:
    """Absolute addresses of a page's pictures, as far as `sitemap_images` wants them."""
    wanted = index.snapshot.site.sitemap_images
    found = [page.image.path] if page.image is not None and wanted != "none" else []
    if wanted == "all":
        index.uses.add(f"page:{page.id}")
        found += [html.unescape(src) for src in _SHOWN.findall(index.body(page))]
    # The site's policy lets no page show what lies elsewhere.
    own = [src for src in found if src.startswith("/") and not src.startswith("//")]
    return [index.absolute(src) for src in dict.fromkeys(own)][:_MOST_IMAGES]


def _xml(root: str, inner: str, more: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{more}>\n{inner}</{root}>\n'
    ).encode()


def robots(index: SiteIndex) -> Artifact:
    """Allow everything but what `robots_ai` keeps out, and name the sitemap."""
    said = index.snapshot.site.robots_ai
    groups = []
    if said != "allow":
        groups.append(_group("Gather text to train models", _TRAINING, "Disallow"))
        rule = "Disallow" if said == "none" else "Allow"
        groups.append(_group("Search and fetch for answers that name their source", _ANSWERS, rule))
    groups += ["User-agent: *\nAllow: /\n", f"Sitemap: {index.absolute('/sitemap.xml')}\n"]
    return Artifact("robots.txt", "\n".join(groups).encode(), "text/plain")


def _group(about: str, names: Sequence[str], rule: str) -> str:
    return f"# {about}\n" + "".join(f"User-agent: {each}\n" for each in names) + f"{rule}: /\n"


def llms(index: SiteIndex) -> Artifact:
    """Describe the site for language models: name, tagline, pages by kind."""
    site = index.snapshot.site
    groups = (
        ("Pages", (PageKind.HOME, PageKind.PAGE, PageKind.ABOUT, PageKind.CONTACT)),
        ("Services", (PageKind.SERVICE,)),
        ("Products", (PageKind.PRODUCT,)),
        ("Articles", (PageKind.POST,)),
        ("Sections", (PageKind.LISTING, PageKind.TAXONOMY)),
    )
    public = newest_first(_public(index))
    lines = [f"# {_line(site.name)}", ""]
    if site.tagline:
        lines += [f"> {_line(site.tagline)}", ""]
    for title, kinds in groups:
        pages = [page for page in public if page.kind in kinds]
        if pages:
            lines += [f"## {title}", "", *(_llms_line(index, page) for page in pages), ""]
    return Artifact("llms.txt", "\n".join(lines).encode(), "text/plain")


def _llms_line(index: SiteIndex, page: Page) -> str:
    about = page.meta_description or page.summary
    title = _line(page.title).replace("[", "(").replace("]", ")")
    path = page.path + markdown_pages.NAME if index.snapshot.site.markdown_pages else page.path
    return f"- [{title}]({index.absolute(path)})" + (f": {_line(about)}" if about else "")


def _line(text: str) -> str:
    return " ".join(text.split())


def form_origin(url: str) -> str:
    """Return the origin of the https address that a form posts to; empty for anything else."""
    match = _ORIGIN.match(url)
    return match[1] if match else ""


def headers(index: SiteIndex) -> Artifact:
    """Return `_headers`: a policy that allows no script and nothing from elsewhere.

    Forms may go to the site itself and to the one origin that its newsletter names.
    """
    origin = form_origin(index.snapshot.site.newsletter.url)
    policy = _POLICY.format(forms=f" {origin}" if origin else "")
    rules = (
        (
            f"{index.prefix}/*",
            (
                f"Content-Security-Policy: {policy}",
                "X-Content-Type-Options: nosniff",
                "X-Frame-Options: SAMEORIGIN",
                "Referrer-Policy: strict-origin-when-cross-origin",
                "Permissions-Policy: camera=(), geolocation=(), microphone=()",
                "Cross-Origin-Opener-Policy: same-origin",
            ),
        ),
        (f"{index.prefix}/assets/*", ("Cache-Control: public, max-age=31536000, immutable",)),
    )
    text = "".join(
        f"{path}\n" + "".join(f"  {line}\n" for line in lines) + "\n" for path, lines in rules
    )
    return Artifact("_headers", text.encode(), "text/plain")


def favicon(site_name: str, colours: Palette) -> bytes:
    """Return the icon: the site's first letter on its brand colour."""
    letter = next((c for c in site_name if c.isalnum()), "•").upper()
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
            '<rect width="64" height="64" rx="14" fill="{ground}"/>'
            '<text x="32" y="45" text-anchor="middle" font-family="system-ui,sans-serif" '
            'font-size="38" font-weight="700" fill="{ink}">{letter}</text></svg>\n'
        )
        .format(ground=colours.light["accent"], ink=colours.light["on-accent"], letter=letter)
        .encode()
    )


def picture(index: SiteIndex, page: Page, colours: Palette) -> bytes:
    """Return a titled card (1200 × 630) that stands for a page without a photograph."""
    light = colours.light
    lines = textwrap.wrap(page.title, 26)[:4]
    top = 340 - 40 * len(lines)
    title = Markup("").join(
        Markup('<tspan x="80" y="{}">{}</tspan>').format(top + 88 * number, line)
        for number, line in enumerate(lines)
    )
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" '
            'height="630"><rect width="1200" height="630" fill="{ground}"/>'
            '<rect width="1200" height="16" fill="{accent}"/>'
            '<text font-family="system-ui,sans-serif" font-size="76" font-weight="700" '
            'fill="{ink}">{title}</text><text x="80" y="560" font-family="system-ui,sans-serif" '
            'font-size="34" fill="{muted}">{site}</text></svg>\n'
        )
        .format(
            ground=light["soft"],
            accent=light["accent"],
            ink=light["text"],
            muted=light["muted"],
            title=title,
            site=index.snapshot.site.name,
        )
        .encode()
    )


def _public(index: SiteIndex) -> list[Page]:
    return [
        page for page in index.all() if not page.is_noindex and page.kind is not PageKind.NOT_FOUND
    ]
