"""What every test may use. The database server is started by `tests/database.py`."""

from hypothesis import settings

pytest_plugins = ["tests.cast", "tests.copying", "tests.mail_provider", "tests.postbox"]

settings.register_profile("house", deadline=None)  # how fast anything is, benches say
settings.load_profile("house")
