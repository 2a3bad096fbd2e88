"""Figures as a table of text."""

from collections.abc import Mapping, Sequence

MILLI = 1000


def at(share: float, values: Sequence[float]) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """p50, p99 and the largest."""
    return at(0.50, values), at(0.99, values), at(1.0, values)


def table(head: str, rows: Mapping[str, Sequence[float]]) -> str:
    """p50, p99 and max of each row, from seconds, in milliseconds."""
    width = max(map(len, [head, *rows]))
    lines = [f"{head:<{width}} {'p50':>8} {'p99':>8} {'max':>8}"]
    for name, values in rows.items():
        p50, p99, most = (MILLI * value for value in spread(values))
        lines.append(f"{name:<{width}} {p50:8.1f} {p99:8.1f} {most:8.1f}")
    return "\n".join(lines)
