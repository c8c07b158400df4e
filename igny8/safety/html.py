"""The door for HTML from outside: what may stay is named here. Reading HTML is `text.html`."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

from igny8.core.errors import InvalidInput

if TYPE_CHECKING:
    import nh3

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "igny8"})
MEDIA_SCHEMES = frozenset({"http", "https"})
ID_PREFIX = "user-"

TAGS = frozenset(
    str.split("""
    a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
    mark ol p picture pre q rp rt ruby s samp section small source span strong sub summary sup
    table tbody td tfoot th thead time tr u ul var video wbr
    """)
)
# Their text is code or an alternative nobody sees; for other unknown tags the text stays.
DROPPED_WITH_CONTENT = frozenset(
    str.split("""
    applet canvas embed frameset head iframe math noembed noframes noscript object script select
    style svg template textarea title
    """)
)
_MEDIA = frozenset({"controls", "loop", "muted", "preload", "src"})
ATTRIBUTES = {
    "*": frozenset({"class", "dir", "id", "lang", "title"}),
    "a": frozenset({"href", "hreflang", "rel"}),
    "audio": _MEDIA,
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"alt", "decoding", "height", "loading", "sizes", "src", "srcset", "width"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "q": frozenset({"cite"}),
    "source": frozenset({"height", "media", "sizes", "src", "srcset", "type", "width"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"abbr", "colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "video": _MEDIA | {"height", "poster", "width"},
}
CLASSES = frozenset(
    str.split("""
    footnote-ref footnotes footnotes-sep footnotes-list footnote-item footnote-backref
    contains-task-list task-list-item
    has-text-align-left has-text-align-center has-text-align-right
    alignleft aligncenter alignright alignwide alignfull wp-caption wp-caption-text
    """)
)
# No `opener`, no `preconnect`: only words about what the link is, or that protect the reader.
RELATIONS = frozenset(
    str.split("""
    author bookmark external help license me next nofollow noopener noreferrer prev search
    sponsored tag ugc
    """)
)

# What nh3 writes: attribute values always quoted, `<`, `>` and `"` in them always escaped.
ATTRIBUTE_PATTERN = r' [^\s"=<>/]+="[^"]*"'
_OPENING_A = re.compile(rf"<a((?:{ATTRIBUTE_PATTERN})*)>")
_OPENING = re.compile(rf"<[a-z][a-z0-9]*((?:{ATTRIBUTE_PATTERN})+)>")
_HREF = re.compile(r' href="([^"]*)"')
_REL = re.compile(r' rel="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_PRE_LINE_BREAK = re.compile(rf"(<pre(?:{ATTRIBUTE_PATTERN})*>)\n")

_LANGUAGE_CLASS = re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}")
_DIMENSION = re.compile(r"[0-9]{1,5}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x1f\x7f\\]")
_SRCSET_SEPARATOR = re.compile(r",\s+|\s*,$")
_OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)

_ROUNDS = 6
_MAX_DEPTH = 400
_MAX_WORK = 4_000_000
_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
# These close by themselves, so that leaving them open does not nest.
_NOT_NESTING = frozenset(
    str.split("""
    area base br col colgroup dd dt embed hr img input li link meta optgroup option p param rp rt
    source tbody td tfoot th thead tr track wbr
    """)
)


def clean(html: str) -> str:
    """Return what may be published of an HTML fragment from anywhere; clean(clean(x)) == clean(x).

    Tags, attributes, classes and URL schemes outside the tables above go, text stays. Every id
    gets the prefix `user-` (and links to it follow), so nothing can take the id of a page's own
    parts; ids that igny8 gives to headings are made after this. Links that leave the site get
    `rel="noopener"` beside the relations they came with. Raises InvalidInput for a fragment that
    is nested too deeply to parse, or no valid Unicode.
    """
    check_nesting(html)
    try:
        cleaned = _round(html)
    except UnicodeEncodeError as error:
        raise InvalidInput("the HTML contains characters that are not valid Unicode") from error
    for _ in range(_ROUNDS):
        # A tree that reads differently when written and parsed again is how filters are passed.
        again = _round(cleaned)
        if again == cleaned:
            return cleaned
        cleaned = again
    return escape(re.sub(r"<[^>]*>", " ", cleaned), quote=False)


def check_nesting(html: str) -> None:
    """Raise InvalidInput for HTML whose nesting would keep a parser busy for minutes.

    HTML parsers are quadratic in depth, and reopen every open tag in every new paragraph.
    """
    if html.count("<") <= _MAX_DEPTH:
        return
    depth = deepest = tags = 0
    opened: Counter[str] = Counter()
    for closing, name in _TAG_NAME.findall(html):
        tags += 1
        name = name.lower()
        if name in _NOT_NESTING:
            continue
        if not closing:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    if deepest > _MAX_DEPTH or deepest * tags > _MAX_WORK:
        raise InvalidInput(
            f"the HTML leaves {deepest} tags open inside each other (of {tags} tags)",
            hint="close the tags, or split the text",
        )


def _round(html: str) -> str:
    cleaned = _cleaner().clean(html)
    if "<a" in cleaned:
        cleaned = _OPENING_A.sub(_with_relations, cleaned)
        cleaned = _follow_renamed_ids(cleaned)
    if "<pre" in cleaned:
        # Parsers swallow the first line break of a <pre>; one that is content needs a second.
        cleaned = _PRE_LINE_BREAK.sub("\\1\n\n", cleaned)
    return cleaned


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        tag_attribute_values={"a": {"target": {"_blank"}}},
        attribute_filter=_attribute,
        link_rel=None,
        url_schemes=LINK_SCHEMES,
        id_prefix=ID_PREFIX,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value to keep for one attribute of the tables above, or None to drop it."""
    if name == "href":
        return _url(value, LINK_SCHEMES)
    if name in {"src", "poster", "cite"}:
        return _url(value, MEDIA_SCHEMES)
    if name == "srcset":
        return _srcset(value)
    if name == "class":
        return _words(value, CLASSES, _LANGUAGE_CLASS if tag in {"code", "pre"} else None)
    if name == "rel":
        return _words(value.lower(), RELATIONS)
    if name in {"width", "height"}:
        return value if _DIMENSION.fullmatch(value) else None
    if name == "id":
        return None if re.search(r"\s", value) or value == ID_PREFIX else value
    return value


