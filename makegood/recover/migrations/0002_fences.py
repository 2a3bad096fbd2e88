from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("recover", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("recover_policyversion"),
        Fence("recover_case"),
        Fence("recover_casesignal"),
        Fence("recover_step"),
        Fence("recover_closure"),
        Fence("recover_callback"),
        Fence("recover_pause"),
        Fence("recover_merger"),
        Fence("recover_split"),
        Fence("recover_versionmove"),
        Fence("recover_policydraft"),
        Fence("recover_replay"),
        migrations.RunSQL(  # the front of the queue is cleared before dead rows fill it up
            "alter table recover_step set (autovacuum_vacuum_scale_factor = 0.01)",
            "alter table recover_step reset (autovacuum_vacuum_scale_factor)",
        ),
    ]
