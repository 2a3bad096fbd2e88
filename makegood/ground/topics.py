"""Names of bulletin topics: who listens to what."""

from uuid import UUID


def staff(id: UUID) -> str:
    """One person's pager."""
    return f"staff:{id}"


def device(id: UUID) -> str:
    """One device that is told of pages by bulletins: a wrist pager."""
    return f"device:{id}"


def site(id: UUID) -> str:
    """The floor board of one site."""
    return f"site:{id}"


def matter(id: UUID) -> str:
    """The customer's and colleagues' pages about one case."""
    return f"case:{id}"


def signal(id: UUID) -> str:
    """The page of a customer whose press has no case yet."""
    return f"signal:{id}"
