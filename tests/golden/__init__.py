"""Short programs, each with the text that is written for it beside it.

Read `<name>.py` and `<name>.txt` side by side; `pytest --update-golden` writes the texts anew.
"""
