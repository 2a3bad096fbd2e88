"""Measurements of the running product: `bin/bench NAME`."""
