"""Group keywords into clusters that one page can answer. Pure: no store, no AI, no clock.

Variants of one keyword are merged, the rest become nodes of a nearest-neighbour graph that the
constant Potts model parts (`communities`). How many clusters there are follows from the keywords;
what fits nowhere is handed back with its reason. Order and repetition of the input change nothing.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from igny8.planner import keyword_vectors
from igny8.planner.communities import communities, symmetric
from igny8.planner.normalise import normalise, variant_key
from igny8.text import vectors, words

Granularity = Literal["fine", "page", "topic"]

# Mean similarity that holds a cluster of a list of 1,000 together: finer needs more. In a shorter
# list every shared word is rarer and all similarities higher, in a longer one lower.
_RESOLUTION: Mapping[Granularity, float] = {"fine": 0.3, "page": 0.15, "topic": 0.05}
_SHORTEST, _USUAL, _LONGEST = 50, 1_000, 20_000
_BY_LENGTH = 0.25
_NEIGHBOURS = 10
_LEAST_SIMILARITY = 0.2
# A member that resembles the others less than this leaves; whoever is alone joins from here on.
_LEAST_FIT_TO_STAY = 0.25
_LEAST_FIT_TO_JOIN = 0.4
# Topics are clusters of clusters.
_TOPIC_RESOLUTION = 0.03
_TOPIC_NEIGHBOURS = 6
_LEAST_TOPIC_SIMILARITY = 0.06
# Informational and transactional keywords are parted where each side can fill a page.
_LEAST_SIDE = 4
_EXPLAINING, _BUYING = "informational", "transactional"
# Of the members that are this close to the most typical one, the best becomes the pillar.
_TYPICAL = 0.8
_MAX_LABEL_WORDS = 6
_UNTITLED = re.compile(r"\bnear (?:me|by)\b|\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A keyword to be placed. `locked_to` is the label of the cluster a person put it in."""

    text: str
    volume: int | None = None
    intents: tuple[str, ...] = ()
    locked_to: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A keyword in its cluster. `confidence` 0..1 is its similarity to the other members.

    `variant_of` is the member that it merely spells otherwise: the same searches, counted twice.
    """

    text: str
    confidence: float
    variant_of: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Keywords for one page. `pillar` is the member to target first, `topic` groups clusters.

    `volume` is searches a month, variants of one keyword counted once.
    """

    label: str
    pillar: str
    members: tuple[Member, ...]
    topic: str
    volume: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Unclustered:
    """A keyword that fits no cluster, why, and how sure that is (0..1)."""

    text: str
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Clustering:
    """All keywords placed: clusters by volume, largest first; the rest by text."""

    clusters: tuple[Cluster, ...]
    unclustered: tuple[Unclustered, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """One keyword with its variants, the one to show first."""

    variants: tuple[Candidate, ...]
    locked_to: str | None

    @property
    def text(self) -> str:
        return self.variants[0].text

    @property
    def volume(self) -> int:
        return max(variant.volume or 0 for variant in self.variants)

    def has_only(self, intent: str, but_not: str) -> bool:
        kinds = {kind for variant in self.variants for kind in variant.intents}
        return intent in kinds and but_not not in kinds


@dataclass(frozen=True, slots=True)
class _Loner:
    """A node in no group, and the nearest one."""

    node: _Node
    similarity: float
    group: int | None


def cluster(
    keywords: Iterable[Candidate],
    granularity: Granularity = "page",
    *,
    language: str = "en",
    places: Collection[str] = (),
) -> Clustering:
    """Group `keywords`; `places` names towns and areas, which never make a subject.

    Keywords locked to one label stay together and apart from those of another; others may join
    them. Takes about 1 ms a keyword.
    """
    nodes = _nodes(keywords, language)
    rows = keyword_vectors.rows([node.text for node in nodes], language, places)
    near = vectors.neighbours(rows, _NEIGHBOURS, _LEAST_SIMILARITY)
    anchors = {i: node.locked_to for i, node in enumerate(nodes) if node.locked_to is not None}
    found = communities(symmetric(near), _resolution(granularity, len(nodes)), anchors)
    groups = _by_group(found)
    groups = [part for group in groups for part in _parted(group, nodes, rows)]
    groups, alone = _settled(groups, nodes, rows, near)
    return _named(groups, alone, nodes, rows)


def _resolution(granularity: Granularity, length: int) -> float:
    length = min(max(length, _SHORTEST), _LONGEST)
    return _RESOLUTION[granularity] * math.pow(_USUAL / length, _BY_LENGTH)


def _nodes(keywords: Iterable[Candidate], language: str) -> list[_Node]:
    by_key: defaultdict[str, dict[str, Candidate]] = defaultdict(dict)
    # Of two with one text the last stays: the locked one, then the one with more volume.
    for candidate in sorted(
        keywords, key=lambda c: (c.text, c.locked_to or "", c.volume or 0, c.intents)
    ):
        by_key[variant_key(candidate.text, language)][candidate.text] = candidate
    nodes = []
    for variants in by_key.values():
        locks = sorted({c.locked_to for c in variants.values() if c.locked_to is not None})
        first = locks[0] if locks else None
        by_lock: defaultdict[str | None, list[Candidate]] = defaultdict(list)
        for candidate in variants.values():
            by_lock[candidate.locked_to or first].append(candidate)
        for lock, own in by_lock.items():
            nodes.append(_Node(tuple(sorted(own, key=_shown_first)), lock))
    return sorted(nodes, key=lambda node: (normalise(node.text), node.text))


def _shown_first(candidate: Candidate) -> tuple[int, int, str]:
    return -(candidate.volume or 0), len(candidate.text), candidate.text


def _by_group(group_of: Sequence[int]) -> list[list[int]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for node, group in enumerate(group_of):
        groups[group].append(node)
    return list(groups.values())


class _Centre:
    """The mean direction of some rows."""

    def __init__(self, rows: Iterable[vectors.Vector]) -> None:
        self._total: defaultdict[str, float] = defaultdict(float)
        for row in rows:
            for term, value in row.items():
                self._total[term] += value
        self._square = sum(value * value for value in self._total.values())

    def similarity(self, row: vectors.Vector, *, is_member: bool = False) -> float:
        """Cosine of `row` and the mean; of a member, and the mean of the others."""
        dot = sum(value * self._total.get(term, 0.0) for term, value in row.items())
        square = self._square
        if is_member and row:
            square, dot = square - 2 * dot + 1.0, dot - 1.0
        return min(max(dot / math.sqrt(square), 0.0), 1.0) if square > 1e-9 else 0.0

    def unit(self) -> vectors.Vector:
        return vectors.unit(dict(sorted(self._total.items())))


def _parted(
    group: list[int], nodes: Sequence[_Node], rows: Sequence[vectors.Vector]
) -> list[list[int]]:
    """Part those who want to know from those who want to buy, if either could fill a page."""
    asking = [i for i in group if nodes[i].has_only(_EXPLAINING, _BUYING)]
    buying = [i for i in group if nodes[i].has_only(_BUYING, _EXPLAINING)]
    is_locked = any(nodes[i].locked_to is not None for i in group)
    if is_locked or min(len(asking), len(buying)) < _LEAST_SIDE:
        return [group]
    to_ask, to_buy = (_Centre(rows[i] for i in side) for side in (asking, buying))
    decided = {*asking, *buying}
    for i in group:
        if i not in decided:
            is_asking = to_ask.similarity(rows[i]) > to_buy.similarity(rows[i])
            (asking if is_asking else buying).append(i)
    return [sorted(asking), sorted(buying)]


def _settled(
    groups: Sequence[list[int]],
    nodes: Sequence[_Node],
    rows: Sequence[vectors.Vector],
    near: Sequence[Sequence[vectors.Neighbour]],
) -> tuple[list[list[int]], list[_Loner]]:
    """Return the groups that stand and the nodes that stay alone.

    Weak members leave, then whoever is alone joins the best group near by, if it fits.
    """
    standing: list[list[int]] = []
    alone: list[int] = []
    for group in groups:
        centre = _Centre(rows[i] for i in group)
        kept = [
            i
            for i in group
            if nodes[i].locked_to is not None
            or centre.similarity(rows[i], is_member=True) >= _LEAST_FIT_TO_STAY
        ]
        is_group = len(kept) > 1 or any(nodes[i].locked_to is not None for i in kept)
        if is_group:
            standing.append(kept)
        alone += [i for i in group if not is_group or i not in kept]
    group_of = {i: n for n, group in enumerate(standing) for i in group}
    centres = [_Centre(rows[i] for i in group) for group in standing]
    left: list[_Loner] = []
    for i in sorted(alone):
        fits = [
            (centres[n].similarity(rows[i]), -n)
            for n in {group_of[other] for other, _ in near[i] if other in group_of}
        ]
        best, number = max(fits, default=(0.0, 0))
        if best >= _LEAST_FIT_TO_JOIN:
            standing[-number].append(i)
        else:
            left.append(_Loner(nodes[i], best, -number if fits else None))
    return standing, left


def _named(
    groups: Sequence[list[int]],
    alone: Sequence[_Loner],
    nodes: Sequence[_Node],
    rows: Sequence[vectors.Vector],
) -> Clustering:
    centres = [_Centre(rows[i] for i in group) for group in groups]
    volumes = [sum(nodes[i].volume for i in group) for group in groups]
    fits = [
        {i: centre.similarity(rows[i], is_member=True) for i in group}
        for group, centre in zip(groups, centres, strict=True)
    ]
    pillars = [_pillar(fit, nodes) for fit in fits]
    locks = [_lock(group, nodes) for group in groups]
    taken = {normalise(lock) for lock in locks if lock is not None}
    labels = [
        lock if lock is not None else _label(nodes[pillar].text, fit, nodes, taken)
        for lock, pillar, fit in zip(locks, pillars, fits, strict=True)
    ]
    topics = _topics([centre.unit() for centre in centres], volumes, labels)
    clusters = []
    for n, group in enumerate(groups):
        ranked = sorted(group, key=lambda i: (i != pillars[n], -fits[n][i], nodes[i].text))
        clusters.append(
            Cluster(
                label=labels[n],
                pillar=nodes[pillars[n]].text,
                members=tuple(m for i in ranked for m in _members(nodes[i], fits[n][i])),
                topic=topics[n],
                volume=volumes[n],
                is_locked=locks[n] is not None,
            )
        )
    clusters.sort(key=lambda c: (-c.volume, c.label))
    unclustered = [entry for loner in alone for entry in _unplaced(loner, labels)]
    return Clustering(tuple(clusters), tuple(sorted(unclustered, key=lambda u: u.text)))


def _lock(group: Iterable[int], nodes: Sequence[_Node]) -> str | None:
    return next((lock for i in group if (lock := nodes[i].locked_to) is not None), None)


def _label(
    pillar: str, members: Iterable[int], nodes: Sequence[_Node], taken: Collection[str]
) -> str:
    """Return the pillar, or the best member whose text no locked cluster has as its label."""
    ranked = [pillar, *(nodes[i].text for i in sorted(members, key=lambda i: _order(nodes[i])))]
    return next((text for text in ranked if normalise(text) not in taken), f"{pillar} (2)")


def _pillar(fits: Mapping[int, float], nodes: Sequence[_Node]) -> int:
    """Return the member that a person would call the page: typical, searched for, well-formed."""
    least = _TYPICAL * max(fits.values())
    return min((i for i, fit in fits.items() if fit >= least), key=lambda i: _order(nodes[i]))


def _order(node: _Node) -> tuple[float, int, str]:
    tokens = words.tokens(node.text)
    form = 1.0 if 2 <= len(tokens) <= _MAX_LABEL_WORDS else 0.6
    if (tokens and words.is_stop(tokens[0])) or _UNTITLED.search(node.text.casefold()):
        form *= 0.5
    return -math.log(2 + node.volume) * form, len(node.text), node.text


def _topics(
    centres: Sequence[vectors.Vector], volumes: Sequence[int], labels: Sequence[str]
) -> list[str]:
    """Return for each cluster the label of the greatest cluster of its topic."""
    # What most clusters are about parts no topics: weigh the terms by their rarity among clusters.
    rarity = vectors.idf(list(centre) for centre in centres)
    rows = [
        vectors.unit({term: value * (rarity[term] - 1.0) for term, value in centre.items()})
        for centre in centres
    ]
    near = vectors.neighbours(rows, _TOPIC_NEIGHBOURS, _LEAST_TOPIC_SIMILARITY)
    topic_of = communities(symmetric(near), _TOPIC_RESOLUTION)
    names = {}
    for n in sorted(range(len(labels)), key=lambda n: (volumes[n], labels[n])):
        names[topic_of[n]] = labels[n]
    return [names[topic] for topic in topic_of]


def _members(node: _Node, fit: float) -> Iterator[Member]:
    confidence = 1.0 if node.locked_to is not None else round(fit, 3)
    yield Member(node.text, confidence)
    for variant in node.variants[1:]:
        yield Member(variant.text, confidence, variant_of=node.text)


def _unplaced(loner: _Loner, labels: Sequence[str]) -> Iterator[Unclustered]:
    if loner.group is None:
        reason = "no cluster shares its subject"
    else:
        reason = (
            f"nearest is `{labels[loner.group]}`, "
            f"{loner.similarity:.2f} similar where {_LEAST_FIT_TO_JOIN:.2f} is needed"
        )
    for variant in loner.node.variants:
        yield Unclustered(variant.text, reason, round(1.0 - loner.similarity, 3))
