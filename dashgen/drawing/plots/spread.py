"""Things side by side. Source: panel/barchart/distribute.ts of Grafana 12.4.3."""


def spread(count: int, share: float) -> list[tuple[float, float]]:
    """The start and the width of things that take a share of a length, with equal gaps only between them."""
    gap = (1 - share) / (count - 1) if count > 1 else 0.0
    return [(index * (share / count + gap), share / count) for index in range(count)]
