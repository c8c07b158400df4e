"""Drafts composed of the business's own sentences, offline. Nothing here words a new one.

Sentences move as whole passages (a paragraph, a list, a question with its answer), because a
sentence torn from the one before it loses what its `it` stands for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from igny8.text import sentences, vectors, words
from igny8.writer.grounding import units
from igny8.writer.knowledge import KnowledgeBase, KnowledgeFile, Record, RecordKind


@dataclass(frozen=True, slots=True)
class BriefSection:
    """A section of an outline. `kind` is fact, step, spec or qa; `words` 0 means a fair share."""

    heading: str
    terms: tuple[str, ...] = ()
    kind: str = "fact"
    words: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """What to write. The first of `keywords` is the focus keyphrase."""

    title: str
    entity_type: str
    outline: tuple[BriefSection, ...]
    keywords: tuple[str, ...]
    questions: tuple[str, ...] = ()
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a draft and the id of the record that it is."""

    text: str
    record: str


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section as composed; the introduction has no heading."""

    heading: str
    kind: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class FaqItem:
    """A question and its answer, both the business's own."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed item. `gaps` are questions for the client; `body` has no level-one heading."""

    title: str
    body: str
    meta_title: str
    meta_description: str
    keywords: tuple[str, ...]
    sections: tuple[DraftSection, ...]
    faq: tuple[FaqItem, ...]
    structure_data: Mapping[str, object]
    gaps: tuple[str, ...]

    @property
    def records(self) -> frozenset[str]:
        """Ids of the records it is made of."""
        return frozenset(s.record for section in self.sections for s in section.sentences)


_LENGTHS = {
    "post": (350, 900),
    "page": (350, 750),
    "service": (350, 700),
    "product": (350, 650),
    "taxonomy": (350, 550),
}
"""Entity type to fewest and most words."""

_SHARED = 0.3  # a little under the promised third: sentences are short, and shares are not even
_NEAR_DUPLICATE = 0.5
_MIN_AFFINITY = 0.3
_MIN_COVERAGE = 0.5
_MIN_HEADING = 0.34
_MIN_FOREIGN = 0.75
_LEAST = {"fact": 2, "step": 3, "spec": 3, "qa": 2}
_TITLE_MAX = 60
_DESCRIPTION_MIN, _DESCRIPTION_MAX = 121, 156
_TABLE_HEADS = {
    "de": ("Merkmal", "Angabe"),
    "en": ("Item", "Detail"),
    "es": ("Concepto", "Detalle"),
    "fr": ("Élément", "Détail"),
    "it": ("Voce", "Dettaglio"),
    "nl": ("Onderdeel", "Detail"),
    "pt": ("Item", "Detalhe"),
}
_STRUCTURE_FIELDS = {
    "product": ("price", "currency", "sku", "availability", "brand"),
    "service": ("price", "currency", "duration", "area_served", "availability"),
}
_EXPECTED_FIELDS = {
    "product": ("price", "availability"),
    "service": ("price", "area_served"),
}
# What a sentence opens with when it leans on the one before it.
_LEANING = re.compile(
    r"(?:it|its|they|their|them|he|his|she|her|him|this|that|these|those|such|here|however|but|and|"
    r"or|nor|so|yet|also|then|therefore|thus|hence|otherwise|instead|meanwhile|afterwards|besides|"
    r"still|similarly|likewise|nevertheless|nonetheless|consequently|moreover|furthermore|finally|"
    r"another|both|neither|either|others|the (?:other|others|rest|same|latter|former|second|third|"
    r"result|reason|difference|exception|(?:two|three|four) (?:are|have|were|can|differ|together))|"
    r"as a result|for example|for instance|in (?:that|this|either|both|such) (?:case|cases|way)|"
    r"after (?:that|this|which)|until then|by then|since then|even so|once (?:there|done)|"
    r"that is|all (?:three|four|five|of (?:them|these|those))|two of (?:them|these)|"
    r"most of (?:them|these|those)|none of (?:them|these|those)|some of (?:them|these|those))\b"
    r"|\S+ (?:\S+ ){0,2}(?:also|too|then)\b",
    re.I,
)
# What shows that a sentence, quoted alone, has its subject elsewhere.
_REFERRING = re.compile(
    r"\b(?:it|its|they|their|them|she|he|her|his|these|those|both|same|others?|extra|such|either|"
    r"neither|that reason|further)\b",
    re.I,
)
_OPENING = 25
_CLAUSE_END = re.compile(
    r"[;:] | [–—] |,? (?=(?:because|while|although|unless|since|whereas|so that)\b)"
    r"|, (?=(?:so|but|which|who|where|when)\b)"
)
_PRICE = re.compile(r"[£€$¥₹]\s?\d|\d\s?(?:€|[A-Z]{3}\b)")
_ASKS_PRICE = re.compile(r"\b(?:how much|cost|costs|price|prices)\b", re.I)
_MARKUP = re.compile(r"([\\`*_\[\]<>|])")
_BLOCK_MARK = re.compile(r"(#{1,6}\s|[-+=]\s|\d{1,9}(?=[.)]\s))")
_ENTITY = re.compile(r"&(?=#?\w+;)")


