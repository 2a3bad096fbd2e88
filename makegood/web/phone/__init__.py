"""A phone that rings with its pager closed: installing it, its subscription, its answers."""
