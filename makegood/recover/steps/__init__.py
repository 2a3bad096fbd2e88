"""The twelve steps: planned, waiting, shown by evidence, left out, swept when their time comes."""
