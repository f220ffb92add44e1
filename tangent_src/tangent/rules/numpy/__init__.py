"""The rules of NumPy, one file for each of its own chapters."""
