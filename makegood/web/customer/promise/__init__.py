"""What we promised, what we kept, and a way to answer."""
