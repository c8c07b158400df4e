"""Words, dates, prices and opening hours as a visitor of one locale reads them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import SimpleNamespace

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "INR": "₹", "AUD": "A$", "CAD": "C$"}
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_HOURS = re.compile(
    r"(?P<days>[A-Za-z]+(?:\s*[-–,]\s*[A-Za-z]+)*)\s+"
    r"(?:(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})|(?P<closed>closed))",
    re.IGNORECASE,
)
_DAY_OR_MARK = re.compile(r"[A-Za-z]+|[-–,]")


@dataclass(frozen=True, slots=True)
class Hours:
    """One line of opening hours. `iso` is schema.org's form, empty if it was not understood."""

    days: str
    times: str
    iso: str = ""


class Wording:
    """Speaks one locale. `strings` holds the interface's words, by name."""

    __slots__ = ("_months", "_weekdays", "direction", "language", "locale", "strings")

    def __init__(self, locale: str, words: Mapping[str, object]) -> None:
        self.locale = locale
        self.language = locale.partition("-")[0].lower()
        self.direction = "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"
        self._months = _list(words["months"])
        self._weekdays = _list(words["weekdays"])
        self.strings = SimpleNamespace(
            **{key: value for key, value in words.items() if isinstance(value, str)}
        )

    def day(self, day: date) -> str:
        """Return the day without its year, e.g. `23 November`."""
        month = self._months[day.month - 1]
        return f"{month} {day.day}" if self.locale == "en-US" else f"{day.day} {month}"

    def date(self, day: date) -> str:
        """Return e.g. `23 November 2026`, or `November 23, 2026` for US English."""
        month = self._months[day.month - 1]
        if self.locale == "en-US":
            return f"{month} {day.day}, {day.year}"
        return f"{day.day} {month} {day.year}"

    def money(self, amount: object, currency: str) -> str:
        """Return e.g. `£1,250` or `£12.50`; the amount as it is when it is no number."""
        value = decimal(amount)
        if value is None:
            return str(amount)
        digits = f"{value:,.2f}" if value != value.to_integral_value() else f"{value:,.0f}"
        symbol = _SYMBOLS.get(currency.upper())
        return f"{symbol}{digits}" if symbol else f"{digits} {currency}".rstrip()

    def hours(self, lines: Sequence[str]) -> tuple[Hours, ...]:
        """Read `Mo-Fr 08:30-18:00` and the like; what is not understood is shown as it is."""
        return tuple(self._hours(line) for line in lines)

    def _hours(self, line: str) -> Hours:
        match = _HOURS.fullmatch(line.strip())
        pieces = (
            [piece.lower()[:2] for piece in _DAY_OR_MARK.findall(match["days"])] if match else []
        )
        if match is None or not set(pieces[::2]) <= set(_DAYS):
            head, _, tail = line.strip().partition(" ")
            return Hours(days=head, times=tail)
        marks = {"-": "–", "–": "–", ",": ", "}
        shown = "".join(marks.get(p) or self._weekdays[_DAYS.index(p)] for p in pieces)
        if match["closed"]:
            return Hours(shown, self.strings.closed)
        opens, closes = match["opens"].zfill(5), match["closes"].zfill(5)
        iso = "".join("-" if p == "–" else p.capitalize() for p in pieces)
        return Hours(shown, f"{opens}–{closes}", f"{iso} {opens}-{closes}")


def load_words(language: str, folders: Sequence[Path]) -> dict[str, object]:
    """Return the interface's words in a language; what it lacks is English."""
    words: dict[str, object] = {}
    for name in ("en", language):
        for folder in reversed(folders):
            path = folder / "_strings" / f"{name}.toml"
            if path.is_file():
                words.update(tomllib.loads(path.read_text("utf-8")))
    return words


def decimal(amount: object) -> Decimal | None:
    """Return the amount as a finite number, or None."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