@dataclass(frozen=True, slots=True, eq=False)
class _Passage:
    """Records that only make sense together, in source order."""

    kind: str
    records: tuple[Record, ...]
    stems: frozenset[str]
    size: int

    @property
    def file(self) -> str:
        return self.records[0].file

    @property
    def heading(self) -> str:
        return self.records[0].heading[0] if self.records[0].heading else ""

    @property
    def line(self) -> int:
        return self.records[0].line

    @property
    def home(self) -> tuple[str, str]:
        return self.file, self.heading

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(record.id for record in self.records)


@dataclass(slots=True)
class _Part:
    """A section under work."""

    heading: str
    kind: str
    budget: int
    query: list[str]
    wanted: list[set[str]] = field(default_factory=list)
    file: str = (
        ""  # the one file it may take prose, steps and specs from; empty: any on the subject
    )
    passages: list[_Passage] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(passage.size for passage in self.passages)

    @property
    def is_enough(self) -> bool:
        own = [passage for passage in self.passages if passage.kind == self.kind]
        count = sum(len(passage.records) for passage in own)
        return count >= _LEAST.get(self.kind, 2)


def compose(brief: Brief, base: KnowledgeBase, used: Sequence[Collection[str]] = ()) -> Draft:
    """Compose a draft of `base` alone.

    `used` holds, for each earlier draft of the site, the ids of its records (`Draft.records`, or
    `records_in` of a stored body): no more than a third of the draft is theirs, and no more than a
    third of any one of them is in the draft. A section that the base cannot fill is left out and
    becomes a gap.
    """
    desk = _Desk(brief, base, used)
    introduction = desk.introduction()
    parts = desk.fill(desk.outline())
    kept = [part for part in parts if part.is_enough]
    missing = [part for part in parts if not part.is_enough]
    desk.release(missing)
    kept = desk.trim(desk.lengthen(introduction, kept))
    opening = _Part("", "fact", 0, [], passages=introduction)
    return _draft(desk, [opening, *kept] if introduction else kept, missing)


def records_in(body: str, base: KnowledgeBase) -> frozenset[str]:
    """Return the ids of the records that a Markdown body repeats, whoever wrote it."""
    said = set(units(body))
    return frozenset(
        record_id for record_id, pieces in _record_units(base) if not said.isdisjoint(pieces)
    )


@lru_cache(maxsize=8)
def _record_units(base: KnowledgeBase) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((record.id, units(_escaped(_standing(record)))) for record in base.records)


