"""Bulletins: what open screens are told. Rows first, then one NOTIFY with their ids."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from makegood.ground import wakeup
from makegood.ground.models import Bulletin

CHANNEL = "makegood_bulletin"
IDS_PER_CALL = 400  # a NOTIFY payload ends at 8,000 bytes


def post(
    topics: Iterable[str], data: Mapping[str, Any], *, organisation_id: UUID, at: datetime
) -> None:
    """Tells every listener of each of `topics`, once this transaction commits."""
    rows = Bulletin.objects.bulk_create(
        Bulletin(organisation_id=organisation_id, topic=topic, at=at, data=dict(data))
        for topic in dict.fromkeys(topics)
    )
    for start in range(0, len(rows), IDS_PER_CALL):
        ids = ",".join(str(row.pk) for row in rows[start : start + IDS_PER_CALL])
        wakeup.call(CHANNEL, ids)
