"""What the benches share: a box to measure, a crowd that presses, a floor to compare with."""