class _Shelf:
    """The base sorted for composing: what no brief changes."""

    def __init__(self, base: KnowledgeBase, language: str) -> None:
        self.language = language
        self.passages = list(_passages(base, language))
        self.weights = {record.id: _weight(record) for record in base.records}
        self.bm25 = vectors.Bm25([self._document(passage) for passage in self.passages])
        self.idf = vectors.idf([sorted(passage.stems) for passage in self.passages])
        self.places = {stem for place in base.places for stem in self.stems(place)}
        self.named = {
            source.name: self.stems(" ".join((source.title, *source.terms)))
            for source in base.sources
        }
        self.titles = {source.name: set(self.stems(source.title)) for source in base.sources}
        headings = [" ".join(heading for heading, _ in base.outline(s)) for s in base.sources]
        about = {
            source.name: self.stems(source.title) * 2
            + self.named[source.name]
            + self.stems(heading)
            for source, heading in zip(base.sources, headings, strict=True)
        }
        self.everything = {name: set(stems) for name, stems in about.items()}
        for passage in self.passages:
            self.everything[passage.file] |= passage.stems
        # Plain notes, which nobody named, are about whatever they speak of.
        notes = {source.name for source in base.sources if not _is_named(source)}
        self.files = vectors.Bm25(
            [
                stems + sorted(self.everything[name]) if name in notes else stems
                for name, stems in about.items()
            ]
        )
        self.owners: defaultdict[str, set[str]] = defaultdict(set)
        for passage in self.passages:
            self.owners[_key(passage.heading)].add(passage.file)
        first: dict[tuple[str, str], int] = {}
        for passage in self.passages:
            if passage.kind == "fact":
                first.setdefault(passage.home, passage.line)
        self.nth = {
            home: sum(h[0] == home[0] and n < line for h, n in first.items())
            for home, line in first.items()
        }

    def stems(self, text: str) -> list[str]:
        return words.content_stems(text, self.language)

    def _document(self, passage: _Passage) -> list[str]:
        record = passage.records[0]
        heading = self.stems(" ".join(record.heading))
        text = self.stems(" ".join(f"{r.key} {r.text}" for r in passage.records))
        return heading * 2 + self.stems(record.source.title) + text


@lru_cache(maxsize=8)
def _shelf(base: KnowledgeBase, language: str) -> _Shelf:
    """Return the shelf of a base: a batch composes many drafts of one."""
    return _Shelf(base, language)


