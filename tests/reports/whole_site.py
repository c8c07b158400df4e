"""A small site without a single fault, and a way to break it."""

from __future__ import annotations

from igny8.core.findings import Finding
from igny8.reports.site_check import BuiltFiles, Expectations, check_site

BASE = "https://example.com"
PICTURE = b"\x89PNG picture"
CSS = """:root{color-scheme:light dark;--page:light-dark(#ffffff,#111111);
--text:light-dark(#222222,#eeeeee);--link:light-dark(#0645ad,#8ab4f8);
--accent:light-dark(#0645ad,#8ab4f8);--on-accent:light-dark(#fff,#000)}
body{background:url("/assets/ground.svg")}
"""
DATA = """{"@context":"https://schema.org","@graph":[
{"@type":"BlogPosting","headline":"About us","author":{"@type":"Person","name":"Ann"},
"image":"https://example.com/assets/picture.png",
"datePublished":"2026-03-01","dateModified":"2026-03-02T10:00:00+00:00"},
{"@type":"BreadcrumbList","itemListElement":[
{"@type":"ListItem","position":1,"name":"Home","item":"https://example.com/"},
{"@type":"ListItem","position":2,"name":"About us"}]}]}"""


def page(
    body: str = "",
    *,
    url: str = "/about/",
    title: str = "About us",
    description: str = "Who we are, what we do all day long, and where you find us in town.",
    head: str = "",
    start: str = '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n',
    view: str = '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    canonical: str | None = None,
    main: str | None = None,
) -> bytes:
    """Return a faultless page with `body` in its main element."""
    canonical = f"{BASE}{url}" if canonical is None else canonical
    lines = [
        f"{start}{view}<title>{title}</title>",
        f'<meta name="description" content="{description}">' if description else "",
        f'<link rel="canonical" href="{canonical}">' if canonical else "",
        '<link rel="stylesheet" href="/assets/site.css">',
        f'{head}</head>\n<body>\n<nav><a href="/">Home</a> <a href="/about/">About</a></nav>',
        main or f'<main id="content">\n<h1>{title}</h1>\n{body}\n</main>',
        "</body>\n</html>\n",
    ]
    return "\n".join(line for line in lines if line).encode()


def data(json: str) -> str:
    """Return a block of JSON-LD."""
    return f'<script type="application/ld+json">{json}</script>\n'


def sitemap(*urls: str) -> bytes:
    """Return a sitemap of these addresses."""
    entries = "".join(f"<url><loc>{url}</loc></url>\n" for url in urls)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    ).encode()


def rss(link: str = f"{BASE}/about/", *, item: str = "<title>About us</title>") -> bytes:
    """Return an RSS feed of one item."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Site</title>'
        f"<link>{BASE}/</link><description>All</description>\n"
        f"<item>{item}<link>{link}</link></item>\n</channel></rss>\n"
    ).encode()


ATOM = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    "<id>x</id><title>Site</title><updated>2026-03-01T00:00:00Z</updated>\n"
    f'<entry><id>y</id><title>About</title><link href="{BASE}/about/"/>'
    "<updated>2026-03-01T00:00:00Z</updated></entry></feed>\n"
).encode()


def whole() -> dict[str, bytes]:
    """Return the files of a site that breaks no rule."""
    return {
        "index.html": page(
            '<p><img src="/assets/picture.png" alt="Us" width="10" height="10"></p>',
            url="/",
            title="Home",
            description="A small site that has everything a site needs, and nothing else at all.",
        ),
        "about/index.html": page(
            '<h2 id="where">Where</h2>\n<p><a href="#where">Up</a> <a href="mailto:a@b.c">Write</a>'
            ' <a href="https://other.example/x">Elsewhere</a></p>\n'
            '<form action="/about/"><label for="q">Say</label> <input id="q" name="q">'
            "<button>Send</button></form>",
            head=data(DATA)
            + '<link rel="alternate" type="application/rss+xml" title="Feed" href="/feed.xml">\n',
        ),
        "404.html": page(
            url="/",
            title="Not found",
            head='<meta name="robots" content="noindex">\n',
            canonical="",
        ),
        "assets/site.css": CSS.encode(),
        "assets/ground.svg": b"<svg/>",
        "assets/picture.png": PICTURE,
        "sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/about/"),
        "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {BASE}/sitemap.xml\n".encode(),
        "feed.xml": rss(),
        "atom.xml": ATOM,
        "feed.json": b'{"version":"https://jsonfeed.org/version/1.1","title":"Site",'
        b'"items":[{"id":"1","url":"https://example.com/about/"}]}',
    }


def check(
    changes: dict[str, bytes | None] | None = None, expected: Expectations | None = None
) -> list[Finding]:
    """Check the whole site with some files changed, added or (None) removed."""
    files = {**whole(), **(changes or {})}
    present = {path: content for path, content in files.items() if content is not None}
    report = check_site(BuiltFiles.of(present), expected or Expectations(BASE))
    return list(report.findings)


def rules(changes: dict[str, bytes | None], expected: Expectations | None = None) -> set[str]:
    """Return the ids of the rules that the changed site breaks."""
    return {finding.rule for finding in check(changes, expected)}
