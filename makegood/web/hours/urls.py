"""When somebody is there: every week, and on holidays."""

from django.urls import path

from makegood.web.hours import views

urlpatterns = [
    path("", views.hours, name="hours"),
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/<uuid:holiday_id>/drop/", views.drop, name="holiday_drop"),
]
