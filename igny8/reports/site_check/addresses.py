"""Where an address leads on a static host: to a file, a redirect, another host or nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote, urljoin, urlsplit

from igny8.reports.site_check.types import NOT_FOUND_PAGE

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BAD = re.compile(r"[\s\\<>\"{}|^`\x00-\x1f]")
_SUFFIXES = (".html", ".htm")
_STATUS = re.compile(r"([0-9]{3})(!?)")
_CONDITION = re.compile(r"[A-Za-z][A-Za-z-]*=\S+")
_FORWARDING = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_MOST_HOPS = 20


class Kind(Enum):
    """What an address turned out to be."""

    FILE = "file"  # of the site; `path` says which
    REDIRECT = "redirect"  # the host answers with another address, `to`
    MISSING = "missing"  # of the site, and nothing is there
    OUTSIDE = "outside"  # http(s) on another host
    OTHER = "other"  # mailto:, tel:, data: and so on
    BAD = "bad"  # no address at all; `to` says why


@dataclass(frozen=True, slots=True)
class Address:
    """An address without its fragment. `host` is only given for addresses with a host."""

    kind: Kind
    path: str = ""
    to: str = ""
    scheme: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Redirection:
    """One line of `_redirects`."""

    source: str
    to: str
    status: int
    is_forced: bool
    is_conditional: bool
    line: int


def is_html(path: str) -> bool:
    """Whether a file is a page, by its name."""
    return path.endswith(_SUFFIXES)


def url_of(path: str) -> str:
    """The address of a page's file, from the site's root: `a/index.html` → `/a/`."""
    if path == "index.html" or path.endswith("/index.html"):
        return "/" + path.removesuffix("index.html")
    return "/" + path


def redirections(text: str) -> tuple[list[Redirection], list[tuple[int, str]]]:
    """Read `_redirects`; return its rules, and the lines that are no rule with the reason."""
    rules: list[Redirection] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].split() if line.lstrip().startswith("#") else line.split()
        if not words:
            continue
        rule = _redirection(words, number)
        if isinstance(rule, str):
            faults.append((number, rule))
        else:
            rules.append(rule)
    return rules, faults


def _redirection(words: Sequence[str], line: int) -> Redirection | str:
    source, *others = words
    status, is_forced = 301, False
    if others and (match := _STATUS.fullmatch(others[-1])):
        status, is_forced = int(match[1]), bool(match[2])
        others = others[:-1]
    targets = [w for w in others if w.startswith("/") or _SCHEME.match(w) or "=" not in w]
    conditions = [word for word in others if word not in targets]
    if len(targets) != 1:
        return "a rule has an old path, one target and perhaps a status"
    if not source.startswith("/") and not _SCHEME.match(source):
        return f"`{source}` does not begin with a slash"
    if not targets[0].startswith("/") and not _SCHEME.match(targets[0]):
        return f"`{targets[0]}` is neither a path nor an address"
    if status not in _FORWARDING | _GONE | {200}:
        return f"{status} is no status of a redirect"
    if not all(_CONDITION.fullmatch(word) for word in conditions):
        return f"`{conditions[0]}` can't be read"
    return Redirection(source, targets[0], status, is_forced, bool(conditions), line)


class Addresses:
    """Finds out where addresses lead. `base_url` is where the site will stand."""

    def __init__(
        self, base_url: str, files: Collection[str], rules: Sequence[Redirection] = ()
    ) -> None:
        parts = urlsplit(base_url)
        self.scheme = parts.scheme
        self.host = parts.netloc.lower()
        self.prefix = parts.path.rstrip("/")
        self.files = files
        self.rules = rules
        self._exact: dict[str, Redirection] = {}
        self._patterns: list[tuple[re.Pattern[str], Redirection]] = []
        for rule in rules:
            if rule.is_conditional:
                continue
            if "*" in rule.source or "/:" in rule.source:
                self._patterns.append((_pattern(rule.source), rule))
            else:
                self._exact.setdefault(_slashless(rule.source), rule)
        self._known: dict[str, Address] = {}
        self._names: Mapping[str, str] | None = None

    def find(self, page_url: str, written: str) -> Address:
        """Return where an address leads that stands on the page `page_url` (from the root)."""
        written = written.strip()
        if not written or written[0] in "?#":
            written = page_url if not self.prefix else self.prefix + page_url
        address = written.partition("#")[0]
        if address[0] != "/" and not _SCHEME.match(address):
            address = urljoin(self.prefix + page_url, address)
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._find(address)
        return known

    def at(self, path: str) -> Address:
        """Return what the host answers for a path below the site's root, such as `/about/`."""
        return self._known.get(self.prefix + path) or self._inside(path)

    def absolute(self, url: str) -> str:
        """Return the whole address of a page of the site."""
        return f"{self.scheme}://{self.host}{self.prefix}{url}"

    def follow(self, path: str) -> tuple[list[str], Address]:
        """Follow redirects of the host from a path; return the paths on the way, and the end.

        The end is a REDIRECT when the way leads round in a circle, or never ends.
        """
        way = [path]
        found = self.at(path)
        while found.kind is Kind.REDIRECT and len(way) <= _MOST_HOPS:
            following = self.find(path, found.to)
            name = following.host or found.to.partition("#")[0]
            if name in way:
                return [*way, name], found
            way.append(name)
            path, found = name, following
        return way, found

    def near(self, path: str) -> str:
        """Return a page's address that a missing one was perhaps meant to be; else empty."""
        if self._names is None:
            self._names = {_name(url_of(f)): url_of(f) for f in sorted(self.files) if is_html(f)}
        name = _name(path)
        return self._names.get(name, "") if name else ""

    def _find(self, address: str) -> Address:
        if _BAD.search(address):
            return Address(Kind.BAD, to="it holds characters that no address may hold")
        try:
            parts = urlsplit(address)
            host = parts.netloc.lower()
        except ValueError as error:
            return Address(Kind.BAD, to=str(error))
        scheme = parts.scheme.lower()
        if not host and (scheme in ("http", "https") or address.startswith("//")):
            return Address(Kind.BAD, to="it has no host")
        if scheme not in ("", "http", "https"):
            return Address(Kind.OTHER, scheme=scheme)
        if host and host != self.host:
            return Address(Kind.OUTSIDE, scheme=scheme or self.scheme, host=host)
        path = parts.path or "/"
        if "/." in path:
            path = urljoin("/", path)
        if self.prefix:
            if path != self.prefix and not path.startswith(self.prefix + "/"):
                return Address(Kind.MISSING, path, scheme=scheme, host=host)
            path = path.removeprefix(self.prefix) or "/"
        found = self._inside(path)
        return Address(found.kind, found.path, found.to, scheme, host)

    def _inside(self, path: str) -> Address:
        name = unquote(path).lstrip("/")
        file = name + "index.html" if not name or name.endswith("/") else name
        rule = self._rule(path)
        if rule and rule[0].is_forced:
            return self._ruled(path, *rule)
        if file in self.files:
            return Address(Kind.FILE, file)
        if rule:
            return self._ruled(path, *rule)
        if not name.endswith("/") and f"{name}/index.html" in self.files:
            return Address(Kind.REDIRECT, path, to=f"{self.prefix}{path}/")
        return Address(Kind.MISSING, path)

    def _rule(self, path: str) -> tuple[Redirection, str] | None:
        rule = self._exact.get(_slashless(path))
        if rule:
            return rule, rule.to
        for pattern, each in self._patterns:
            match = pattern.fullmatch(path)
            if match:
                return each, _filled(each.to, match)
        return None

    def _ruled(self, path: str, rule: Redirection, to: str) -> Address:
        if rule.status in _FORWARDING:
            return Address(Kind.REDIRECT, path, to=to)
        if rule.status == 200:
            name = unquote(to).lstrip("/")
            file = name + "index.html" if not name or name.endswith("/") else name
            return Address(Kind.FILE if file in self.files else Kind.MISSING, file)
        return Address(Kind.MISSING, path)


