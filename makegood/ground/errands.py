"""House-keeping errands of the ground itself."""

from datetime import timedelta
from typing import Final

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

from makegood.ground import clock, tenancy
from makegood.ground.models import Bulletin

HOUSEKEEPING: Final = "housekeeping"
BULLETINS_KEPT: Final = timedelta(days=1)
ERRANDS_KEPT: Final = timedelta(days=7)


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


@app.periodic(cron="*/5 * * * *")
@app.task(
    queue=HOUSEKEEPING, queueing_lock="take_up_errands", name="ground.take_up_errands",
    pass_context=True,
)  # fmt: skip
async def take_up_errands(context: JobContext, timestamp: int) -> int:
    """Begins errands anew whose worker died under them; says how many."""
    jobs = context.app.job_manager
    left = list(await jobs.get_stalled_jobs())
    for job in left:
        await jobs.retry_job(job)
    return len(left)


@app.periodic(cron="37 3 * * *")
@app.task(
    queue=HOUSEKEEPING, queueing_lock="forget_old_errands", name="ground.forget_old_errands",
    pass_context=True,
)  # fmt: skip
async def forget_old_errands(context: JobContext, timestamp: int) -> None:
    """Drops what is known of errands that ended long ago, well or not."""
    await context.app.job_manager.delete_old_jobs(
        int(ERRANDS_KEPT / timedelta(hours=1)), include_failed=True, include_aborted=True
    )
