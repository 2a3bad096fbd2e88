from django.db import migrations

from makegood.ground.tenancy import Fence


class Migration(migrations.Migration):
    dependencies = [("sense", "0001_initial"), ("ground", "0002_now_and_fences")]

    operations = [
        Fence("sense_touchpoint"),
        Fence("sense_button"),
        Fence("sense_lamp"),
        Fence("sense_signal"),
        Fence("sense_remark"),
        Fence("sense_invitation"),
        Fence("sense_rating"),
        Fence("sense_visit"),
        Fence("sense_review"),
        Fence("sense_incident"),
        Fence("sense_touched"),
        Fence("sense_echo"),
        Fence("sense_absence"),
        Fence("sense_absencewatch"),
    ]
