"""What a changed policy would have done with our own history: a dry run of the one engine."""
