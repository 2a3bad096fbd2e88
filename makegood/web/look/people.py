"""How a person is shown: initials and a name, never a score."""


def initials(name: str) -> str:
    """First letters of the first and the last word. What already is initials stays as it is."""
    words = name.split()
    if not words:
        return ""
    if len(words) == 1:
        return words[0] if words[0].isupper() and len(words[0]) <= 3 else words[0][:1].upper()
    return (words[0][:1] + words[-1][:1]).upper()
