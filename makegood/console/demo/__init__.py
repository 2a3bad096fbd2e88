"""The Fairline Hotel: months of a house, played through the real verbs and lanes."""
