"""The rules of SciPy, one file for each of its modules, loaded where a program uses that module."""
