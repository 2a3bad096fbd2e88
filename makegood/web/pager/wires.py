"""What `pager.js` needs to listen, whose stream and where receipts go; and `push.js`, the key."""

from django.conf import settings
from django.urls import reverse

from makegood.ground import links
from makegood.page.channels.webpush.vapid import application_key
from makegood.people.models import Staff


def wires_of(staff: Staff) -> dict[str, str]:
    """The context every pager screen carries."""
    return {
        "stream": links.stream("staff", staff.pk, staff.link_version),
        "pager_url": reverse("pager"),
        "zone": staff.site.timezone,
        "push_key": application_key(settings.HOUSE.secret),
    }
