"""Is a text covered by its sources, how much do two share? What to choose is composing's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from igny8.text import sentences, words
from igny8.writer.knowledge import plain

FindingKind = Literal["number", "price", "date", "name"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure or name that no source holds. `start` and `end` are offsets into the text."""

    kind: FindingKind
    text: str
    start: int
    end: int


_MONTHS = str.split(
    "january february march april may june july august september october november december"
)
_SMALL = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_WORD_VALUES = {word: value for value, word in enumerate(_SMALL)}
_WORD_VALUES |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SUFFIXES = {"k": 1_000, "bn": 1_000_000_000, **_SCALES}
_CURRENCIES = {
    "£": "gbp", "pound": "gbp", "pounds": "gbp", "quid": "gbp", "€": "eur", "euro": "eur",
    "euros": "eur", "$": "usd", "us$": "usd", "dollar": "usd", "dollars": "usd", "a$": "aud",
    "c$": "cad", "nz$": "nzd", "¥": "jpy", "yen": "jpy", "₹": "inr", "rupees": "inr", "zł": "pln",
}  # fmt: skip

_MONTH = "(?:" + "|".join(month.capitalize() for month in _MONTHS) + ")"
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_ORDINAL = r"(?:st|nd|rd|th)?"
_FIGURE = (
    r"(?:\d{1,3}(?:[,.\u00a0\u202f]\d{3})+|\d+)(?:[.,]\d+)?"
    r"(?:\s?(?:k|bn|hundred|thousand|million|billion)\b)?"
)
_SYMBOL = r"(?:(?:US|A|C|NZ)?\$|[£€¥₹])"
_CODE = (
    r"(?:GBP|EUR|USD|JPY|INR|CHF|AUD|CAD|NZD|SEK|NOK|DKK|PLN|pounds?|euros?|dollars?|yen|rupees"
    r"|quid|kr|zł)"
)
_PRICE = re.compile(
    rf"(?:{_SYMBOL}|\b{_CODE})\s?(?P<after>{_FIGURE})"
    rf"|(?<![\w.,])(?P<before>{_FIGURE})\s?(?:{_SYMBOL}|{_CODE}\b)",
    re.I,
)
_LISTED_PRICE = re.compile(
    rf"^[-*\s]*(?:[\w ]+[_ ])?(?:price|fee|cost):\s*[\"']?({_FIGURE})", re.M | re.I
)
_LISTED_CURRENCY = re.compile(r"^\s*currency:\s*[\"']?([A-Za-z]{3})\b", re.M)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b"
    r"|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b"
    rf"|\b\d{{1,2}}{_ORDINAL}(?: of)? {_MONTH}\b(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTH} \d{{1,2}}{_ORDINAL}\b(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTH},? \d{{4}}\b|\b{_MONTH}\b|\b{_WEEKDAY}(?=s?\b)"
)
_NUMBER = re.compile(rf"(?<![\w.,]){_FIGURE}")
_NUMBER_WORD = rf"(?:{'|'.join([*_WORD_VALUES, *_SCALES])})"
_SPELLED = re.compile(rf"\b{_NUMBER_WORD}(?:(?:-| and | ){_NUMBER_WORD}){{0,9}}\b", re.I)
_NAME_WORD = r"(?:[^\W\d_a-zß-ÿ][\w'’&-]*\w|[A-Z](?![\w'’-]))"
_NAME = re.compile(rf"(?<![\w-]){_NAME_WORD}(?: (?:(?:of|the|de|von|van|du|la|&) )?{_NAME_WORD})*")
_PASSED_OVER = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|<!--.*?(?:-->|\Z)|<[^<>]+>|\]\([^)\n]*\)"
    r"|https?://\S+|(?m:^[ \t]*\d{1,9}[.)](?=\s))|\[[SL]:?[\w:.-]*\]|\bigny8:\S+",
    re.DOTALL,
)
_OPENS = re.compile(r"(?:^\s*·*|[.!?:…|(\"“‘>*_#-])[\"”’)*_\s]*$")
_POSSESSIVE = re.compile(r"['’]s?$")
# A sentence may open with one of these before a name: `Visit Leeds`, `Ask Megan`.
_OPENING_VERBS = frozenset(
    str.split(
        "ask book bring buy call check choose collect compare contact discover explore find follow "
        "get give join learn leave meet order pick plan read request ride ring see send speak "
        "start stop take talk tell test try use visit walk watch write dear hello thanks"
    )
)
# Languages that write every noun large: one capital word there names nothing.
_LARGE_NOUNS = frozenset({"de", "lb"})
_BLANK = "·"


