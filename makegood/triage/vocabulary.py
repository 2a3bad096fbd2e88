"""The words triage listens for, in the languages of the first houses. Pure data.

A stem stands for every word that begins with it; accents and capitals do not matter. Words only
ever raise how seriously a signal is taken. Missing one costs nothing: a person goes and asks.
"""

import re
import unicodedata
from functools import cache

TOPICS = {
    "safety": (
        "a doctor", "allerg", "ambulance", "bleed", "blister", "burned me", "burned my", "burnt me",
        "burnt my", "caught fire", "choke", "electric shock", "electrocut", "faint", "glass in",
        "hospital$", "hurt", "ill$", "illness", "in pain", "infect", "injur", "it burns", "on fire",
        "painful", "poison", "rash$", "rashes", "scalp burn", "sick", "skin burn", "slipped",
        "swell", "swollen", "the emergency room", "to the doctor", "unconscious", "unsafe",
        "unwell", "vomit",
        "alerg", "desmay", "herid", "hinchad", "infeccion", "intoxic", "me quem", "sarpullido",
        "ausschlag", "bewusstlos", "entzund", "geschwollen", "krank", "schmerz", "stromschlag",
        "verletz",
    ),
    "treatment": (
        "arrogan", "discriminat", "ignored", "impolite", "insult", "racis", "rude", "shouted",
        "unfriendly", "grosero", "maleduc", "unfreundlich", "unhoflich",
    ),
    "food": (
        "breakfast", "cold dish", "came cold", "coffee", "dinner", "dish", "food", "lunch", "meal",
        "overcooked", "raw", "soup", "steak", "taste", "undercooked", "cena", "comida", "desayuno",
        "plato", "das essen", "kalt serviert",
    ),
    "waiting": (
        "delay", "forgot", "hour", "late", "minutes", "nobody came", "nobody came by", "queue",
        "slow", "still no", "wait for", "waited", "waiting", "long wait", "espera",
        "nadie", "tarde", "warten", "zu spat",
    ),
    "bill": (
        "bill", "charge$", "charged", "charges", "invoice", "money", "overcharg", "paid", "price",
        "receipt", "refund",
        "cobrad", "cuenta", "factura", "rechnung",
    ),
    "noise": ("barking", "loud", "music", "nois", "party", "ruido", "laut", "larm"),
    "room": (
        "air condition", "bathroom", "bed", "bug", "dirty", "heating", "hot water", "leak",
        "mould", "room", "shower", "smell", "stain", "toilet", "towel", "habitacion", "sucio",
        "zimmer", "schmutz",
    ),
}  # fmt: skip

LEGAL = ("attorney", "in court", "to court", "lawsuit", "lawyer", "police", "solicitor",
         "sue you", "abogado", "denuncia", "anwalt")  # fmt: skip
PUBLIC = ("1 star", "bad review", "booking.com", "google review", "instagram", "journalist",
          "newspaper", "one star", "review", "tiktok", "tripadvisor", "trustpilot", "twitter",
          "yelp", "resena", "bewertung")  # fmt: skip
RAGE = ("appalling", "disgrace", "disgust", "furious", "horribl", "outrage", "scandal", "shame on",
        "terrible", "unacceptable", "worst", "fatal", "indignant", "inaceptable", "vergonz",
        "unverschamt", "furchtbar")  # fmt: skip
LEAVING = ("disappoint", "last time", "never again", "never come back", "not come back",
           "not coming back", "won't be back", "won't come back", "decepcion", "nunca mas",
           "enttausch", "nie wieder")  # fmt: skip
OCCASION = ("anniversar", "birthday", "engagement", "funeral", "graduation", "honeymoon",
            "proposal", "wedding", "aniversario", "boda", "cumpleanos", "geburtstag",
            "hochzeit")  # fmt: skip


def plain(text: str) -> str:
    """`text` without capitals, accents and curly quotes."""
    straight = text.casefold().replace("’", "'")
    parts = unicodedata.normalize("NFKD", straight)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def mentions(text: str, stems: tuple[str, ...]) -> bool:
    """Whether any word of `text` (already `plain`) begins with one of `stems`, or is `stem$`."""
    return bool(text) and _pattern(stems).search(text) is not None


@cache
def _pattern(stems: tuple[str, ...]) -> re.Pattern[str]:
    begins = (re.escape(plain(stem.removesuffix("$"))) for stem in stems)
    ends = (r"\b" if stem.endswith("$") else "" for stem in stems)
    return re.compile(r"\b(?:" + "|".join(map(str.__add__, begins, ends)) + ")")
