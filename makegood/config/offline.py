"""Settings for tools that read the code and touch no database: type checker, migrations check."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nowhere")
os.environ.setdefault("MAKEGOOD_SECRET", "only for tools that never sign anything")

from makegood.config.settings import *  # noqa: F403
