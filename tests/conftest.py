"""Options of the test suite."""


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the generated texts of tests/golden anew, to be read in the diff",
    )
