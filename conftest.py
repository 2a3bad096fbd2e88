"""What every test may use. The database server is started by `tests/database.py`."""

pytest_plugins = ["tests.cast", "tests.postbox"]
