"""Knowledge files as records: sentences, specs, questions, steps. Composing chooses among them.

Only plain text comes out: markup, comments, code and addresses stay behind. What a record says is
data, whatever it says; a sentence that speaks to an AI is put aside with a notice, never composed.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from igny8.text import frontmatter, sentences, words


class RecordKind(StrEnum):
    """What form a record has in its file."""

    FACT = "fact"
    """A sentence of a paragraph."""
    POINT = "point"
    """An item of a list that is no spec."""
    SPEC = "spec"
    """A `key: value` item, or the row of a table."""
    STEP = "step"
    """An item of a numbered list."""
    QA = "qa"
    """A heading that asks, and the text that answers."""
    QUOTE = "quote"
    """A sentence of a block quotation."""


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One knowledge file. `data` is its front matter."""

    name: str
    title: str
    kind: str
    terms: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing the business says of itself.

    `id` is `file:line`, with `.2`, `.3`, … after it for further sentences of that line. `block` is
    the line its paragraph or list starts on: records of one block belong together, in their order.
    `key` is the key of a spec or the question of a qa; `text` is then the value or the answer.
    """

    id: str
    kind: RecordKind
    text: str
    source: KnowledgeFile
    line: int
    block: int
    heading: tuple[str, ...] = ()
    key: str = ""

    @property
    def file(self) -> str:
        """Name of the file it stands in."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two records, or front matter and a record, that cannot both be right."""

    what: str
    values: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a file that was left out, and why."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class KnowledgeBase:
    """Everything that was read, in the order of the files' names. Compared by identity."""

    sources: tuple[KnowledgeFile, ...] = ()
    records: tuple[Record, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Every area served as the business spells it, the one named most often first."""
        listed = (_strings(source.data.get("area_served")) for source in self.sources)
        counted = Counter(place for places in listed for place in places)
        return tuple(place for place, _ in counted.most_common())

    @property
    def spellings(self) -> dict[str, str]:
        """How the business writes its names inside a sentence: `leeds` is `Leeds`, `dot` `DOT`.

        Names of several words are there as a whole only: `Fernhill Cycles` does not make a
        `Cycle` of every bike.
        """
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for record in self.records:
            for text in (record.text, record.key, *record.heading):
                for found in _INNER_NAME.finditer(text):
                    name = found[0]
                    seen[name.lower()][name] += 1
        usual = {
            name: max(sorted(forms)[::-1], key=forms.__getitem__) for name, forms in seen.items()
        }
        return {
            name: form for name, form in sorted(usual.items()) if name != form and len(name) > 1
        }

    def outline(self, source: KnowledgeFile) -> tuple[tuple[str, RecordKind], ...]:
        """Return the headings of one file in order, each with the kind it is there for.

        A heading over a list and a paragraph is there for the list.
        """
        kinds: defaultdict[str, Counter[RecordKind]] = defaultdict(Counter)
        for record in self.records:
            if record.source is source and record.heading:
                kinds[record.heading[0]][_SHAPES.get(record.kind, record.kind)] += 1
        return tuple(
            (heading, max(count, key=lambda kind: (kind is not RecordKind.FACT, count[kind], kind)))
            for heading, count in kinds.items()
        )


# For an outline, a list of points and a quotation are prose.
_SHAPES = {RecordKind.POINT: RecordKind.FACT, RecordKind.QUOTE: RecordKind.FACT}
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ORDERED = re.compile(r"\s*\d{1,9}[.)]\s+(.*)$")
_BULLET = re.compile(r"\s*[-*+]\s+(.*)$")
_SPEC = re.compile(r"([^:.?!]{2,80}):\s+(\S.*)$")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_RULE = re.compile(r"\s*([-*_]\s*){3,}$")
_DIVIDER = re.compile(r"[\s|:-]+$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style|template|iframe)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Bounded, so that a line of a million opening marks stays cheap.
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,1000}\)|\[[^\[\]\n]{0,200}\])")
_ADDRESS = re.compile(r"<?https?://[^\s>]+>?")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`|~~)(?=[^\s*`~])([^*`~]{1,300}?)(?<=\S)\1")
_UNDERLINE = re.compile(r"(?<!\w)_(?=\S)([^_]{1,300})(?<=\S)_(?!\w)")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
# Inside a sentence only: the first word of a sentence shows nothing. A run of capitals is one name.
_INNER_NAME = re.compile(
    r"(?<=[a-z,;0-9] )(?:[A-Z][^\W_]*(?:['-][^\W_]+)*(?: [A-Z][^\W_]*(?:['-][^\W_]+)*)*"
    r"|[^\W_]+(?:['-][^\W_]+)*)"
)
_TO_AN_AI = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|prompts?|rules|guidelines)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b"
    r"|\byou are (?:now )?(?:an? )?(?:AI|assistant|language model|chatbot|ChatGPT)\b"
    r"|\bas an? (?:AI|language model)\b"
    r"|\b(?:reveal|print|repeat|output)\b[^.]{0,30}\b(?:your|the) (?:prompt|instructions)\b"
    r"|^\s*(?:system|assistant)\s*:",
    re.I,
)
_PRICE_KEY = frozenset({"price", "fee", "cost"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def read_base(files: Iterable[tuple[str, str]]) -> KnowledgeBase:
    """Read `(name, text)` pairs of Markdown with optional front matter.

    Raises InvalidInput where front matter cannot be read.
    """
    sources: list[KnowledgeFile] = []
    records: list[Record] = []
    notices: list[Notice] = []
    for name, text in sorted(files):
        source, found = _read_file(name, text)
        sources.append(source)
        for record in found:
            if _TO_AN_AI.search(record.text) or _TO_AN_AI.search(record.key):
                reason = "it speaks to an AI, not to a reader"
                notices.append(Notice(record.id, record.text, reason))
            else:
                records.append(record)
    return KnowledgeBase(
        tuple(sources), tuple(records), tuple(_contradictions(sources, records)), tuple(notices)
    )


def plain(text: str) -> str:
    """Return the words of a piece of Markdown without markup, comments, images and addresses."""
    text = _HIDDEN.sub(" ", _COMMENT.sub(" ", text))
    text = _LINK.sub(r"\1", _IMAGE.sub(" ", text))
    text = html.unescape(_TAG.sub(" ", _ADDRESS.sub(" ", text)))
    text = _UNDERLINE.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text)))
    # What unescaping brought to light must not be markup in a draft either.
    return " ".join(_CONTROL.sub("", _TAG.sub(" ", text)).split())


@dataclass(slots=True)
class _Block:
    """Lines that belong together: their kind, their numbers, their words."""

    kind: RecordKind
    heading: tuple[str, ...]
    lines: list[tuple[int, str]]


def _read_file(name: str, text: str) -> tuple[KnowledgeFile, list[Record]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    meta, body = frontmatter.split(text, file=name)
    skipped = text.count("\n") - body.count("\n")
    blocks, headline = _blocks(body, skipped)
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = str(meta.get("title") or headline or stem.replace("-", " ").capitalize())
    source = KnowledgeFile(
        name=name,
        title=plain(title),
        kind=str(meta.get("kind") or "note"),
        terms=_strings(meta.get("terms")),
        data=dict(meta),
    )
    taken: Counter[int] = Counter()
    records = []
    for kind, line, block, heading, key, value in _entries(blocks):
        taken[line] += 1
        suffix = f".{taken[line]}" if taken[line] > 1 else ""
        records.append(
            Record(f"{name}:{line}{suffix}", kind, value, source, line, block, heading, key)
        )
    return source, records


def _blocks(body: str, skipped: int) -> tuple[list[_Block], str]:
    """Part a body into blocks; the first level-one heading comes back beside them."""
    blocks: list[_Block] = []
    path: list[tuple[int, str]] = []
    headline = ""
    fence = ""
    is_open = False
    for number, line in enumerate(_uncommented(body).split("\n"), start=1 + skipped):
        mark = _FENCE.match(line)
        if fence or mark:
            if mark and (not fence or mark[1].startswith(fence)):
                fence = "" if fence else mark[1]
            is_open = False
            continue
        found = _HEADING.match(line)
        if found:
            level, title = len(found[1]), plain(found[2])
            path = [(depth, text) for depth, text in path if depth < level]
            if level == 1:
                headline = headline or title
            else:
                path.append((level, title))
            is_open = False
            continue
        if not line.strip() or _RULE.match(line):
            is_open = False
            continue
        kind, words_of_line = _line_kind(line)
        heading = tuple(text for _, text in path)
        last = blocks[-1] if is_open else None
        if last is not None and kind is RecordKind.FACT and last.kind is not RecordKind.SPEC:
            # A line without a mark goes on with the paragraph, item or quotation above it.
            start, text = last.lines[-1]
            last.lines[-1] = (start, f"{text}\n{words_of_line}")
        elif last is not None and last.kind is kind and kind is not RecordKind.FACT:
            last.lines.append((number, words_of_line))
        else:
            blocks.append(_Block(kind, heading, [(number, words_of_line)]))
        is_open = True
    return blocks, headline


def _uncommented(body: str) -> str:
    """Blank out comments and scripts that span lines, keeping every line's number."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    return _HIDDEN.sub(blank, _COMMENT.sub(blank, body))


def _line_kind(line: str) -> tuple[RecordKind, str]:
    if line.lstrip().startswith(">"):
        return RecordKind.QUOTE, line.lstrip().lstrip("> ")
    if line.lstrip().startswith("|"):
        return RecordKind.SPEC, line.strip()
    item = _ORDERED.match(line)
    if item:
        return RecordKind.STEP, item[1]
    item = _BULLET.match(line)
    if item:
        return RecordKind.POINT, item[1]
    return RecordKind.FACT, line.strip()


_Entry = tuple[RecordKind, int, int, tuple[str, ...], str, str]
"""Kind, line, block, heading path, key, text."""


def _entries(blocks: list[_Block]) -> Iterator[_Entry]:
    answers: dict[tuple[str, ...], list[_Block]] = defaultdict(list)
    for block in blocks:
        if block.heading and block.heading[-1].endswith("?"):
            answers[block.heading].append(block)
    for block in blocks:
        if block.heading in answers:
            replies = answers.pop(block.heading)
            text = " ".join(plain(text) for reply in replies for _, text in reply.lines)
            start = block.lines[0][0]
            if text:
                yield RecordKind.QA, start, start, block.heading[:-1], block.heading[-1], text
        elif not (block.heading and block.heading[-1].endswith("?")):
            yield from _block_entries(block)


def _block_entries(block: _Block) -> Iterator[_Entry]:
    start = block.lines[0][0]
    if block.kind is RecordKind.SPEC:
        for line, key, value in _rows(block.lines):
            yield RecordKind.SPEC, line, start, block.heading, key, value
        return
    for line, text in block.lines:
        if block.kind is RecordKind.STEP:
            yield block.kind, line, start, block.heading, "", plain(text)
        elif block.kind is RecordKind.POINT:
            spec = _SPEC.match(plain(text))
            kind = RecordKind.SPEC if spec else RecordKind.POINT
            key, value = (spec[1].strip(), spec[2]) if spec else ("", plain(text))
            yield kind, line, start, block.heading, key, value
        else:
            for offset, sentence in _sentences(text):
                yield block.kind, line + offset, start, block.heading, "", sentence


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence of a paragraph with how many lines below its start it begins."""
    starts, length = [], 0
    for line in text.split("\n"):
        starts.append(length)
        length += len(plain(line)) + 1
    whole = plain(text)
    for begin, end in sentences.spans(whole):
        yield max(i for i, start in enumerate(starts) if start <= begin), whole[begin:end]


def _rows(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Yield the rows of a table: two columns are key and value, more are named by their header."""
    table = [
        (number, [plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
        for number, line in lines
        if not _DIVIDER.match(line)
    ]
    header = table[0][1] if len(table) < len(lines) else []
    for number, cells in table[1:] if header else table:
        if len(cells) < 2 or not cells[0]:
            continue
        if len(cells) == 2 or len(header) != len(cells):
            value = "; ".join(cell for cell in cells[1:] if cell)
        else:
            named = zip(header[1:], cells[1:], strict=True)
            value = "; ".join(f"{name}: {cell}" for name, cell in named if cell)
        if value:
            yield number, cells[0], value


def _contradictions(sources: list[KnowledgeFile], records: list[Record]) -> Iterator[Contradiction]:
    yield from _unequal_data(sources)
    yield from _unequal_specs(records)
    yield from _unequal_prices(sources, records)
    yield from _unequal_sentences(records)


def _unequal_data(sources: list[KnowledgeFile]) -> Iterator[Contradiction]:
    titled: defaultdict[str, list[KnowledgeFile]] = defaultdict(list)
    for source in sources:
        titled[" ".join(words.tokens(source.title))].append(source)
    for _, same in sorted(titled.items()):
        for key in ("price", "currency", "sku", "duration"):
            values = {s.name: str(s.data[key]) for s in same if s.data.get(key) is not None}
            if len({_normal(value) for value in values.values()}) > 1:
                what = f"{same[0].title}: {key}"
                yield Contradiction(what, tuple(values.values()), tuple(values))


def _unequal_specs(records: list[Record]) -> Iterator[Contradiction]:
    """Compare specs of one key: in one list, or across files where the key names its subject."""
    titles = Counter(
        stem
        for source in {r.source.name: r.source for r in records}.values()
        for stem in set(words.content_stems(source.title))
    )
    grouped: defaultdict[tuple[tuple[str, ...], str], list[Record]] = defaultdict(list)
    for record in records:
        if record.kind is RecordKind.SPEC:
            stems = words.content_stems(record.key)
            own = set(words.content_stems(record.source.title))
            names_subject = any(stem in own and titles[stem] <= 2 for stem in stems)
            own_list = (record.source.name, *record.heading)
            scope = () if names_subject and len(stems) > 1 else own_list
            grouped[scope, " ".join(sorted(stems))].append(record)
    for _, same in sorted(grouped.items()):
        if len({_normal(record.text) for record in same}) > 1:
            yield _contradiction(same[0].key, same)


def _unequal_prices(sources: list[KnowledgeFile], records: list[Record]) -> Iterator[Contradiction]:
    """Find files whose front matter has a price that none of their own price lines knows."""
    for source in sources:
        price = source.data.get("price")
        if not isinstance(price, int | float | str):
            continue
        lines = [
            record
            for record in records
            if record.source.name == source.name
            and record.kind is RecordKind.SPEC
            and words.tokens(record.key)[-1:]
            and words.tokens(record.key)[-1] in _PRICE_KEY
        ]
        stated = {_figure(number) for line in lines for number in _NUMBER.findall(line.text)}
        if lines and _figure(str(price)) not in stated:
            values = (str(price), *(line.text for line in lines))
            places = (source.name, *(line.id for line in lines))
            yield Contradiction(f"{source.title}: price", values, places)


def _unequal_sentences(records: list[Record]) -> Iterator[Contradiction]:
    """Find sentences and answers that differ in their figures alone."""
    grouped: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        if record.kind is RecordKind.QA:
            grouped["?", *words.content_stems(record.key)].append(record)
        elif record.kind is RecordKind.FACT:
            stems = tuple(s for s in words.content_stems(record.text) if not s[0].isdigit())
            if len(stems) >= 3:
                grouped[stems].append(record)
    for _, same in sorted(grouped.items()):
        if len({tuple(map(_figure, _NUMBER.findall(record.text))) for record in same}) > 1:
            yield _contradiction(same[0].key or same[0].text, same)


def _contradiction(what: str, records: list[Record]) -> Contradiction:
    return Contradiction(what, tuple(r.text for r in records), tuple(r.id for r in records))


def _normal(value: str) -> str:
    figures = _NUMBER.findall(value)
    return " ".join(map(_figure, figures)) if figures else " ".join(words.stems(value))


def _figure(number: str) -> str:
    """Write a number one way: `2,000` and `2000.00` are one figure."""
    whole = re.sub(r",(?=\d{3}\b)", "", number).replace(",", ".")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list | tuple):
        return tuple(str(part).strip() for part in value if str(part).strip())
    return ()
