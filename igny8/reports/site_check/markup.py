"""Rules of a page's markup: what browsers would repair, and what people would miss by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check import names, nesting
from igny8.reports.site_check.source import Element, Page
from igny8.reports.site_check.types import PageFacts

_DOCTYPE = Rule(
    "markup/doctype",
    Severity.ERROR,
    "a page does not begin with <!DOCTYPE html>",
    "put <!DOCTYPE html> on the first line; without it browsers use their oldest rules",
)
_ENCODING = Rule(
    "markup/encoding",
    Severity.ERROR,
    "a page is not UTF-8, or does not say so",
    'save the page as UTF-8, with <meta charset="utf-8"> in its first 1024 bytes',
)
_LANG = Rule(
    "markup/lang",
    Severity.ERROR,
    "a page does not say its language",
    'set the language on the html element, such as <html lang="en-GB">',
)
_VIEWPORT = Rule(
    "markup/viewport",
    Severity.WARNING,
    "a page does not fit phones, or forbids zooming",
    'use <meta name="viewport" content="width=device-width, initial-scale=1">',
)
_DUPLICATE_ID = Rule(
    "markup/duplicate-id",
    Severity.ERROR,
    "an id is there twice on one page",
    "rename one of the two; links and labels reach only the first",
)
_BAD_ID = Rule(
    "markup/bad-id",
    Severity.ERROR,
    "an id is empty or holds white space",
    "give it a name without spaces, or remove it",
)
_DANGLING = Rule(
    "markup/dangling-reference",
    Severity.ERROR,
    "an attribute names an id that is not on the page",
    "name an id that is on the page, or remove the attribute",
)
_ONE_H1 = Rule(
    "markup/one-h1",
    Severity.WARNING,
    "a page has no h1, or several",
    "give the page one h1 that says what it is about",
)
_HEADING_ORDER = Rule(
    "markup/heading-order",
    Severity.WARNING,
    "a heading skips a level",
    "use the next level down; its looks are a matter of style",
)
_EMPTY_HEADING = Rule(
    "markup/empty-heading",
    Severity.WARNING,
    "a heading has no text",
    "write the heading, or remove it",
)
_MAIN = Rule(
    "markup/main",
    Severity.WARNING,
    "a page has no main element, or several",
    "wrap what the page is about in one <main>",
)
_UNCLOSED = Rule(
    "markup/unclosed",
    Severity.ERROR,
    "an element is not closed, or not in the order it was opened",
    "close it before what it stands in is closed",
)
_STRAY = Rule(
    "markup/stray-end-tag",
    Severity.ERROR,
    "an end tag closes nothing",
    "remove it, or open the element before it",
)
_BROKEN = Rule(
    "markup/broken-tag",
    Severity.ERROR,
    "a tag never ends, or has an attribute twice",
    "mend the tag: look for a missing > or quotation mark; a < that is only a sign is written &lt;",
)
_NESTING = Rule(
    "markup/nesting",
    Severity.ERROR,
    "an element stands where it may not",
    "move it to where it may stand; browsers move it, or end what it stands in",
)
_OBSOLETE = Rule(
    "markup/obsolete",
    Severity.WARNING,
    "an element is obsolete",
    "use CSS, or the element that took its place",
)
_ALT = Rule(
    "markup/image-alt",
    Severity.ERROR,
    "an image has no alt attribute",
    'describe the image in alt, or write alt="" where it only decorates',
)
_SIZE = Rule(
    "markup/image-size",
    Severity.WARNING,
    "an image does not say its width and height",
    "set width and height, so that the text does not jump when the image arrives",
)
_LABEL = Rule(
    "markup/field-label",
    Severity.ERROR,
    "a form field has no label",
    "point a <label for> to it, or set aria-label",
)
_BUTTON = Rule(
    "markup/button-name",
    Severity.ERROR,
    "a button says nothing",
    "write what it does, or set aria-label",
)
_FRAME = Rule(
    "markup/frame-title",
    Severity.ERROR,
    "a frame has no title",
    "say in title what the frame shows",
)

RULES = (
    _DOCTYPE,
    _ENCODING,
    _LANG,
    _VIEWPORT,
    _DUPLICATE_ID,
    _BAD_ID,
    _DANGLING,
    _ONE_H1,
    _HEADING_ORDER,
    _EMPTY_HEADING,
    _MAIN,
    _UNCLOSED,
    _STRAY,
    _BROKEN,
    _NESTING,
    _OBSOLETE,
    _ALT,
    _SIZE,
    _LABEL,
    _BUTTON,
    _FRAME,
)

_DOCTYPES = ("doctype html", 'doctype html system "about:legacy-compat"')
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NO_ZOOM = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[01](\.\d+)?\s*(,|;|$)")
_REFERENCES = (
    "for",
    "list",
    "headers",
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
)
_OLD = tuple(
    str.split("""
    acronym applet basefont bgsound big blink center dir font frame frameset isindex keygen listing
    marquee multicol nobr noembed noframes plaintext spacer strike tt xmp
    """)
)
_FIELDS = ("input", "select", "textarea")
_SPEAKING_INPUTS = frozenset({"hidden", "submit", "reset", "button", "image"})
_CHARSET_WITHIN = 1024


def check(page: Page, facts: PageFacts, content: bytes) -> Iterator[Finding]:
    """Check one page. `content` are its bytes as they stand in the file."""
    yield from _head(page, facts, content)
    yield from _tags(page)
    yield from _ids(page)
    yield from _headings(page, facts)
    yield from _images(page)
    yield from _controls(page)


def _head(page: Page, facts: PageFacts, content: bytes) -> Iterator[Finding]:
    path = page.path
    if " ".join((page.doctype or "").lower().split()) not in _DOCTYPES:
        yield _DOCTYPE.at(path, "the page does not begin with <!DOCTYPE html>", 1)
    if "\ufffd" in page.text and not _is_utf8(content):
        line = page.line(page.text.index("\ufffd"))
        yield _ENCODING.at(path, "a byte here is not UTF-8", line)
    elif not re.search(rb"charset\s*=\s*[\"']?utf-?8", content[:_CHARSET_WITHIN], re.IGNORECASE):
        yield _ENCODING.at(path, "the first 1024 bytes do not name the encoding", 1)
    roots = page.all("html")
    line = page.line(roots[0].start) if roots else 1
    if not roots or not facts.language:
        yield _LANG.at(path, "the html element has no lang", line)
    elif not _LANGUAGE.fullmatch(facts.language):
        yield _LANG.at(path, f"`{facts.language}` is no language code", line)
    if facts.refresh:
        return
    views = [meta for meta in page.all("meta") if meta.get("name").lower() == "viewport"]
    if not views or "width=" not in views[0].get("content"):
        yield _VIEWPORT.at(path, "there is no viewport of the device's width", 1)
    elif _NO_ZOOM.search(views[0].get("content").lower()):
        yield _VIEWPORT.at(path, "the viewport forbids zooming", page.line(views[0].start))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tags(page: Page) -> Iterator[Finding]:
    path, line = page.path, page.line
    for element, at in page.unclosed:
        where = f"line {line(at)}" if at < len(page.text) else "the end of the page"
        yield _UNCLOSED.at(
            path, f"`<{element.name}>` is still open at {where}", line(element.start)
        )
    for element in page.self_closed:
        yield _UNCLOSED.at(path, f"`/>` does not close `<{element.name}>`", line(element.start))
    for name, at in page.stray_ends:
        yield _STRAY.at(path, f"`</{name}>` closes nothing", line(at))
    for at in page.broken_tags:
        yield _BROKEN.at(path, f"`{page.text[at : at + 20].strip()}` never ends", line(at))
    for name, at in page.repeated_attributes:
        yield _BROKEN.at(path, f"the attribute `{name}` is there twice", line(at))
    for element, at in page.misplaced_text:
        yield _NESTING.at(path, f"text may not stand directly in `<{element.name}>`", line(at))
    for element, reason in (*nesting.misplaced(page), *nesting.lacking(page)):
        yield _NESTING.at(path, reason, line(element.start))
    for element in page.all(*_OLD):
        if element.is_foreign:
            continue
        yield _OBSOLETE.at(path, f"`<{element.name}>` is obsolete", line(element.start))


def _ids(page: Page) -> Iterator[Finding]:
    first: dict[str, Element] = {}
    for element in page.elements:
        if "id" not in element.attributes:
            continue
        name, line = element.get("id"), page.line(element.start)
        if not name or name != "".join(name.split()):
            yield _BAD_ID.at(page.path, f"the id `{name}` is empty or holds white space", line)
        elif name in first:
            at = page.line(first[name].start)
            yield _DUPLICATE_ID.at(page.path, f"the id `{name}` is on line {at} already", line)
        else:
            first[name] = element
    for element in page.elements:
        if not element.attributes or element.is_foreign:
            continue
        for attribute in _REFERENCES:
            if attribute not in element.attributes:
                continue
            for name in element.get(attribute).split():
                if name not in first:
                    message = f"`{attribute}` names `{name}`, which is no id of the page"
                    yield _DANGLING.at(page.path, message, page.line(element.start))


def _headings(page: Page, facts: PageFacts) -> Iterator[Finding]:
    headings = sorted(page.all("h1", "h2", "h3", "h4", "h5", "h6"), key=lambda h: h.start)
    before = 0
    for heading in headings:
        level, line = int(heading.name[1]), page.line(heading.start)
        if before and level > before + 1:
            yield _HEADING_ORDER.at(page.path, f"h{level} follows h{before}", line)
        before = level
        if not names.has_name(page, heading):
            yield _EMPTY_HEADING.at(page.path, f"`<h{level}>` has no text", line)
    if facts.refresh:
        return
    firsts = page.all("h1")
    if len(firsts) != 1:
        second = page.line(firsts[1].start) if firsts else None
        yield _ONE_H1.at(page.path, f"the page has {len(firsts) or 'no'} h1", second)
    mains = [main for main in page.all("main") if "hidden" not in main.attributes]
    if len(mains) != 1:
        second = page.line(mains[1].start) if mains else None
        yield _MAIN.at(page.path, f"the page has {len(mains) or 'no'} main", second)


def _images(page: Page) -> Iterator[Finding]:
    for image in page.all("img"):
        line = page.line(image.start)
        shown = image.get("src").rpartition("/")[2] or "an image"
        if "alt" not in image.attributes and not names.is_hidden(image):
            yield _ALT.at(page.path, f"`{shown[:60]}` has no alt attribute", line)
        if not (image.get("width").isdigit() and image.get("height").isdigit()):
            yield _SIZE.at(page.path, f"`{shown[:60]}` does not say its width and height", line)


def _controls(page: Page) -> Iterator[Finding]:
    fields = [
        field
        for field in page.all(*_FIELDS)
        if field.get("type").lower() not in _SPEAKING_INPUTS and not names.is_hidden(field)
    ]
    labelled = names.labelled_ids(page) if fields else frozenset()
    for field in fields:
        if not names.is_labelled(page, field, labelled):
            said = field.get("name") or field.get("type") or field.name
            yield _LABEL.at(page.path, f"the field `{said}` has no label", page.line(field.start))
    for button in page.all("button", "summary"):
        if not names.has_name(page, button) and not names.is_hidden(button):
            yield _BUTTON.at(page.path, f"`<{button.name}>` says nothing", page.line(button.start))
    for frame in page.all("iframe"):
        if not frame.get("title").strip() and not names.is_hidden(frame):
            yield _FRAME.at(page.path, "`<iframe>` has no title", page.line(frame.start))
