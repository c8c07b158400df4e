"""Redirects as each host reads them, and a page at each old path for hosts that read none."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from igny8.core.outcome import Problem
from igny8.renderer.index import SiteIndex
from igny8.renderer.types import Artifact, RenderReport
from igny8.sitebuilder.types import Redirect

_PATTERN = re.compile(r"([(){}:*+?\\])")  # what means something in Vercel's patterns
_REFERENCE = re.compile(r"([%$\\])")  # what means something in a RewriteRule's target


@dataclass(frozen=True, slots=True)
class Rules:
    """Old paths and where they lead, chains followed to their end; paths that are gone for good."""

    moved: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]


def redirects(index: SiteIndex, report: RenderReport) -> Iterator[Artifact]:
    """Yield a file for each of the site's `redirect_formats`, and a page at each old path.

    A rule that loops, or whose old path is a page again, is left out of all of them and reported.
    What leads to an expired page is gone as that is.
    """
    rules = _rules(index, report)
    for name in index.snapshot.site.redirect_formats if rules.moved or rules.gone else ():
        path, write = _FORMATS[name]
        text = write(index, rules)
        if text:
            kind = "application/json" if path.endswith(".json") else "text/plain"
            yield Artifact(path, text.encode(), kind)
    for old, to in rules.moved:
        path = old.strip("/")
        name = path if path.endswith(".html") else f"{path}/index.html"
        yield Artifact(name, _fallback(index, to))


def _rules(index: SiteIndex, report: RenderReport) -> Rules:
    table = {rule.from_path: rule.to_path for rule in index.snapshot.redirects}
    gone = [path for path in index.snapshot.gone if path not in table and not _is_page(index, path)]
    expired = frozenset(gone)
    moved: list[tuple[str, str]] = []
    for rule in index.snapshot.redirects:
        to = _destination(rule, table)
        problem = _objection(index, rule, to, expired)
        if problem:
            report.problems.append(Problem("renderer.redirect-left-out", rule.from_path, problem))
        elif to in expired:
            gone.append(rule.from_path)
        else:
            moved.append((rule.from_path, str(to)))
    return Rules(tuple(moved), tuple(gone))


def _destination(rule: Redirect, table: Mapping[str, str]) -> str | None:
    """Follow the chain; None when it comes back to where it was."""
    seen, to = {rule.from_path}, rule.to_path
    while to in table:
        if to in seen:
            return None
        seen.add(to)
        to = table[to]
    return None if to in seen else to


def _objection(index: SiteIndex, rule: Redirect, to: str | None, gone: frozenset[str]) -> str:
    old = rule.from_path
    if to is None:
        return "the redirect leads back to itself"
    if not old.startswith("/") or ".." in old.split("/") or not old.strip("/"):
        return "a redirect starts at a path of the site, such as /old/"
    if any(c.isspace() for c in old + to) or urlsplit(to).scheme not in ("", "http", "https"):
        return "a redirect leads to a path of the site or an http address, without spaces"
    if _is_page(index, old):
        return "there is a page at this path again"
    if to.startswith("/") and to.endswith("/") and to not in index.by_path and to not in gone:
        return f"it leads to {to}, which is not a page of the site"
    return ""


def _is_page(index: SiteIndex, path: str) -> bool:
    return path in index.by_path or path.rstrip("/") + "/" in index.by_path


def _netlify(index: SiteIndex, rules: Rules) -> str:
    lines = [f"{index.local(old)} {_target(index, to)} 301\n" for old, to in rules.moved]
    lines += [f"{index.local(old)} {index.local('/404.html')} 410\n" for old in rules.gone]
    return "".join(lines)


def _nginx(index: SiteIndex, rules: Rules) -> str:
    """Lines for a `map $uri`: a new address, or `gone`."""
    table = {path: _target(index, to).replace("$", "%24") for path, to in _exact(index, rules)}
    table |= {path: "gone" for old in rules.gone for path in _spellings(index, old, table)}
    # Plain keys are compared without regard to case: those that differ in nothing else clash.
    spelt = Counter(path.lower() for path in table)
    lines = [
        f"{_quoted(path if spelt[path.lower()] == 1 else f'~^{re.escape(path)}$')} {_quoted(to)};\n"
        for path, to in table.items()
    ]
    return "".join(lines)


def _apache(index: SiteIndex, rules: Rules) -> str:
    """A `.htaccess` for the site's own folder: patterns are relative to it."""
    lines = ["<IfModule mod_rewrite.c>\n", "RewriteEngine On\n"]
    for old, to in rules.moved:
        target = _REFERENCE.sub(r"\\\1", _target(index, to))
        lines.append(f"RewriteRule {_relative(old)} {_quoted(target)} [R=301,L,NE]\n")
    lines += [f"RewriteRule {_relative(old)} - [G]\n" for old in rules.gone]
    return "".join((*lines, "</IfModule>\n"))