class _Desk:
    """One brief, and what has been chosen for it so far."""

    def __init__(self, brief: Brief, base: KnowledgeBase, used: Sequence[Collection[str]]) -> None:
        self.brief = brief
        self.base = base
        self.language = words.base_language(brief.locale)
        self.shelf = _shelf(base, self.language)
        self.stems = self.shelf.stems
        self.passages = self.shelf.passages
        self.weights = self.shelf.weights
        self.earlier = [frozenset(ids) & self.weights.keys() for ids in used if ids]
        self.spent = frozenset(record_id for ids in self.earlier for record_id in ids)
        self.chosen: set[str] = set()
        self.told: set[str] = set()
        focus = brief.keywords[0] if brief.keywords else brief.title
        stems = dict.fromkeys(self.stems(focus))
        self.focus = [s for s in stems if s not in self.shelf.places] or list(stems)
        self.topic = frozenset(self._topic())
        self.asked = [set(self.stems(question)) for question in brief.questions]
        self.affinity = self._affinity()
        self.main = self._main()

    def coverage(self, stems: Collection[str], of: Collection[str] | None = None) -> float:
        """Return how much of the focus keyphrase (or of `of`) `stems` hold, by rarity, 0..1."""
        rarest = max(self.shelf.idf.values(), default=1.0)
        weight = {stem: self.shelf.idf.get(stem, rarest) for stem in of or self.focus}
        total = sum(weight.values())
        return sum(w for stem, w in weight.items() if stem in stems) / total if total else 0.0

    def introduction(self) -> list[_Passage]:
        """Choose what to begin with: about the focus keyphrase, early in its file.

        Where the outline has that very section, all of it becomes the introduction: a heading
        over what is left of its paragraphs would promise too much.
        """
        fresh = [p for p in self.passages if p.kind == "fact" and self._is_fresh(p)]
        ranked = sorted(fresh, key=lambda passage: -self._opening_score(passage))
        if not ranked or self._opening_score(ranked[0]) <= 0:
            return []
        taken = [p for p in fresh if p.home == ranked[0].home and self._is_on_subject(p)]
        self.told.add(_key(ranked[0].heading))
        is_planned = any(_key(section.heading) in self.told for section in self.brief.outline)
        taken = taken[: 2 if is_planned else 1]
        for passage in taken:
            self.chosen.update(passage.ids)
        return taken

    def outline(self) -> list[_Part]:
        """Make an empty part of every section, with budgets that fit the entity type."""
        least, most = _LENGTHS.get(self.brief.entity_type, _LENGTHS["page"])
        seen = {_key(self.brief.title)}
        parts = []
        sections = self.brief.outline
        share = (least + most) // 2 // max(len(sections), 1)
        asked = sum(section.words or share for section in sections)
        scale = min(1.0, (most - 60) / asked) if asked else 1.0
        for section in sections:
            kind = section.kind if section.kind in _LEAST else "fact"
            is_told = _key(section.heading) in self.told and kind == "fact"
            if not section.heading.strip() or _key(section.heading) in seen or is_told:
                continue
            seen.add(_key(section.heading))
            budget = max(int((section.words or share) * scale), 50)
            wanted = [set(self.stems(text)) for text in (section.heading, *section.terms)]
            query = self.stems(section.heading) * 2 + self.stems(" ".join(section.terms))
            part = _Part(section.heading.strip(), kind, budget, query, wanted)
            part.file = self._section_file(part)
            parts.append(part)
        return parts

    def fill(self, parts: list[_Part]) -> list[_Part]:
        """Give each passage to its one best section: fresh ones, then used ones within limits."""
        candidates = self._candidates(parts)
        for is_fresh in (True, False):
            for _, number, index in candidates:
                passage, part = self.passages[index], parts[number]
                if self._is_fresh(passage) == is_fresh and self._fits(passage, part):
                    self._add(passage, part)
        for part in parts:
            if part.kind in ("step", "spec"):
                self._add_company(part)
            part.passages = self._in_order(part)
        return parts

    def release(self, parts: list[_Part]) -> None:
        """Take back what was chosen for sections that are left out."""
        for part in parts:
            for passage in part.passages:
                self.chosen.difference_update(passage.ids)

    def lengthen(self, introduction: list[_Passage], parts: list[_Part]) -> list[_Part]:
        """Add the base's own sections on the subject until the draft has its fewest words."""
        least, _ = _LENGTHS.get(self.brief.entity_type, _LENGTHS["page"])
        size = sum(p.size for p in introduction) + sum(part.size for part in parts)
        groups: defaultdict[tuple[str, str, str], list[_Passage]] = defaultdict(list)
        for passage in self.passages:
            if self._is_on_subject(passage) and passage.heading:
                groups[(*passage.home, passage.kind)].append(passage)
        topic = self._topic()
        scores = self._scores(topic)
        best = {key: max(scores[id(passage)] for passage in group) for key, group in groups.items()}
        for key in sorted(groups, key=lambda key: (-best[key], key)):
            if size >= least:
                break
            part = _Part(key[1], key[2], 180, topic)
            for passage in groups[key]:
                if self._fits(passage, part):
                    self._add(passage, part)
            grown = self._merged(introduction, parts, part)
            if grown is None:
                self.release([part])
            else:
                parts = grown
                size += part.size
        return parts

    def trim(self, parts: list[_Part]) -> list[_Part]:
        """Give used passages back, last ones first, until the draft is two thirds its own."""
        for part in reversed(parts):
            for passage in reversed(list(part.passages)):
                if not self._is_fresh(passage) and not self._is_own(self.chosen):
                    part.passages.remove(passage)
                    self.chosen.difference_update(passage.ids)
        thin = [part for part in parts if not part.is_enough]
        self.release(thin)
        return [part for part in parts if part.is_enough]

    def _merged(
        self, introduction: list[_Passage], parts: list[_Part], part: _Part
    ) -> list[_Part] | None:
        """Put a section in its place, or what it has into the one that is there already."""
        if not part.is_enough:
            return None
        if introduction and part.passages[0].home == introduction[0].home and part.kind == "fact":
            introduction += part.passages
            return parts
        twin = next((p for p in parts if _key(p.heading) == _key(part.heading)), None)
        if twin is None:
            return _placed(parts, part)
        if twin.kind != part.kind:
            return None
        twin.passages += part.passages
        return parts

    def _add_company(self, part: _Part) -> None:
        """Take along the prose that stands beside a list under its own heading."""
        homes = {passage.home for passage in part.passages}
        for passage in self.passages:
            is_beside = passage.home in homes and passage.kind == "fact"
            has_room = is_beside and part.size < part.budget * 2
            if has_room and passage.ids[0] not in self.chosen and self._is_allowed(passage):
                self._add(passage, part)

    def _topic(self) -> list[str]:
        return self.focus * 2 + self.stems(" ".join((self.brief.title, *self.brief.keywords)))

    def _affinity(self) -> dict[str, float]:
        """Return how near each file is to the brief, best is 1."""
        query = [stem for stem in self._topic() if stem not in self.shelf.places] or self._topic()
        names = list(self.shelf.everything)
        scores = {
            name: score * self._naming(name)
            for name, score in zip(names, self.shelf.files.scores(query), strict=True)
            if self.coverage(self.shelf.everything[name]) >= _MIN_COVERAGE
        }
        best = max(scores.values(), default=0.0)
        return {name: scores.get(name, 0.0) / best if best else 0.0 for name in names}

    def _naming(self, name: str) -> float:
        """Return how plainly a file is named for the focus keyphrase, 0.3..1.5."""
        if self.shelf.titles[name].issuperset(self.focus):
            return 1.5
        return 0.3 + 0.7 * self.coverage(self.shelf.named[name])

    def _main(self) -> KnowledgeFile | None:
        """Return the file about the very thing, if there is one."""
        ranked = sorted(self.base.sources, key=lambda s: (-self.affinity[s.name], s.name))
        for source in ranked[:1]:
            named = self.shelf.named[source.name]
            if self.affinity[source.name] > 0 and self.coverage(named) >= _MIN_COVERAGE:
                return source
        return None

    def _is_fresh(self, passage: _Passage) -> bool:
        return not any(record_id in self.spent for record_id in passage.ids)

    def _is_on_subject(self, passage: _Passage) -> bool:
        """Say whether a passage belongs to the brief's subject and can be understood there."""
        if self.main is not None and passage.file == self.main.name:
            return True
        if self.affinity[passage.file] < _MIN_AFFINITY:
            return False
        # A file named for somebody or something else may use the same words of its own subject.
        source = passage.records[0].source
        shares_subject = not _is_named(source) or not self.topic.isdisjoint(
            self.shelf.titles[source.name]
        )
        least = _MIN_FOREIGN if passage.kind == "qa" else _MIN_COVERAGE
        said = passage.stems.union(self.stems(passage.heading))
        return shares_subject and self.coverage(said) >= least

    def _opening_score(self, passage: _Passage) -> float:
        if not self._is_on_subject(passage) or len(passage.records) < 2:
            return 0.0
        by_sentence = [self.coverage(set(self.stems(r.text))) for r in passage.records]
        keyphrase = max(by_sentence) + 0.5 * by_sentence[0]
        nth = self.shelf.nth[passage.home]
        is_main = self.main is not None and passage.file == self.main.name
        return (0.3 + keyphrase) * (0.5 + 1.5 * is_main) / (1 + 0.3 * nth)

    def _scores(self, query: Sequence[str]) -> dict[int, float]:
        return {
            id(passage): score * (0.25 + self.affinity[passage.file])
            for passage, score in zip(self.passages, self.shelf.bm25.scores(query), strict=True)
        }

    def _candidates(self, parts: list[_Part]) -> list[tuple[float, int, int]]:
        """Return (-score, section, passage) of every pair worth considering, best first."""
        tables = [self._part_scores(part) for part in parts]
        found = []
        for index, passage in enumerate(self.passages):
            fitting = [
                (table[id(passage)], number)
                for number, (part, table) in enumerate(zip(parts, tables, strict=True))
                if part.kind == passage.kind and self._answers(passage, part)
            ]
            best = max(fitting, default=(0.0, 0))[0]
            found += [
                (-score, number, index) for score, number in fitting if score > 0.6 * best > 0
            ]
        return sorted(found)

    def _part_scores(self, part: _Part) -> dict[int, float]:
        if part.file:
            found = self.shelf.bm25.scores(part.query)
            scores = {id(p): score for p, score in zip(self.passages, found, strict=True)}
        else:
            scores = self._scores(part.query + self.focus)
        if part.kind == "qa" and self.asked:
            asked = (id(p) for p in self.passages if p.kind == "qa" and self._is_asked(p))
            scores |= {key: scores[key] + 1000.0 for key in asked}
        return scores

    def _answers(self, passage: _Passage, part: _Part) -> bool:
        """Say whether a passage is about what a heading says, or what one of its terms says."""
        if part.kind == "qa" and self._is_asked(passage):
            return True
        if part.file:
            is_heading = part.file in self.shelf.owners.get(_key(part.heading), ())
            if passage.file != part.file:
                return False
            if is_heading:
                return _key(passage.heading) == _key(part.heading)
        elif not self._is_on_subject(passage):
            return False
        if part.kind == "spec" and _ASKS_PRICE.search(part.heading):
            return sum(bool(_PRICE.search(record.text)) for record in passage.records) >= 2
        if part.kind != "fact":
            return True
        said = passage.stems.union(self.stems(passage.heading))
        heading, terms = part.wanted[0], part.wanted[1:]
        own = heading - set(self.focus) or heading
        if own and self.coverage(said, own) >= _MIN_HEADING:
            return True
        return any(term <= said and not term <= set(self.focus) for term in terms if term)

    def _is_asked(self, passage: _Passage) -> bool:
        """Say whether a question of the business is one of the brief's."""
        have = set(self.stems(passage.records[0].key))
        return any(_is_same_question(want, have) for want in self.asked)

    def _section_file(self, part: _Part) -> str:
        """Return the file that a section's own words name.

        It is the one with this very heading, or, as a broad subject (`cycling in winter`) has
        sections on narrow ones (`bike lights`), another than the draft's.
        """
        owners = sorted(self.shelf.owners.get(_key(part.heading), ()))
        if owners:
            is_near = len(owners) == 1 and self.affinity[owners[0]] >= _MIN_AFFINITY
            return owners[0] if is_near else ""
        focus = set(self.focus)
        scores = self.shelf.files.scores(part.query)
        names = list(self.shelf.named)
        for score, name in sorted(zip(scores, names, strict=True), key=lambda x: (-x[0], x[1]))[:1]:
            named = set(self.shelf.named[name])
            told = [want for want in part.wanted if want - focus and want <= named]
            is_other = self.main is None or name != self.main.name
            if score > 0 and told and is_other:
                return name
        return ""

    def _fits(self, passage: _Passage, part: _Part) -> bool:
        if passage.ids[0] in self.chosen or not self._is_allowed(passage):
            return False
        if part.kind in ("step", "spec") and part.passages:
            return False
        if part.kind == "qa":
            return len(part.passages) < 4 and part.size < part.budget
        homes = {p.home for p in part.passages} | {passage.home}
        if len(homes) > 2 or part.size + passage.size > max(part.budget * 1.4, 110):
            return False
        return all(
            vectors.jaccard(passage.stems, other.stems) < _NEAR_DUPLICATE for other in part.passages
        )

    def _is_allowed(self, passage: _Passage) -> bool:
        """Say whether the draft stays two thirds its own with this passage in it."""
        return self._is_fresh(passage) or self._is_own(self.chosen.union(passage.ids))

    def _is_own(self, ids: Collection[str]) -> bool:
        """Say whether few enough of these records are in earlier drafts, together and in each."""
        chosen = set(ids)
        total = self._count(chosen)
        return self._count(chosen & self.spent) <= _SHARED * total and all(
            self._count(chosen & other) <= _SHARED * min(total, self._count(other))
            for other in self.earlier
        )

    def _count(self, ids: Collection[str]) -> int:
        return sum(self.weights[record_id] for record_id in ids)

    def _add(self, passage: _Passage, part: _Part) -> None:
        part.passages.append(passage)
        self.chosen.update(passage.ids)

    def _in_order(self, part: _Part) -> list[_Passage]:
        """Put the best source first and each source's passages in its own order."""
        rank: dict[str, int] = {}
        for passage in part.passages:
            rank.setdefault(passage.file, len(rank))
        return sorted(part.passages, key=lambda p: (rank[p.file], p.line))


