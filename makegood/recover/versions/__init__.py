"""The policy in force and the one to come: publishing, drafts, rolling back, what it may follow."""
