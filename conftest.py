"""What every test may use. The database server is started by `tests/database.py`."""

import gc

from hypothesis import settings

pytest_plugins = ["tests.cast", "tests.copying", "tests.mail_provider", "tests.postbox"]

settings.register_profile("house", deadline=None)  # how fast anything is, benches say
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