def _passages(base: KnowledgeBase, language: str) -> Iterator[_Passage]:
    kinds = {RecordKind.POINT: "fact", RecordKind.QUOTE: "fact"}
    blocks: defaultdict[tuple[str, int], list[Record]] = defaultdict(list)
    for record in base.records:
        blocks[record.file, record.block].append(record)
    groups: list[list[Record]] = []
    for block in blocks.values():
        last = groups[-1][-1] if groups else None
        leans = block[0].kind is RecordKind.FACT and _LEANING.match(block[0].text)
        if leans and last is not None and _is_above(last, block[0]):
            groups[-1] += block
        elif not leans or block[0].kind is not RecordKind.FACT:
            groups.append(block)
    for group in groups:
        text = " ".join(f"{record.key} {record.text}" for record in group)
        kind = kinds.get(group[0].kind, str(group[0].kind))
        stems = frozenset(words.content_stems(text, language))
        yield _Passage(kind, tuple(group), stems, words.count(text))


def _is_named(source: KnowledgeFile) -> bool:
    return source.data.get("title") is not None or bool(source.terms)


def _is_above(last: Record, record: Record) -> bool:
    same = last.file == record.file and last.heading == record.heading
    return same and last.kind is RecordKind.FACT


def _weight(record: Record) -> int:
    """Return how many sentences a reader counts in a record."""
    return 1 if record.kind is RecordKind.SPEC else max(len(sentences.split(record.text)), 1)


