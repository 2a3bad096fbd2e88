"""Reference pages under docs/reference, written from the code they describe."""
