"""How a place is called: as a heading it stands alone, in a sentence it is a word. Pure."""


def in_a_sentence(place: str, language: str = "en") -> str:
    """`Table 14` inside an English sentence, or after a dot: `table 14`; `Spa desk` stays.

    A numbered word is a common noun; anything else may be a name, which keeps its capital.
    """
    plain_word = len(place) > 1 and place[0].isupper() and place[1].islower()
    if language.startswith("en") and plain_word and place[-1].isdigit():
        return place[0].lower() + place[1:]
    return place