def _placed(parts: list[_Part], part: _Part) -> list[_Part]:
    """Put a section among the others: prose before steps, tables and questions at the end."""
    order = ("fact", "step", "spec", "qa")
    rank = order.index(part.kind)
    at = next((i for i, p in enumerate(parts) if order.index(p.kind) > rank), len(parts))
    return [*parts[:at], part, *parts[at:]]


def _draft(desk: _Desk, parts: list[_Part], missing: list[_Part]) -> Draft:
    brief = desk.brief
    sections = tuple(
        DraftSection(
            part.heading,
            part.kind,
            tuple(
                Sentence(_standing(record), record.id)
                for passage in part.passages
                for record in passage.records
            ),
        )
        for part in parts
    )
    faq = tuple(
        FaqItem(record.key, record.text)
        for part in parts
        if part.kind == "qa"
        for passage in part.passages
        for record in passage.records
    )
    return Draft(
        title=brief.title,
        body="\n\n".join(_rendered(part, desk.language) for part in parts) + "\n" * bool(parts),
        meta_title=_clipped(brief.title, _TITLE_MAX),
        meta_description=_description(desk, parts),
        keywords=brief.keywords,
        sections=sections,
        faq=faq,
        structure_data=_structure_data(desk),
        gaps=tuple(_gaps(desk, parts, missing, faq)),
    )


