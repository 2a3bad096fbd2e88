"""Promises that people gave, in the order they fall due."""
