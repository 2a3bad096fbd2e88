"""What we call somebody whose full name we know. Pure."""

STAYS_WHOLE = {"the", "mr", "mrs", "ms", "miss", "mx", "dr", "herr", "frau", "señor", "señora"}


def called(name: str) -> str:
    """`Ana` for Ana Ruiz; the Okafors, a family and Dr Weiss keep their whole name."""
    first, _, _ = name.strip().partition(" ")
    return name.strip() if first.rstrip(".").lower() in STAYS_WHOLE else first
