"""The columns of keyword exports and what their cells mean. Reading files is `exports`' work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from igny8.planner.intent import COMMERCIAL, INFORMATIONAL, KINDS, NAVIGATIONAL, TRANSACTIONAL

Role = Literal["keyword", "volume", "impressions", "difficulty", "cpc", "bid", "intents", "flag"]
VolumeKind = Literal["exact", "bucket", "impressions"]

# Per role the headers that fill it, the better source first. Headers are compared folded.
# `Global volume` is never the volume, `Competition` is the advertisers'.
_HEADERS: Mapping[Role, tuple[str, ...]] = {
    "keyword": (
        "keyword", "keywords", "query", "queries", "top queries", "search query", "search term",
        "search terms", "phrase", "keyphrase", "keyword text",
        "häufigste suchanfragen", "suchanfrage", "suchbegriff", "requêtes les plus fréquentes",
        "mot clé", "mot-clé", "consultas principales", "palabra clave", "query principali",
        "parola chiave", "populairste zoekopdrachten", "zoekwoord",
    ),
    "volume": (
        "volume", "search volume", "avg. monthly searches", "average monthly searches",
        "monthly searches", "monthly volume", "searches", "sv", "suchvolumen",
        "durchschnittl. suchanfragen pro monat", "nombre moyen de recherches mensuelles",
        "promedio de búsquedas mensuales",
    ),
    "impressions": ("impressions", "impressionen", "impresiones", "impressioni", "vertoningen"),
    "difficulty": (
        "difficulty", "keyword difficulty", "keyword difficulty index", "kd", "kd %", "kd%",
        "keyword difficulty %", "original kd", "difficulty our scale",
    ),
    "cpc": ("cpc", "cost per click", "avg. cpc", "average cpc"),
    "bid": ("top of page bid (low range)", "top of page bid (high range)"),
    "intents": ("intent", "intents", "keyword intents", "keyword intent", "search intent"),
    "flag": KINDS,
}  # fmt: skip
_ROLES: Mapping[str, Role] = {header: role for role, hs in _HEADERS.items() for header in hs}
_OWN = frozenset({"keyword", "volume", "difficulty", "cpc", "intent"})
# Headers that only one tool writes, in the order of asking.
_SIGNATURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("google-keyword-planner", frozenset({
        "avg. monthly searches", "competition (indexed value)", "in account?", "in plan?",
        "durchschnittl. suchanfragen pro monat", "nombre moyen de recherches mensuelles",
        "promedio de búsquedas mensuales",
    })),
    ("ahrefs", frozenset({
        "parent keyword", "traffic potential", "global volume", "global traffic potential", "cps",
        "current url", "current position", "current organic traffic", "first seen",
    })),
    ("semrush", frozenset({
        "keyword difficulty", "keyword difficulty index", "competitive density", "serp features",
        "keyword intents", "serp features by keyword", "click potential", "number of results",
    })),
    ("bing", frozenset({"average position", "avg. position", "avg position", "average ctr"})),
)  # fmt: skip
_GOOGLE_BUCKETS = frozenset({0, 50, 500, 5_000, 50_000, 500_000, 5_000_000})

_INTENTS = {
    **{kind: kind for kind in KINDS}, **{kind[0]: kind for kind in KINDS},
    "commercial investigation": COMMERCIAL,
}  # fmt: skip
_SEMRUSH_CODES = {"0": COMMERCIAL, "1": INFORMATIONAL, "2": NAVIGATIONAL, "3": TRANSACTIONAL}
_NO_INTENT = frozenset({"branded", "non-branded", "local", "non-local", "unknown"})
_TRUE = frozenset({"true", "1", "yes", "y", "x", "wahr", "vrai"})
_UNKNOWN = frozenset({"", "-", "–", "—", "--", "n/a", "na", "null", "none", "nan", "?"})

_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_COUNT = re.compile(
    r"(\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,2}(?:,\d{2})+,\d{3}|\d+(?:[.,]\d{1,2})?)([kmb]?)"
)
_RANGE = re.compile(r"([^\-–—]+)[-–—]([^\-–—]+)")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*")
_CURRENCY = re.compile(r"^(?:[a-z]{0,3}[$€£¥₹₽₺]|[a-z]{3})|(?:[$€£¥₹₽₺]|[a-z]{3}|%)$")
_MAX_VOLUME = 10**12


def folded(header: str) -> str:
    """Return a header as it is compared: NFC, lower-case, `_` as a space, no currency or unit."""
    text = unicodedata.normalize("NFC", header).casefold().replace("_", " ").strip(" \ufeff")
    return re.sub(r"^cpc \([a-z$€£ ]+\)$", "cpc", " ".join(text.split()))


def role_of(header: str) -> Role | None:
    """Return what a (folded) header holds, or None for a column that is not read."""
    return _ROLES.get(header)


def rank_of(header: str) -> int:
    """Return how good a source of its role a (folded) header is, 0 the best."""
    return _HEADERS[_ROLES[header]].index(header)


def layout_of(headers: Sequence[str]) -> str:
    """Return the tool that writes these (folded) headers; `csv` for a table of no known tool."""
    held = set(headers)
    for name, signature in _SIGNATURES:
        if held & signature:
            return name
    if any(role_of(header) == "impressions" for header in headers):
        return "search-console"
    if len(held) == 1:
        return "list"
    return "igny8" if held <= _OWN else "csv"


def is_month(header: str) -> bool:
    """Say whether a (folded) header is one month of the Keyword Planner."""
    return header.startswith("searches: ")


def is_google_bucket(volume: int) -> bool:
    """Say whether the Keyword Planner writes `volume` where it knows only a range."""
    return volume in _GOOGLE_BUCKETS


def volume(cell: str) -> tuple[int | None, VolumeKind]:
    """Read searches a month: `2,400`, `2400.0`, `1.2K`; a bucket where it is `1K – 10K` or `<10`.

    A bucket gives the number that the Keyword Planner itself writes for it (half its upper end).
    Returns None for an unknown one. Raises ValueError for what is no number.
    """
    text = _SPACES.sub("", cell).casefold()
    if text in _UNKNOWN:
        return None, "exact"
    if text.startswith("<"):
        return _count(text[1:]) // 2, "bucket"
    if text.startswith(">") or text.endswith("+"):
        return _count(text.strip(">+")), "bucket"
    ends = _RANGE.fullmatch(text)
    if ends is None:
        return _count(text), "exact"
    low, high = _count(ends[1]), _count(ends[2])
    return (high // 2 if high >= 10 * low else (low + high) // 2), "bucket"


def _count(text: str) -> int:
    match = _COUNT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    digits, scale = match.groups()
    if not scale:
        # Three digits after a separator are thousands: no volume has three decimals.
        digits = re.sub(r"[.,](?=(?:\d\d,)*\d{3}(?:\D|$))", "", digits)
    number = round(float(digits.replace(",", ".")) * _SCALE[scale])
    if number > _MAX_VOLUME:
        raise ValueError(text)
    return number


def amount(cell: str, *, most: float | None = None) -> float | None:
    """Read a price or a score: `1.20`, `1,20`, `£1.20`, `1,234.50`, `45%`; None where unknown.

    Raises ValueError for what is no number, is negative, or is above `most`.
    """
    text = _SPACES.sub("", cell).casefold()
    if text in _UNKNOWN:
        return None
    text = _CURRENCY.sub("", _CURRENCY.sub("", text))
    if not _AMOUNT.fullmatch(text):
        raise ValueError(cell)
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        fraction = text[last + 1 :]
        is_thousands = text.count(text[last]) > 1 or (text[last] == "," and len(fraction) == 3)
        whole = re.sub(r"[.,]", "", text[:last])
        text = whole + fraction if is_thousands and most is None else f"{whole}.{fraction}"
    number = float(text)
    if number > (most if most is not None else _MAX_VOLUME):
        raise ValueError(cell)
    return number


def intents(cell: str) -> tuple[str, ...]:
    """Read `Informational, Commercial`, `I, C` or Semrush's codes `1,0`, in the order of KINDS.

    Raises ValueError where a word is no intent.
    """
    parts = [part.strip() for part in re.split(r"[,;/|]", cell.casefold())]
    found = set()
    for part in parts:
        if part in _UNKNOWN or part in _NO_INTENT:
            continue
        kind = _INTENTS.get(part) or _SEMRUSH_CODES.get(part)
        if kind is None:
            raise ValueError(part)
        found.add(kind)
    return tuple(kind for kind in KINDS if kind in found)


def is_true(cell: str) -> bool:
    """Read a yes-or-no column."""
    return cell.strip().casefold() in _TRUE
