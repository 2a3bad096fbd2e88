"""The repair policy in force, to be read."""

from django.urls import path

from makegood.web.policy import views
from makegood.web.policy.schema import schema

urlpatterns = [
    path("", views.policy, name="policy"),
    path("schema.json", schema, name="policy_schema"),
    path("<int:number>/", views.version, name="policy_version"),
    path("<int:number>/document/", views.document, name="policy_document"),
]
