"""What we call somebody whose full name we know. Pure."""

STAYS_WHOLE = {"the", "mr", "mrs", "ms", "miss", "mx", "dr", "herr", "frau", "señor", "señora"}


def called(name: str) -> str:
    """`Ana` for Ana Ruiz; the Okafors, a family and Dr Weiss keep their whole name."""
    first, _, _ = name.strip().partition(" ")
    return name.strip() if first.rstrip(".").lower() in STAYS_WHOLE else first


def called_within(name: str) -> str:
    """The same within a sentence: `Ana`, `the Okafors`."""
    said = called(name)
    return f"the {said[4:]}" if said[:4].lower() == "the " else said
