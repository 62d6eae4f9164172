"""Fixtures and options of the contract tests; `pytest Tests/Contract` runs them all."""

import os
import pathlib
import shutil
import tempfile

import pytest
from playwright.sync_api import sync_playwright

from servers import Original, PostgreSQL, Roost


def pytest_addoption(parser):
    parser.addoption(
        "--backend",
        choices=["sqlite", "postgres"],
        default=os.environ.get("ROOST_TEST_BACKEND", "sqlite"),
        help="the database under Roost",
    )
    parser.addoption(
        "--against",
        choices=["roost", "mlflow"],
        default="roost",
        help="mlflow: prove the tests themselves on the original server",
    )
    parser.addoption(
        "--record",
        metavar="FOLDER",
        help="only ask the original server, and write what it answers to FOLDER, one file per table",
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds")


@pytest.fixture(scope="session")
def workshop():
    """A short path for everything that servers write; it must not be deep, for the sake of unix sockets."""
    with tempfile.TemporaryDirectory(prefix="roost-contract-") as folder:
        yield pathlib.Path(folder)


@pytest.fixture(scope="session")
def new_postgres(workshop):
    """Makes PostgreSQL servers, started and empty."""
    made = []

    def make():
        server = PostgreSQL(workshop / f"postgres{len(made)}").create().start()
        made.append(server)
        return server

    yield make
    for server in made:
        server.end()


@pytest.fixture(scope="session")
def postgres(new_postgres):
    """One PostgreSQL for all tests that do not harm it."""
    return new_postgres()


@pytest.fixture(scope="session")
def new_roost(request, workshop):
    """Makes Roosts, each with an empty database of the chosen kind; a test starts and stops the one it gets."""
    made = []

    def make(**options):
        number = len(made)
        database = None
        if request.config.getoption("--backend") == "postgres":
            database = request.getfixturevalue("postgres").create_database(f"roost{number}")
        server = Roost(workshop / f"roost{number}", **{"database": database, **options})
        made.append(server)
        return server

    yield make
    for server in made:
        if server.is_running():
            server.stop()


@pytest.fixture(scope="session")
def roost(request):
    """One Roost for all tests that do not harm it."""
    if request.config.getoption("--against") == "mlflow":
        yield request.getfixturevalue("original")
        return
    with request.getfixturevalue("new_roost")() as server:
        yield server


@pytest.fixture(scope="session")
def original(workshop):
    with Original(workshop / "original") as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests: a process may drive only one at a time."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