def _url(value: str, schemes: frozenset[str]) -> str | None:
    url = value.strip()
    if _UNSAFE_IN_URL.search(url):
        return None
    scheme = _SCHEME.match(url)
    return None if scheme and scheme[1].lower() not in schemes else url


def _srcset(value: str) -> str | None:
    candidates = [part.split() for part in _SRCSET_SEPARATOR.split(value.strip()) if part.strip()]
    safe = all(len(parts) <= 2 and _url(parts[0], MEDIA_SCHEMES) for parts in candidates)
    return ", ".join(" ".join(parts) for parts in candidates) or None if safe else None


def _words(
    value: str, allowed: frozenset[str], pattern: re.Pattern[str] | None = None
) -> str | None:
    words = (w for w in value.split() if w in allowed or (pattern and pattern.fullmatch(w)))
    return " ".join(dict.fromkeys(words)) or None


def _with_relations(tag: re.Match[str]) -> str:
    attributes = tag[1]
    href = _HREF.search(attributes)
    if href is None or not _OUTSIDE.match(unescape(href[1])):
        return tag[0]
    rel = _REL.search(attributes)
    if rel is None:
        return f'<a{attributes} rel="noopener">'
    if "noopener" in rel[1].split():
        return tag[0]
    return f'<a{attributes[: rel.start()]} rel="{rel[1]} noopener"{attributes[rel.end() :]}>'


def _follow_renamed_ids(html: str) -> str:
    """Let `href="#x"` point to `user-x` where this fragment holds that id."""
    if 'href="#' not in html or f'id="{ID_PREFIX}' not in html:
        return html
    ids = {id_ for attributes in _OPENING.findall(html) for id_ in _ID.findall(attributes)}

    def follow(tag: re.Match[str]) -> str:
        href = _HREF.search(tag[1])
        if href is None or not href[1].startswith("#") or href[1][1:] in ids:
            return tag[0]
        target = ID_PREFIX + href[1][1:]
        if target not in ids:
            return tag[0]
        return f'<a{tag[1][: href.start()]} href="#{target}"{tag[1][href.end() :]}>'

    return _OPENING_A.sub(follow, html)
