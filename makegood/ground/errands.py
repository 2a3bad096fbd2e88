"""House-keeping errands of the ground itself."""

from datetime import timedelta
from typing import Final

from django.db import connection
from procrastinate.contrib.django import app

from makegood.ground import clock, tenancy
from makegood.ground.models import Bulletin

HOUSEKEEPING: Final = "housekeeping"
BULLETINS_KEPT: Final = timedelta(days=1)


@app.periodic(cron="23 * * * *")
@app.task(
    queue=HOUSEKEEPING, queueing_lock="forget_old_bulletins", name="ground.forget_old_bulletins"
)
def forget_old_bulletins(timestamp: int) -> int:
    """Drops bulletins that no screen can still be waiting for; says how many."""
    try:
        with tenancy.everywhere():
            count, _ = Bulletin.objects.filter(at__lt=clock.now() - BULLETINS_KEPT).delete()
    finally:
        connection.close()  # the errand's thread may never be used again
    return count
