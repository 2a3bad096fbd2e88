"""A case as people read it: its story, its seam, the promises in it, and its whole export."""