def unverified(text: str, sources: Sequence[str], *, locale: str = "en") -> tuple[Finding, ...]:
    """Return the numbers, prices, dates and proper names of `text` that occur in no source.

    `sources` are whole texts: knowledge files and the brief. Code, addresses, link targets and
    list numerals are not looked at. Numbers up to ten written as words pass, and so does a single
    capital word that opens a sentence, since its capital says nothing.
    """
    known = _Known(sources)
    rest = _PASSED_OVER.sub(_blanked, text)
    findings: list[Finding] = []
    tests: tuple[tuple[FindingKind, re.Pattern[str], _Test], ...] = (
        ("price", _PRICE, known.has_price),
        ("date", _DATE, known.has_date),
        ("number", _NUMBER, known.has_number),
        ("number", _SPELLED, known.has_spelled),
    )
    for kind, pattern, is_known in tests:
        findings += [
            Finding(kind, found[0], found.start(), found.end())
            for found in pattern.finditer(rest)
            if not is_known(found)
        ]
        rest = pattern.sub(_blanked, rest)
    findings += _unknown_names(rest, known, words.base_language(locale) in _LARGE_NOUNS)
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end)))


def units(markdown: str) -> tuple[str, ...]:
    """Return what a body says, piece by piece, normalised: sentences, list items, table rows.

    Headings, rules and the heads of tables say nothing.
    """
    pieces = [piece for part in re.split(r"\n\s*\n", markdown) for piece in _pieces(part)]
    normal = (" ".join(words.tokens(piece)) for piece in pieces)
    return tuple(piece for piece in normal if piece)


def shared_share(a: str, b: str) -> float:
    """Return the share of the shorter body's sentences that the other body has too, 0..1."""
    left, right = set(units(a)), set(units(b))
    shorter = min(len(left), len(right))
    return len(left & right) / shorter if shorter else 0.0


def _pieces(paragraph: str) -> list[str]:
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if any(line.startswith("|") for line in lines):
        heads = [i for i, line in enumerate(lines) if not line.strip("|-: ")]
        return [plain(line.replace("|", " ")) for line in lines[heads[0] + 1 if heads else 0 :]]
    pieces: list[str] = []
    prose: list[str] = []
    for line in lines:
        item = re.match(r"(?:[-*+]|\d{1,9}[.)])\s+(.*)", line)
        if item:
            pieces += sentences.split(plain(item[1]))
        elif not line.startswith("#") and line.strip("-*_ "):
            prose.append(line.lstrip("> "))
    return pieces + sentences.split(plain(" ".join(prose)))


class _Known:
    """What the sources hold, written one way."""

    def __init__(self, sources: Sequence[str]) -> None:
        whole = "\n\n".join(sources)
        self._words = f" {' '.join(words.tokens(whole))} "
        self._numbers = {value for found in _NUMBER.finditer(whole) for value in _values(found[0])}
        self._numbers |= {value for found in _PRICE.finditer(whole) for value in _amounts(found)}
        self._numbers |= {_spelled_value(found[0]) for found in _SPELLED.finditer(whole)}
        # `2026-05-12` or `A65`: digits inside a word are known as digits.
        self._numbers |= {float(digits) for digits in re.findall(r"\d+", whole)}
        self._prices = {
            (_currency(found[0]), amount)
            for found in _PRICE.finditer(whole)
            for amount in _amounts(found)
        }
        for source in sources:
            currency = _LISTED_CURRENCY.search(source)
            name = currency[1].lower() if currency else ""
            for listed in _LISTED_PRICE.findall(source):
                self._prices |= {(name, amount) for amount in _values(listed)}
        texts = {found[0] for found in _DATE.finditer(whole)}
        self._dates = {date for text in texts for date in _dates(text)}
        self._phrases: dict[str, bool] = {}

    def has_price(self, found: re.Match[str]) -> bool:
        currency = _currency(found[0])
        return any(
            (name, amount) in self._prices for name in (currency, "") for amount in _amounts(found)
        )

    def has_date(self, found: re.Match[str]) -> bool:
        return any(wanted <= date for wanted in _dates(found[0]) for date in self._dates)

    def has_number(self, found: re.Match[str]) -> bool:
        return not self._numbers.isdisjoint(_values(found[0]))

    def has_spelled(self, found: re.Match[str]) -> bool:
        if found[0].lower() in _SCALES:
            return self.has_phrase(found[0])
        value = _spelled_value(found[0])
        return value <= 10 or value in self._numbers

    def has_phrase(self, name: str) -> bool:
        if name not in self._phrases:
            wanted = " ".join(words.tokens(name))
            forms = {wanted, _POSSESSIVE.sub("", wanted), wanted.removesuffix("s")}
            self._phrases[name] = any(
                f" {form}{end} " in self._words for form in forms for end in ("", "'s", "s")
            )
        return self._phrases[name]


