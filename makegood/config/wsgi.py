"""The web process: Django's sync views."""

import os

from django.core.wsgi import get_wsgi_application

from makegood.config import logs

logs.set_up()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
application = get_wsgi_application()
