"""The house's policy with a step changed, for tests that need another version of it."""

from collections.abc import Mapping
from io import StringIO

from ruamel.yaml import YAML

from makegood.recover.versions.publishing import DEFAULT_TEXT


def with_steps(**changes: Mapping[str, object]) -> str:
    """The default policy, in which the steps named say these fields otherwise, or in addition."""
    yaml = YAML()
    document = yaml.load(DEFAULT_TEXT)
    for kind, fields in changes.items():
        document["steps"][kind].update(fields)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()
