from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("triage_verdict"),
    ]