def _standing(record: Record) -> str:
    """Return a record as it stands in a body, without markup."""
    if record.kind is RecordKind.SPEC:
        return f"{record.key}: {record.text}"
    return record.text


def _rendered(part: _Part, language: str) -> str:
    pieces = [f"## {_escaped(part.heading)}"] if part.heading else []
    for passage in part.passages:
        pieces += _passage_pieces(passage, language)
    return "\n\n".join(pieces)


def _passage_pieces(passage: _Passage, language: str) -> Iterator[str]:
    texts = [_escaped(record.text) for record in passage.records]
    kind = passage.records[0].kind
    if kind is RecordKind.STEP:
        yield "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))
    elif kind is RecordKind.POINT:
        yield "\n".join(f"- {text}" for text in texts)
    elif kind is RecordKind.QUOTE:
        yield "> " + " ".join(texts)
    elif kind is RecordKind.QA:
        yield f"### {_escaped(passage.records[0].key)}"
        yield texts[0]
    elif kind is RecordKind.SPEC:
        left, right = _TABLE_HEADS.get(language, _TABLE_HEADS["en"])
        keys = (_escaped(record.key) for record in passage.records)
        rows = [f"| {key} | {text} |" for key, text in zip(keys, texts, strict=True)]
        yield "\n".join([f"| {left} | {right} |", "| --- | --- |", *rows])
    else:
        yield from _paragraphs(passage.records)


def _paragraphs(records: Sequence[Record]) -> Iterator[str]:
    """Write a paragraph a block, and two of a block longer than four sentences."""
    blocks: defaultdict[int, list[str]] = defaultdict(list)
    for record in records:
        blocks[record.block].append(_escaped(record.text))
    for texts in blocks.values():
        half = (len(texts) + 1) // 2 if len(texts) > 4 else len(texts)
        for piece in (texts[:half], texts[half:]):
            if piece:
                yield " ".join(piece)


def _escaped(text: str) -> str:
    text = _ENTITY.sub("&amp;", _MARKUP.sub(r"\\\1", text))
    return (
        _BLOCK_MARK.sub(lambda found: _unmarked(found[1]), text, count=1)
        if (_BLOCK_MARK.match(text))
        else text
    )


def _unmarked(mark: str) -> str:
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _is_same_question(wanted: set[str], have: set[str]) -> bool:
    return bool(wanted) and len(wanted & have) >= 0.7 * len(wanted)


def _key(heading: str) -> str:
    return " ".join(words.tokens(heading))


