"""Layered layout of a directed graph: ranks, order, places, in the manner of Sugiyama. Pure.

Lengths are "along" (from rank to rank) and "across". Loops are turned round for the layout; edges
over several ranks get a bend in each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SWEEPS = 8
LOOP = 10.0


@dataclass(slots=True)
class Layers:
    """Vertices 0..n-1 with their size across, and edges. ``place`` gives rank and centre across.

    ``band`` may give each vertex one of the bands that lie across, above each other; ``least`` is
    how much each band takes at least. After ``arrange``, ``bends[edge]`` are the vertices that
    stand in for a long edge, ``turned`` the edges that go backwards, ``spans`` where bands lie.
    """

    sizes: list[float]
    edges: list[tuple[int, int]]
    gap: float = 30
    band: list[int] = field(default_factory=list)
    least: Sequence[float] = (0.0,)
    padding: float = 0
    rank: list[int] = field(default_factory=list)
    across: list[float] = field(default_factory=list)
    bends: dict[int, list[int]] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    columns: list[list[int]] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    def arrange(self, first: Sequence[int]) -> "Layers":
        """Give every vertex its rank and place; ``first`` are where the reader begins."""
        real = len(self.sizes)
        self.band = self.band or [0] * real
        self._turn_loops([*first, *range(real)])
        self._rank(real)
        segments = self._bend()
        self._order(segments)
        self._place(segments)
        return self

    def _turn_loops(self, begin: Sequence[int]) -> None:
        outgoing: dict[int, list[int]] = {}
        for number, (source, _) in enumerate(self.edges):
            outgoing.setdefault(source, []).append(number)
        state: dict[int, int] = {}
        for start in begin:
            if start in state:
                continue
            state[start] = 1
            stack = [(start, iter(outgoing.get(start, ())))]
            while stack:
                vertex, ways = stack[-1]
                for number in ways:
                    target = self.edges[number][1]
                    if state.get(target) == 1:
                        self.turned.add(number)
                    elif target not in state:
                        state[target] = 1
                        stack.append((target, iter(outgoing.get(target, ()))))
                        break
                else:
                    state[vertex] = 2
                    stack.pop()

    def _forward(self) -> list[tuple[int, int]]:
        return [
            (target, source) if number in self.turned else (source, target)
            for number, (source, target) in enumerate(self.edges)
        ]

    def _rank(self, count: int) -> None:
        self.rank = [0] * count
        edges = [(a, b) for a, b in self._forward() if a != b]
        # Longest way from a beginning; a graph without loops settles in as many rounds as ranks.
        changed = True
        while changed:
            changed = False
            for source, target in edges:
                if self.rank[target] <= self.rank[source]:
                    self.rank[target] = self.rank[source] + 1
                    changed = True

    def _bend(self) -> list[tuple[int, int]]:
        segments: list[tuple[int, int]] = []
        for number, (source, target) in enumerate(self._forward()):
            last, bends = source, []
            for rank in range(self.rank[source] + 1, self.rank[target]):
                vertex = len(self.sizes)
                self.sizes.append(0.0)
                self.rank.append(rank)
                self.band.append(self.band[source])
                bends.append(vertex)
                segments.append((last, vertex))
                last = vertex
            if source != target:
                segments.append((last, target))
            self.bends[number] = bends[::-1] if number in self.turned else bends
        return segments

    def _neighbours(
        self, segments: Sequence[tuple[int, int]]
    ) -> tuple[Mapping[int, list[int]], Mapping[int, list[int]]]:
        before: dict[int, list[int]] = {}
        after: dict[int, list[int]] = {}
        for source, target in segments:
            after.setdefault(source, []).append(target)
            before.setdefault(target, []).append(source)
        return before, after

    def _order(self, segments: Sequence[tuple[int, int]]) -> None:
        columns: list[list[int]] = [[] for _ in range(max(self.rank, default=0) + 1)]
        for vertex, rank in enumerate(self.rank):
            columns[rank].append(vertex)
        before, after = self._neighbours(segments)
        place = {vertex: float(i) for column in columns for i, vertex in enumerate(column)}
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            beside = before if forward else after
            for column in columns if forward else reversed(columns):
                weight = {
                    vertex: _mean([place[one] for one in beside.get(vertex, ())], place[vertex])
                    for vertex in column
                }
                column.sort(
                    key=lambda vertex, weight=weight: (  # type: ignore[misc]
                        self.band[vertex], weight[vertex]
                    )
                )  # fmt: skip
                for i, vertex in enumerate(column):
                    place[vertex] = float(i)
        self.columns = columns

    def _place(self, segments: Sequence[tuple[int, int]]) -> None:
        """Place each band by itself, below the one before."""
        self.across = [0.0] * len(self.sizes)
        top = 0.0
        for band, least in enumerate(self.least):
            members = [v for v in range(len(self.sizes)) if self.band[v] == band]
            self._settle(
                band, [(a, b) for a, b in segments if self.band[a] == self.band[b] == band]
            )
            ends = [
                (self.across[v] - self.sizes[v] / 2, self.across[v] + self.sizes[v] / 2)
                for v in members
            ]
            low = min((one[0] for one in ends), default=0.0)
            high = max((one[1] for one in ends), default=0.0)
            # The ways back of loops run below what they go round.
            back = sum(
                self.band[a] == self.band[b] == band
                for number in self.turned
                for a, b in (self.edges[number],)
            )
            room = high - low + 2 * self.padding + LOOP * back * (self.padding > 0)
            height = max(room, least)
            for vertex in members:
                self.across[vertex] += top + self.padding + (height - room) / 2 - low
            self.spans.append((top, top + height))
            top += height

    def _settle(self, band: int, segments: Sequence[tuple[int, int]]) -> None:
        """Bring the vertices of a band near to their neighbours."""
        before, after = self._neighbours(segments)
        columns = [[v for v in column if self.band[v] == band] for column in self.columns]
        for column in columns:
            self._pack(column, dict.fromkeys(column, 0.0))
        for sweep in range(SWEEPS * 2):
            forward = sweep % 2 == 0
            beside = before if forward else after
            for column in columns if forward else reversed(columns):
                wanted = {
                    vertex: _mean(
                        [self.across[one] for one in beside.get(vertex, ())], self.across[vertex]
                    )
                    for vertex in column
                }
                self._pack(column, wanted)

    def _pack(self, column: Sequence[int], wanted: Mapping[int, float]) -> None:
        """Place vertices in their order as near as can be to where they want to be."""
        blocks: list[tuple[float, float, list[int]]] = []  # Start, length, vertices.
        for vertex in column:
            size = self.sizes[vertex] + self.gap
            start, length, members = wanted[vertex] - size / 2, size, [vertex]
            while blocks and blocks[-1][0] + blocks[-1][1] > start:
                earlier, extent, others = blocks.pop()
                share = len(others) / (len(others) + len(members))
                start = earlier * share + (start - extent) * (1 - share)
                length += extent
                members = [*others, *members]
            blocks.append((start, length, members))
        for start, _, members in blocks:
            at = start
            for vertex in members:
                size = self.sizes[vertex] + self.gap
                self.across[vertex] = at + size / 2
                at += size


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