_Test = Callable[[re.Match[str]], bool]


def _unknown_names(text: str, known: _Known, nouns_are_large: bool) -> Iterator[Finding]:
    offset = 0
    for line in text.splitlines(keepends=True):
        if not (line.lstrip().startswith("#") and _is_title_case(line)):
            for run in _NAME.finditer(line):
                is_opening = bool(_OPENS.search(line[: run.start()]))
                for name, start in _names_in(run[0], run.start(), is_opening):
                    is_single = " " not in name and (
                        nouns_are_large or (is_opening and start == run.start())
                    )
                    if not is_single and not _is_known(name, known):
                        place = offset + start
                        yield Finding("name", name, place, place + len(name))
        offset += len(line)


def _names_in(run: str, start: int, is_opening: bool) -> Iterator[tuple[str, int]]:
    """Part a run of capital words into names: without leading function words, at possessives."""
    parts: list[str] = []
    begin = position = start
    for part in run.split(" "):
        is_first = position == start
        ordinary = words.is_stop(part) or (is_first and is_opening and _is_opening_word(part))
        if parts or not ordinary:
            begin = begin if parts else position
            parts.append(part)
        position += len(part) + 1
        if parts and _POSSESSIVE.search(part):
            yield _POSSESSIVE.sub("", " ".join(parts)), begin
            parts = []
    if parts:
        yield " ".join(parts), begin


def _is_opening_word(word: str) -> bool:
    return word.lower() in _OPENING_VERBS or word.endswith(("ing", "ly"))


def _is_known(name: str, known: _Known) -> bool:
    if known.has_phrase(name):
        return True
    large = [part for part in name.split("-") if part[:1].isupper()]
    return " " not in name and "-" in name and all(map(known.has_phrase, large))


def _is_title_case(heading: str) -> bool:
    parts = [word for word in heading.split() if word[0].isalpha()]
    return len(parts) > 2 and all(word[0].isupper() for word in parts if len(word) > 3)


def _blanked(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", _BLANK, found[0])


def _values(figure: str) -> frozenset[float]:
    """Return what a figure may mean: `1.250` is a thousand to some, `10k` may be a distance."""
    found = re.match(r"([\d.,\u00a0\u202f]*\d)\s?([a-z]*)", figure.strip().lower())
    if found is None:
        return frozenset()
    digits = re.sub(r"[\u00a0\u202f]", "", found[1])
    readings = {re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits), digits}
    values = set()
    for reading in readings:
        whole, mark, part = reading.replace(",", ".").rpartition(".")
        values.add(float(whole.replace(".", "") + mark + part if mark else part))
    scale = _SUFFIXES.get(found[2], 1)
    return frozenset({*(value * scale for value in values), *values})


def _amounts(price: re.Match[str]) -> frozenset[float]:
    return _values(price["after"] or price["before"])


def _currency(price: str) -> str:
    sign = re.sub(r"[\d.,\s]|\b(?:k|bn|hundred|thousand|million|billion)\b", "", price.lower())
    return _CURRENCIES.get(sign, sign)


def _dates(text: str) -> list[frozenset[str]]:
    """Return the readings of a date, each as the parts it names: `d12`, `m5`, `wtuesday`."""
    lower = text.lower()
    numbers = [str(int(number)) for number in re.findall(r"\d+", lower)]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", lower):
        return [frozenset({f"y{numbers[0]}", f"m{numbers[1]}", f"d{numbers[2]}"})]
    if re.fullmatch(r"\d+[./]\d+[./]\d+", lower):
        first, second, year = numbers
        year = f"y20{year.zfill(2)}" if len(year) < 3 else f"y{year}"
        return [
            frozenset({f"d{first}", f"m{second}", year}),
            frozenset({f"d{second}", f"m{first}", year}),
        ]
    parts = {f"y{number}" if len(number) == 4 else f"d{number}" for number in numbers}
    month = next((i for i, name in enumerate(_MONTHS, start=1) if name in lower), None)
    parts.add(f"m{month}" if month else f"w{lower}")
    return [frozenset(parts)]


def _spelled_value(text: str) -> float:
    total = current = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0
        else:
            current += _WORD_VALUES.get(word, 0)
    return float(total + current)
