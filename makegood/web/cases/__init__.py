"""Cases: the list, the search, and the workspace where one is made good."""
