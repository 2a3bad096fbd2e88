from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("page", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("page_page"),
        Fence("page_attempt"),
        Fence("page_answer"),
        Fence("page_pagerword"),
        Fence("page_selftest"),
        Fence("page_device"),
        Fence("page_wishes"),
    ]
