"""The corpus: small programs as a NumPy user writes them, one feature per file."""
