"""The JSON Schema of the policy document, for anybody's editor."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from makegood.recover.policy.schema import as_json


@require_GET
@cache_control(public=True, max_age=3600)
def schema(request: HttpRequest) -> HttpResponse:
    """The schema of this version of Makegood; it says nothing about any house."""
    return HttpResponse(as_json(), content_type="application/schema+json")
