"""Cracks and the gold that mends them: pure, deterministic geometry. No Django, no markup."""
