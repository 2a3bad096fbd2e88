"""The repair policy: read, compared, changed as a draft, replayed, and put in force."""

from django.urls import path

from makegood.web.policy import bench, editor, enacting, forms, replaying, versions, views
from makegood.web.policy.schema import schema

urlpatterns = [
    path("", views.policy, name="policy"),
    path("schema.json", schema, name="policy_schema"),
    path("versions/", versions.versions, name="policy_versions"),
    path("compare/", versions.compare, name="policy_compare"),
    path("begin/", bench.begin, name="policy_begin"),
    path("draft/", bench.draft, name="policy_draft"),
    path("draft/text/", editor.text, name="policy_edit_text"),
    path("draft/edit/<slug:name>/", forms.chapter, name="policy_edit"),
    path("draft/condition/", forms.condition, name="policy_condition"),
    path("draft/reason/", bench.reason, name="policy_reason"),
    path("draft/discard/", bench.discard, name="policy_discard"),
    path("draft/restore/", bench.restore, name="policy_restore"),
    path("draft/rebase/", bench.rebase, name="policy_rebase"),
    path("draft/ask/", bench.ask, name="policy_ask"),
    path("draft/publish/", enacting.publish, name="policy_publish"),
    path("draft/replay/", replaying.replay, name="policy_replay"),
    path("draft/replay/stop/", replaying.stop, name="policy_replay_stop"),
    path("<int:number>/", views.version, name="policy_version"),
    path("<int:number>/text/", views.text, name="policy_text"),
    path("<int:number>/document/", views.document, name="policy_document"),
    path("<int:number>/cases/", versions.cases, name="policy_cases"),
    path("<int:number>/roll-back/", enacting.roll_back, name="policy_roll_back"),
]
