"""Communities of a weighted graph by the constant Potts model. Knows nodes, not keywords.

The model rewards every edge inside a community by its weight and charges `resolution` for every
pair inside it, so a community holds together when its members are on average that similar. Unlike
modularity it finds groups of the same tightness in a graph of any size (Traag, Van Dooren,
Nesterov 2011). Nodes are visited in their order and ties go to the first: one graph, one answer.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence

Graph = Sequence[Mapping[int, float]]
"""Per node its neighbours and the weight of the edge, both ways; no loops."""

_ROUNDS = 10  # it settles after two or three
_LEAST_GAIN = 1e-9


def symmetric(neighbours: Sequence[Sequence[tuple[int, float]]]) -> list[dict[int, float]]:
    """Return the graph in which two nodes are joined when either lists the other."""
    graph: list[dict[int, float]] = [{} for _ in neighbours]
    for node, near in enumerate(neighbours):
        for other, weight in near:
            graph[node][other] = graph[other][node] = weight
    return graph


def communities(
    graph: Graph, resolution: float, anchors: Mapping[int, str] | None = None
) -> list[int]:
    """Return each node's community, numbered from 0 in order of first appearance.

    Nodes with the same anchor always share a community, nodes with different ones never do.
    """
    anchored = anchors or {}
    first: dict[str, int] = {}
    groups = [
        first.setdefault(anchored[node], node) if node in anchored else node
        for node in range(len(graph))
    ]
    for _ in range(_ROUNDS):
        moved = _move(graph, [1] * len(graph), groups, resolution, anchored)
        merged = _numbered(_merge(graph, moved, resolution, anchored))
        if merged == groups:
            break
        groups = merged
    return _numbered(groups)


def _merge(
    graph: Graph, groups: Sequence[int], resolution: float, anchored: Collection[int]
) -> list[int]:
    """Move whole communities into one another, level by level."""
    while True:
        groups = _numbered(groups)
        count = max(groups, default=-1) + 1
        coarse: list[dict[int, float]] = [{} for _ in range(count)]
        sizes = [0] * count
        for node, group in enumerate(groups):
            sizes[group] += 1
            row = coarse[group]
            for other, weight in graph[node].items():
                if groups[other] != group:
                    row[groups[other]] = row.get(groups[other], 0.0) + weight
        held = {groups[node] for node in anchored}
        moved = _numbered(_move(coarse, sizes, range(count), resolution, held))
        groups = [moved[group] for group in groups]
        if max(moved, default=-1) + 1 == count:
            return groups


def _move(
    graph: Graph,
    sizes: Sequence[int],
    groups: Sequence[int],
    resolution: float,
    held: Collection[int],
) -> list[int]:
    """Move single nodes to the community where they gain most, until none gains."""
    current = list(groups)
    total: Counter[int] = Counter()
    for node, group in enumerate(current):
        total[group] += sizes[node]
    fresh = max(current, default=-1) + 1
    queue = deque(node for node in range(len(graph)) if node not in held)
    waiting = set(queue)
    while queue:
        node = queue.popleft()
        waiting.discard(node)
        own, size = current[node], sizes[node]
        pull: dict[int, float] = {own: 0.0}
        for other, weight in graph[node].items():
            pull[current[other]] = pull.get(current[other], 0.0) + weight
        total[own] -= size
        best, most = own, pull[own] - resolution * size * total[own]
        if most < -_LEAST_GAIN:
            best, most = fresh, 0.0
        for group, weight in pull.items():
            gain = weight - resolution * size * total[group]
            if gain > most + _LEAST_GAIN:
                best, most = group, gain
        total[best] += size
        if best == own:
            continue
        fresh += best == fresh
        current[node] = best
        for other in graph[node]:
            if other not in held and other not in waiting and current[other] != best:
                waiting.add(other)
                queue.append(other)
    return current


def _numbered(groups: Sequence[int]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(group, len(numbers)) for group in groups]
