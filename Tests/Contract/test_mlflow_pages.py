"""MLflow's own pages, served in place by Roost, work in Chromium: what was logged can be read on them."""

import sys

import pytest
import requests
from playwright.sync_api import expect

# Pages ask these also on servers that do not have them, and show nothing or a note where they are missing.
OPTIONAL = (
    "/users/current",
    "/assistant/",
    "/traces/",
    "/gateway/",
    "/scorers/",
    "/datasets/",
    "/webhooks",
    "/workspaces",
    "/review-queues",
    "/label-schemas",
    "/issues",
    "/jobs",
    "/prompt-optimization",
    "/mcp-servers",
)


@pytest.fixture(scope="module")
def server(new_roost):
    with new_roost(options=["--mlflow-ui", "--mlflow-ui-python", sys.executable]) as server:
        yield server


@pytest.fixture(scope="module")
def call(server):
    """Posts to a path of MLflow's API."""

    def post(path, body):
        answer = requests.post(f"{server.url}/api/2.0/mlflow/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    return post


@pytest.fixture(scope="module")
def runs(server, call):
    """Two runs of the experiment `iris`: ids by name."""
    experiment = call("experiments/create", {"name": "iris"})["experiment_id"]
    ids = {"experiment": experiment}
    for number, name in enumerate(["careful-owl", "quick-hen"]):
        run = call("runs/create", {"experiment_id": experiment, "run_name": name, "start_time": number + 1})
        ids[name] = run["run"]["info"]["run_id"]
        metrics = [
            {"key": "accuracy", "value": 0.125 + number + step / 16, "timestamp": step, "step": step}
            for step in range(8)
        ]
        params = [{"key": "rate", "value": f"0.{number}77"}]
        call("runs/log-batch", {"run_id": ids[name], "metrics": metrics, "params": params})
        artifact = (
            f"{server.url}/api/2.0/mlflow-artifacts/artifacts/{experiment}/{ids[name]}/artifacts/notes.txt"
        )
        requests.put(artifact, data=f"notes of {name}", timeout=10).raise_for_status()
        model = artifact.replace("notes.txt", "model/MLmodel")
        requests.put(model, data="flavors: {}", timeout=10).raise_for_status()
        call("runs/update", {"run_id": ids[name], "status": "FINISHED", "end_time": 5000})
    return ids


@pytest.fixture
def page(browser, server):
    """A page that fails its test when something that it needs was answered with an error."""
    page = browser.new_page(base_url=server.url, viewport={"width": 1400, "height": 900})
    page.set_default_timeout(30_000)
    failed = []

    def note(response):
        path = response.url.removeprefix(server.url)
        if response.status >= 400 and not any(part in path for part in OPTIONAL):
            failed.append(f"{response.status} {response.request.method} {path}")

    page.on("response", note)
    yield page
    page.close()
    assert not failed


def shown(page, text):
    expect(page.get_by_text(text, exact=False).first).to_be_visible(timeout=30_000)


def test_experiments_are_listed(page, runs):
    page.goto("/mlflow/#/experiments")
    shown(page, "iris")


def test_runs_are_listed_with_what_they_logged(page, runs):
    page.goto(f"/mlflow/#/experiments/{runs['experiment']}/runs")
    shown(page, "careful-owl")
    shown(page, "quick-hen")


def test_a_run_shows_its_params_and_metrics(page, runs):
    page.goto(f"/mlflow/#/experiments/{runs['experiment']}/runs/{runs['careful-owl']}")
    shown(page, "careful-owl")
    shown(page, "0.077")
    shown(page, "0.5625")


def test_metrics_are_drawn(page, runs):
    page.goto(f"/mlflow/#/experiments/{runs['experiment']}/runs/{runs['careful-owl']}/model-metrics")
    expect(page.locator(".js-plotly-plot svg.main-svg").first).to_be_visible(timeout=30_000)


def test_an_artifact_can_be_read(page, runs):
    page.goto(f"/mlflow/#/experiments/{runs['experiment']}/runs/{runs['careful-owl']}/artifacts/notes.txt")
    shown(page, "notes of careful-owl")


def test_runs_are_compared(page, runs):
    ids = f'["{runs["careful-owl"]}","{runs["quick-hen"]}"]'
    page.goto(f'/mlflow/#/compare-runs?runs={ids}&experiments=["{runs["experiment"]}"]')
    shown(page, "0.077")
    shown(page, "0.177")


@pytest.fixture(scope="module")
def petals(call, runs):
    """A registered model with two versions, one with an alias and a stage."""
    call("registered-models/create", {"name": "petals", "description": "What petals are made of"})
    source = {"source": f"runs:/{runs['careful-owl']}/model", "run_id": runs["careful-owl"]}
    for _ in range(2):
        call("model-versions/create", {"name": "petals", "description": "Better than the last", **source})
    call("registered-models/alias", {"name": "petals", "alias": "champion", "version": "1"})
    return "petals"


def test_models_are_listed(page, petals):
    page.goto("/mlflow/#/models")
    shown(page, petals)


def test_a_model_shows_its_versions(page, petals):
    page.goto(f"/mlflow/#/models/{petals}")
    shown(page, "What petals are made of")
    shown(page, "Version 2")
    shown(page, "champion")


def test_a_version_shows_its_run(page, petals):
    page.goto(f"/mlflow/#/models/{petals}/versions/1")
    shown(page, "Better than the last")
    shown(page, "careful-owl")


def test_a_run_shows_the_versions_that_it_made(page, runs, petals):
    page.goto(f"/mlflow/#/experiments/{runs['experiment']}/runs/{runs['careful-owl']}")
    shown(page, petals)