def _slashless(path: str) -> str:
    return path.rstrip("/") or "/"


def _name(path: str) -> str:
    """The last part of an address, as people misspell it least: no case, no suffix, no slash."""
    return path.rstrip("/").rpartition("/")[2].lower().removesuffix(".html").removesuffix(".htm")


def _pattern(source: str) -> re.Pattern[str]:
    parts = []
    for part in re.split(r"(\*|/:[A-Za-z_]\w*)", source):
        if part == "*":
            parts.append("(?P<splat>.*)")
        elif part.startswith("/:"):
            parts.append(f"/(?P<{part[2:]}>[^/]+)")
        else:
            parts.append(re.escape(part))
    joined = "".join(parts)
    if joined.endswith("/(?P<splat>.*)"):
        joined = joined.removesuffix("/(?P<splat>.*)") + "(?:/(?P<splat>.*))?"
    return re.compile(joined + "/?")


def _filled(to: str, match: re.Match[str]) -> str:
    for name, value in match.groupdict().items():
        to = to.replace(f":{name}", value or "")
    return to


def pages(files: Collection[str]) -> Iterator[str]:
    """Yield the files that are pages: by path, what stands for missing pages last."""
    yield from sorted((f for f in files if is_html(f)), key=lambda f: (f == NOT_FOUND_PAGE, f))
