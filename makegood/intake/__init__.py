"""Accepts a press and commits it, nothing else: it stays up when the rest is down."""
