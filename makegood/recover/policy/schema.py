"""The document as a JSON Schema, for editors and other programs. Pure.

A schema knows names, types and shapes; conditions, ladders by name and what several fields must
agree on are checked when a policy is read.
"""

import json
from typing import Any, Final

from makegood.recover.policy.fields import DEFINED, DOCUMENT

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema as values."""
    return {
        "$schema": DIALECT,
        "title": "Makegood repair policy",
        "description": "What begins a case, whom we ring, what is promised, and how it ends.",
        **DOCUMENT.schema(),
        "$defs": {table.called: table.definition() for table in DEFINED},
    }


def as_json() -> str:
    """The schema as it is published: `/policy/schema.json` and `docs/reference`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
