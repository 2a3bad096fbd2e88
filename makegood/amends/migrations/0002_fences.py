from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("amends", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("amends_remedy"),
        Fence("amends_purse"),
        Fence("amends_purseentry"),
        Fence("amends_amends"),
        Fence("amends_amendsrequest"),
        Fence("amends_coupon"),
        Fence("amends_redemption"),
    ]
