"""One-click rating: a link pre-selects, only the button records."""
