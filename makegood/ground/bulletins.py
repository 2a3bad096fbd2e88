"""Bulletins: what open screens are told. Rows first, then one NOTIFY with their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from makegood.ground import rows, wakeup
from makegood.ground.models import Bulletin

CHANNEL = "makegood_bulletin"
IDS_PER_CALL = 400  # a NOTIFY payload ends at 8,000 bytes


@dataclass(frozen=True)
class News:
    """The same words for everybody who listens to one of `topics`."""

    topics: Iterable[str]
    data: Mapping[str, Any]
    organisation_id: UUID


def post(
    topics: Iterable[str], data: Mapping[str, Any], *, organisation_id: UUID, at: datetime
) -> None:
    """Tells every listener of each of `topics`, once this transaction commits."""
    post_all([News(topics, data, organisation_id)], at=at)


def post_all(news: Iterable[News], *, at: datetime) -> None:
    """Tells each of the news to its listeners, in one insert, once this transaction commits."""
    posted = rows.insert_all(
        Bulletin,
        (
            Bulletin(organisation_id=one.organisation_id, topic=topic, at=at, data=one.data)
            for one in news
            for topic in dict.fromkeys(one.topics)
        ),
    )
    for start in range(0, len(posted), IDS_PER_CALL):
        ids = ",".join(str(row.pk) for row in posted[start : start + IDS_PER_CALL])
        wakeup.call(CHANNEL, ids)
