"""Which links a page could get, ranked by named signals, and why the others not. Adds nothing.

The choice among candidates over a whole site, under all caps, is `selection`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from igny8.linker.anchors import Place, Stretch, hidden_texts, places
from igny8.linker.graph import Graph
from igny8.linker.index import Entry, Index, content_terms
from igny8.linker.injection import scan, target_of
from igny8.linker.phrases import Kind, normal, stems_in
from igny8.linker.scanning import Scan, Span
from igny8.linker.types import Candidate, Limits, Page, Reason, Rejection, Suggestions
from igny8.text.vectors import Vector, cosine
from igny8.text.words import base_language

# What a full signal adds to the score. Fitted by logistic regression on links that people made,
# then scaled so that 0.5 parts links from non-links, and rounded.
WEIGHTS: Mapping[str, float] = {
    "phrase": 0.22,
    "rarity": 0.20,
    "length": 0.12,
    "case": 0.12,
    "similarity": 0.25,
    "reference": 0.20,
    "habit": 0.20,
    "cluster": 0.12,
    "orphan": 0.05,
    "depth": 0.03,
    "equity": 0.02,
}
_FULL_SIMILARITY = 0.35
_STEM_MATCH = 0.85
_LENGTHS = {1: 0.0, 2: 0.6}
_NEUTRAL = 0.5
_SIBLING = 0.6
_MIN_CONTEXT = 8
_DEEP = 3
_HEALTHY = 3
_WEIGHTIEST = (
    Reason.ALREADY_LINKED,
    Reason.SELF,
    Reason.NOT_LINKABLE,
    Reason.OTHER_LOCALE,
    Reason.LOW_RELEVANCE,
    Reason.BETTER_TARGET,
    Reason.UNNATURAL_ANCHOR,
    Reason.FORBIDDEN_PLACE,
    Reason.NOT_IN_TEXT,
)
_SITE_ADDRESS = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:|//|#)|igny8:")
_LINK_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)|<[^<>]*>|[*_]")
_CUE_REACH = 160
_CUE_ENDS = ".;:!?()[]\n"
_CUE = re.compile(
    r"(?:^|[,—–]|\band|\balso)\s*"
    r"(?:see|compare|cf|refer to|consult|read more (?:about|on|in)|learn more about|more on|"
    r"siehe|vgl|vergleiche|mehr zu|voir|véase|ver también|zie)\b",
    re.IGNORECASE,
)


def suggest(
    page: Page, index: Index, graph: Graph, limits: Limits, seen: Scan | None = None
) -> Suggestions:
    """Return the links that `page` could get by its text, best first, caps not yet applied.

    `index` and `graph` hold the site, `page` with them or not; `seen` is the body's scan if it was
    scanned before. Hard rules are applied here: never
    to itself, to what is not linkable, across locales, or to what is linked already.
    """
    seen = seen or scan(page.body, page.body_format)
    search = _Search(page, seen, index, graph)
    candidates = []
    for place in search.places():
        if search.relevance(place) >= limits.minimum_score:
            candidates.append(search.candidate(place))
        else:
            search.note(place.phrase.target_id, Reason.LOW_RELEVANCE, place.anchor)
    search.note_unseen()
    kept = {candidate.target_id for candidate in candidates}
    return Suggestions(
        source_id=page.id,
        candidates=tuple(sorted(candidates, key=lambda c: (-c.score, c.start, c.target_id))),
        rejections=tuple(
            Rejection(page.id, target, reason, anchor)
            for target, (reason, anchor) in sorted(search.reasons.items())
            if target not in kept
        ),
        word_count=sum(len(page.body[a:b].split()) for a, b in seen.texts),
        link_count=sum(1 for link in seen.links if _SITE_ADDRESS.match(link.href)),
        linked_paragraphs=dict(sorted(Counter(link.paragraph for link in seen.links).items())),
    )


class _Search:
    """One page's text against the index."""

    def __init__(self, page: Page, seen: Scan, index: Index, graph: Graph) -> None:
        self.page = page
        self.seen = seen
        self.index = index
        self.graph = graph
        self.language = base_language(page.locale)
        self.reasons: dict[str, tuple[Reason, str]] = {}
        self.linked = set(graph.targets.get(page.id, ()))
        self.linked |= {target for link in seen.links if (target := target_of(link.href))}
        self._stretches = [self._stretch(span) for span in seen.spans]
        entry = index.entries.get(page.id)
        self._about = index.vector(entry) if entry else self._weigh(self._stretches)
        self._paragraphs = self._by_paragraph()
        self._contexts: dict[int, Vector] = {}
        self._similarities: dict[tuple[int, str], float] = {}
        self._rated: dict[tuple[int, str], dict[str, float]] = {}
        self._top_rank = max(graph.rank.values(), default=0.0)

    def note(self, target_id: str, reason: Reason, anchor: str = "") -> None:
        """Keep why a target is not linked; of several reasons the weightiest stays."""
        known = self.reasons.get(target_id)
        if known is None or _WEIGHTIEST.index(reason) < _WEIGHTIEST.index(known[0]):
            self.reasons[target_id] = (reason, anchor)

    def places(self) -> list[Place]:
        """Return the places that may become links, one target a place."""
        rivals: dict[int, list[Place]] = {}
        for phrase, place in places(self.page.body, self._stretches, self.index, self.language):
            if place is None:
                self.note(phrase.target_id, Reason.UNNATURAL_ANCHOR, phrase.text)
            else:
                rivals.setdefault(place.word, []).append(place)
        return [found for group in rivals.values() if (found := self._best(group))]

    def _best(self, rivals: Sequence[Place]) -> Place | None:
        allowed = []
        for place in rivals:
            target = self.index.entries[place.phrase.target_id]
            reason = self._refusal(target)
            if reason is None:
                allowed.append(place)
            else:
                self.note(target.id, reason, place.anchor)
        own = [place for place in rivals if place.phrase.target_id == self.page.id]
        if own:  # the words name this very page, unless they are another's to the letter
            is_own = any(map(_is_literal, own))
            fitting = [] if is_own else [place for place in allowed if _is_literal(place)]
        else:
            fitting = allowed
        best = max(
            fitting,
            key=lambda p: (_is_literal(p), self.relevance(p), p.phrase.target_id),
            default=None,
        )
        for place in allowed:
            if place is not best:
                self.note(place.phrase.target_id, Reason.BETTER_TARGET, place.anchor)
        if best and best.phrase.target_id in self.linked:
            self.note(best.phrase.target_id, Reason.ALREADY_LINKED, best.anchor)
            return None
        return best

    def _refusal(self, target: Entry) -> Reason | None:
        if target.id == self.page.id:
            return Reason.SELF
        if not target.is_linkable:
            return Reason.NOT_LINKABLE
        if target.locale.casefold() != self.page.locale.casefold():
            return Reason.OTHER_LOCALE
        return None

    def note_unseen(self) -> None:
        """Note the targets that are named only where no link may stand, and silent siblings."""
        for start, end in hidden_texts(self.seen):
            stems = stems_in(self.page.body, self.language, start, end)
            for _, key in self.index.named(stems, self.language):
                for phrase in self.index.phrases(key, self.language):
                    if phrase.target_id != self.page.id:
                        self.note(phrase.target_id, Reason.FORBIDDEN_PLACE, phrase.text)
        for target in self.index.cluster(self.page.cluster_id) if self.page.cluster_id else ():
            if target != self.page.id and target not in self.linked:
                self.note(target, Reason.NOT_IN_TEXT)

    def relevance(self, place: Place) -> float:
        """Return the part of the score that makes a link relevant, rather than wanted."""
        return round(sum(self._rating(place).values()), 4)

    def candidate(self, place: Place) -> Candidate:
        """Return the place as a candidate, with its whole score."""
        target = self.index.entries[place.phrase.target_id]
        shares = {**self._rating(place), **_shares(self._site_signals(target))}
        return Candidate(
            source_id=self.page.id,
            target_id=target.id,
            anchor=place.anchor,
            start=place.start,
            end=place.end,
            score=round(sum(shares.values()), 4),
            signals=shares,
            paragraph=place.paragraph,
            is_exact=self.index.is_exact(target.id, place.anchor),
        )

    def _rating(self, place: Place) -> dict[str, float]:
        key = (place.start, place.phrase.target_id)
        if key not in self._rated:
            target = self.index.entries[place.phrase.target_id]
            self._rated[key] = _shares(self._text_signals(place, target))
        return self._rated[key]

    def _text_signals(self, place: Place, target: Entry) -> dict[str, float]:
        phrase = place.phrase
        return {
            "phrase": phrase.weight * (1.0 if _is_literal(place) else _STEM_MATCH),
            "rarity": self.index.rarity(phrase.key, self.language),
            "length": _LENGTHS.get(len(phrase.key), 1.0),
            "case": self._case(place),
            "similarity": min(1.0, self._similarity(place, target) / _FULL_SIMILARITY),
            "habit": self.index.habit(phrase),
            "reference": float(self._is_referred_to(place.start)),
            "cluster": self._cluster(target),
        }

    def _site_signals(self, target: Entry) -> dict[str, float]:
        graph, page = self.graph, self.page
        need = 1.0 - min(graph.incoming_count(target.id), _HEALTHY) / _HEALTHY
        is_deep = bool(graph.depth) and graph.depth.get(target.id, _DEEP + 1) > _DEEP
        equity = graph.rank.get(page.id, 0.0) / self._top_rank if self._top_rank else 0.0
        return {"orphan": need, "depth": float(is_deep), "equity": equity}

    def _cluster(self, target: Entry) -> float:
        page = self.page
        if page.cluster_id is None or page.cluster_id != target.cluster_id:
            return 0.0
        return 1.0 if page.is_pillar or target.is_pillar else _SIBLING

    def _case(self, place: Place) -> float:
        """Return how well the capitals agree: names like `NeWS` must, a plain word's may."""
        name, anchor = place.phrase.text, place.anchor
        if any(char.isupper() for char in name[1:].replace(" ", "")) and not name.istitle():
            return 1.0 if anchor == name or anchor.removesuffix("s") == name else 0.0
        if place.phrase.kind is Kind.KEYWORD or name[0].isupper() == anchor[0].isupper():
            return _NEUTRAL
        if anchor[0].isupper():
            return _NEUTRAL if self._begins_sentence(place.start) else 0.0
        return _NEUTRAL if self.index.has_capitalised_titles else 0.0

    def _is_referred_to(self, start: int) -> bool:
        """Say whether the sentence sends the reader there: see, compare, learn more about."""
        before = self.page.body[max(0, start - 3 * _CUE_REACH) : start]
        if "<" in before or "](" in before:  # the links of a run must not change what the next sees
            before = _LINK_MARKUP.sub(r"\1", before)
        before = before[-_CUE_REACH:].replace("cf.", "cf").replace("vgl.", "vgl")
        sentence = before[max(map(before.rfind, _CUE_ENDS)) + 1 :]
        return _CUE.search(sentence) is not None

    def _begins_sentence(self, start: int) -> bool:
        before = self.page.body[max(0, start - 8) : start].rstrip(" \t\"'“‘([*_>")
        return not before or before[-1] in ".!?:\n\r"

    def _similarity(self, place: Place, target: Entry) -> float:
        key = (place.paragraph, target.id)
        if key not in self._similarities:
            about = self.index.vector(target)
            value = cosine(self._about, about)
            if len(self._paragraphs) > 1:
                context = self._context(place.paragraph)
                value = (value + cosine(context, about)) / 2 if context else value
            self._similarities[key] = value
        return self._similarities[key]

    def _context(self, paragraph: int) -> Vector:
        if paragraph not in self._contexts:
            vector = self._weigh(self._paragraphs.get(paragraph, []))
            self._contexts[paragraph] = vector if len(vector) >= _MIN_CONTEXT else {}
        return self._contexts[paragraph]

    def _by_paragraph(self) -> dict[int, list[Stretch]]:
        paragraphs: dict[int, list[Stretch]] = {}
        for stretch in self._stretches:
            paragraphs.setdefault(stretch.span.paragraph, []).append(stretch)
        return paragraphs

    def _weigh(self, stretches: Sequence[Stretch]) -> Vector:
        stems = [stem for stretch in stretches for stem in stretch.stems]
        return self.index.weigh(content_terms(stems), self.language)

    def _stretch(self, span: Span) -> Stretch:
        return Stretch(span, stems_in(self.page.body, self.language, span.start, span.end))


def _shares(signals: Mapping[str, float]) -> dict[str, float]:
    return {name: round(WEIGHTS[name] * value, 4) for name, value in signals.items()}


def _is_literal(place: Place) -> bool:
    return normal(place.anchor) == normal(place.phrase.text)