def _vercel(index: SiteIndex, rules: Rules) -> str:
    """Redirects alone: Vercel's have no status 410, so what is gone is not found there."""
    entries = [
        {
            "source": _PATTERN.sub(r"\\\1", path),
            "destination": _literal(_target(index, to)),
            "statusCode": 301,
        }
        for path, to in _exact(index, rules, is_encoded=True)
    ]
    return (
        json.dumps({"redirects": entries}, ensure_ascii=False, indent=1) + "\n" if entries else ""
    )


_FORMATS: Mapping[str, tuple[str, Callable[[SiteIndex, Rules], str]]] = {
    "netlify": ("_redirects", _netlify),
    "nginx": ("_redirects.map", _nginx),
    "apache": (".htaccess", _apache),
    "vercel": ("vercel.json", _vercel),
}


def _exact(
    index: SiteIndex, rules: Rules, *, is_encoded: bool = False
) -> Iterator[tuple[str, str]]:
    """(old path, new one) for hosts that tell `/old` from `/old/`: both, unless one has its own."""
    own = {_address(index, old, is_encoded=is_encoded) for old, _ in rules.moved}
    for old, to in rules.moved:
        path = _address(index, old, is_encoded=is_encoded)
        yield path, to
        for other in _both(path)[1:]:
            if other not in own:
                own.add(other)
                yield other, to


def _spellings(index: SiteIndex, old: str, taken: Mapping[str, str]) -> Sequence[str]:
    path = _address(index, old, is_encoded=False)
    return [each for each in _both(path) if each not in taken]


def _both(path: str) -> tuple[str, ...]:
    if "." in path.rpartition("/")[2]:
        return (path,)
    return (path, path.rstrip("/") if path.endswith("/") else f"{path}/")


def _address(index: SiteIndex, path: str, *, is_encoded: bool) -> str:
    local = index.local(path)
    return local if is_encoded else unquote(local)


def _relative(old: str) -> str:
    """The pattern of an old path, as seen from the site's own folder; with or without its end."""
    path = unquote(old).strip("/")
    end = "" if "." in path.rpartition("/")[2] else "/?"
    return _quoted(f"^{re.escape(path)}{end}$")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _literal(target: str) -> str:
    return target.replace(":", "%3A") if target.startswith("/") else target


def _target(index: SiteIndex, to: str) -> str:
    return index.local(to) if to.startswith("/") else to


def _fallback(index: SiteIndex, to: str) -> bytes:
    page = Markup(
        '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        "<title>{title}</title>\n"
        '<meta http-equiv="refresh" content="0; url={url}">\n<meta name="robots" content="noindex">'
        '\n<link rel="canonical" href="{canonical}">\n</head>\n'
        '<body>\n<p><a href="{url}">{title}</a></p>\n</body>\n</html>\n'
    )
    known = index.by_path.get(to)
    return page.format(
        lang=index.snapshot.site.locale.partition("-")[0],
        title=known.title if known else to,
        url=_target(index, to),
        canonical=index.absolute(to) if to.startswith("/") else to,
    ).encode()
