"""Proof: whom we reached before they left, and how often one person is rung."""