def _clipped(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    for mark in (": ", " – ", " | ", ", "):
        if mark in head and head.rindex(mark) >= limit // 2:
            return head[: head.rindex(mark)]
    return head.rsplit(" ", 1)[0].rstrip(",;:–- ") if " " in head else text[:limit]


def _description(desk: _Desk, parts: list[_Part]) -> str:
    """Find 121 to 156 characters of the draft that stand alone and hold the keyphrase.

    Neighbouring sentences are best, then two that stand alone, then one cut after a clause.
    """

    def named(said: set[str]) -> float:
        return desk.coverage(said, desk.stems(desk.brief.title))

    found: list[tuple[float, int, str]] = []
    alone: list[tuple[float, str]] = []
    prose = [p for part in parts for p in part.passages if p.kind in ("fact", "qa")]
    for nth, passage in enumerate(prose):
        texts = [
            sentence for record in passage.records for sentence in sentences.split(record.text)
        ]
        for start, text in enumerate(texts):
            leans = _LEANING.match(text) or _REFERRING.search(text[:_OPENING])
            if not leans and not (start and text.startswith("The ")):
                cost = 0.1 * nth + 0.1 * bool(start) + 0.3 * (passage.kind == "qa")
                alone.append((cost, text))
                for candidate, more in _descriptions(texts[start:]):
                    found.append((cost + more, len(found), candidate))
    for (cost, first), (more, second) in combinations(alone[:16], 2):
        found.append((0.2 + cost + more, len(found), f"{first} {second}"))
    ranked = sorted(
        (
            cost - desk.coverage(said := set(desk.stems(candidate))) - 0.3 * named(said),
            nth,
            candidate,
        )
        for cost, nth, candidate in found
        if _DESCRIPTION_MIN <= len(candidate) <= _DESCRIPTION_MAX
    )
    if ranked:
        return ranked[0][2]
    short = [text for _, text in alone if len(text) <= _DESCRIPTION_MAX]
    return max(short, key=len, default="")


def _descriptions(texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield runs of whole sentences, and runs whose last one ends after a clause."""
    whole = ""
    for text in texts:
        longer = f"{whole} {text}".strip()
        if len(longer) > _DESCRIPTION_MAX:
            for found in _CLAUSE_END.finditer(longer, len(whole) + 25, _DESCRIPTION_MAX):
                yield f"{longer[: found.start()]}.", 0.15
            return
        yield longer, 0.0
        whole = longer


def _structure_data(desk: _Desk) -> dict[str, object]:
    source, entity = desk.main, desk.brief.entity_type
    if source is None or source.kind != entity:
        return {}
    fields = _STRUCTURE_FIELDS.get(entity, ())
    return {name: source.data[name] for name in fields if source.data.get(name) is not None}


def _gaps(
    desk: _Desk, parts: list[_Part], missing: list[_Part], faq: Sequence[FaqItem]
) -> Iterator[str]:
    brief = desk.brief
    if desk.main is None and not parts:
        subject = brief.keywords[0] if brief.keywords else brief.title
        yield f"No knowledge file is about “{subject}”. What should readers know?"
    elif desk.main is not None and not parts:
        told = desk.main.title
        yield f"Other drafts tell all that the knowledge files say of “{told}”. What is new here?"
    for part in missing:
        yield (
            f"“{part.heading}” was left out: the knowledge files say too little. "
            f"What should it tell the reader?"
        )
    answered = [set(desk.stems(item.question)) for item in faq]
    has_price = any(
        record.kind is RecordKind.SPEC and _PRICE.search(record.text)
        for part in parts
        for passage in part.passages
        for record in passage.records
    )
    for question in brief.questions:
        wanted = set(desk.stems(question))
        is_priced = has_price and _ASKS_PRICE.search(question)
        if not is_priced and not any(_is_same_question(wanted, have) for have in answered):
            yield f"No answer was found to “{question}”. How do you answer it?"
    if desk.main is not None:
        for name in _EXPECTED_FIELDS.get(brief.entity_type, ()):
            if desk.main.data.get(name) in (None, "", []):
                label = name.replace("_", " ")
                yield f"{desk.main.name} states no {label} for “{desk.main.title}”. What is it?"
    ids = desk.chosen
    for contradiction in desk.base.contradictions:
        if any(place in ids for place in contradiction.places):
            said = " / ".join(dict.fromkeys(contradiction.values))
            where = ", ".join(contradiction.places)
            yield (
                f"The knowledge files contradict each other on “{contradiction.what}”: "
                f"{said} ({where}). Which is right?"
            )
    least, _ = _LENGTHS.get(brief.entity_type, _LENGTHS["page"])
    size = sum(part.size for part in parts)
    if size < least:
        yield (
            f"The draft has {size} words, a {brief.entity_type} should have {least}. "
            f"What else is there to say?"
        )
