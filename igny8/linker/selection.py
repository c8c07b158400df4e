"""Chooses among the candidates of a whole site, under all caps. Finds none and writes none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from igny8.linker.graph import Graph
from igny8.linker.types import Candidate, Limits, Reason, Rejection, Selection, Suggestions


def select(suggestions: Iterable[Suggestions], graph: Graph, limits: Limits) -> Selection:
    """Return the links that a run over these pages adds, best scores first under the caps.

    The same input gives the same choice in any order of `suggestions`; links that stand in
    `graph` count. Chosen candidates come by source and place.
    """
    pages = sorted(suggestions, key=lambda page: page.source_id)
    ranked = sorted(
        (candidate for page in pages for candidate in page.candidates),
        key=lambda c: (-c.score, c.source_id, c.start, c.target_id),
    )
    choice = _Choice(pages, graph, limits)
    waiting = ranked
    while waiting:  # an anchor of other words may make room for one more exact match
        left = [candidate for candidate in waiting if choice.offer(candidate)]
        if len(left) == len(waiting) or not choice.added:
            break
        choice.added = False
        waiting = left
    rejections = [rejection for page in pages for rejection in page.rejections]
    rejections += choice.rejections(ranked)
    return Selection(
        chosen=tuple(sorted(choice.chosen, key=lambda c: (c.source_id, c.start))),
        rejections=tuple(sorted(rejections, key=lambda r: (r.source_id, r.target_id))),
    )


class _Choice:
    """What is chosen so far, and the room that is left."""

    def __init__(self, pages: Sequence[Suggestions], graph: Graph, limits: Limits) -> None:
        self.chosen: list[Candidate] = []
        self.added = False
        self._limits = limits
        self._reasons: dict[tuple[str, str], tuple[Reason, str]] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._room = {page.source_id: _room(page, limits) for page in pages}
        self._paragraphs = Counter(
            {
                (page.source_id, paragraph): links
                for page in pages
                for paragraph, links in page.linked_paragraphs.items()
            }
        )
        targets = {candidate.target_id for page in pages for candidate in page.candidates}
        self._incoming = {target: len(graph.incoming.get(target, ())) for target in targets}
        self._exact = {target: graph.exact_count(target) for target in targets}
        self._made = {target: graph.made_count(target) for target in targets}

    def offer(self, candidate: Candidate) -> bool:
        """Choose the candidate if it may be; return whether it may be offered again later."""
        pair = (candidate.source_id, candidate.target_id)
        if pair in self._pairs:
            return False
        reason = self._refusal(candidate)
        if reason is not None:
            self._reasons.setdefault(pair, (reason, candidate.anchor))
            return reason is Reason.EXACT_SHARE
        self.chosen.append(candidate)
        self.added = True
        self._pairs.add(pair)
        room = self._room[candidate.source_id]
        self._room[candidate.source_id] = None if room is None else room - 1
        self._paragraphs[candidate.source_id, candidate.paragraph] += 1
        self._incoming[candidate.target_id] += 1
        self._made[candidate.target_id] += 1
        self._exact[candidate.target_id] += candidate.is_exact
        return False

    def _refusal(self, candidate: Candidate) -> Reason | None:
        limits, target = self._limits, candidate.target_id
        room = self._room[candidate.source_id]
        if room is not None and room <= 0:
            return Reason.PAGE_CAP
        standing = self._paragraphs[candidate.source_id, candidate.paragraph]
        if limits.per_paragraph is not None and standing >= limits.per_paragraph:
            return Reason.PARAGRAPH_CAP
        if limits.incoming_per_run is not None and self._made[target] >= limits.incoming_per_run:
            return Reason.INCOMING_CAP
        if limits.exact_share is not None and candidate.is_exact:
            allowed = max(1, int(limits.exact_share * (self._incoming[target] + 1)))
            if self._exact[target] + 1 > allowed:
                return Reason.EXACT_SHARE
        return None

    def rejections(self, ranked: Iterable[Candidate]) -> list[Rejection]:
        """Return why each pair that was offered in vain was refused."""
        pairs = {(candidate.source_id, candidate.target_id) for candidate in ranked}
        return [
            Rejection(*pair, *self._reasons[pair])
            for pair in sorted(pairs - self._pairs)
            if pair in self._reasons
        ]


def _room(page: Suggestions, limits: Limits) -> int | None:
    """Return how many links the page may still get; a short page may hold one."""
    caps = []
    if limits.per_words is not None:
        caps.append(max(1, page.word_count // limits.per_words))
    if limits.per_page is not None:
        caps.append(limits.per_page)
    return min(caps) - page.link_count if caps else None
