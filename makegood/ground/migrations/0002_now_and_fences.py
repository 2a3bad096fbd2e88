"""The house's time in SQL, and the fences of ground's tenant tables."""

from django.db import migrations

from makegood.ground.tenancy import Fence

NOW = """
create function makegood_now() returns timestamptz language sql stable parallel safe as
$$ select now() + coalesce((select ahead_by from ground_clock), interval '0') $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]

    operations = [
        migrations.RunSQL(NOW, "drop function makegood_now();"),
        Fence("ground_fact"),
        Fence("ground_bulletin"),
    ]
