from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("people_site"),
        Fence("people_openingperiod"),
        Fence("people_holiday"),
        Fence("people_team"),
        Fence("people_shift"),
        Fence("people_rotation"),
        Fence("people_rotationmember"),
        Fence("people_turnoverride"),
        Fence("people_absence"),
        Fence("people_rotadraft"),
        Fence("people_duty"),
        Fence("people_customer"),
        Fence("people_contactpoint"),
    ]
