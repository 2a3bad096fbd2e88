"""The page after the press: who is coming, and what the customer may say meanwhile."""
