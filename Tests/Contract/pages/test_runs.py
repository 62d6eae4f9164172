"""The page of a run: what was logged shows, edits hold or come back, and nothing that users wrote runs."""

import io
import json
import re
import tarfile
import wave

import mlflow
import numpy
import pandas
import pytest
import requests
from mlflow.entities import Metric, Param, RunTag
from mlflow.models import infer_signature
from PIL import Image
from playwright.sync_api import expect

from accounts import Members
from conftest import page_options
from looks import WIDTHS, assert_accessible, assert_fits

SCRIPT = "<script>window.hacked = 1</script>"
PICTURE = "<img src=x onerror=\"window.hacked = 1\">"
# Tries all that a page of the server could do for its reader, and tells what it got.
SPY = """<!doctype html><p id="told">nothing</p><script>
window.hacked = 1; let told = [];
try { told.push("cookie " + document.cookie); } catch (error) { told.push("no cookie"); }
try { told.push("parent " + parent.document.title); } catch (error) { told.push("no parent"); }
try { localStorage.length; told.push("storage"); } catch (error) { told.push("no storage"); }
fetch("/api/2.0/mlflow/experiments/get?experiment_id=0").then(() => told.push("answer"), () => told.push("no answer"))
  .then(() => { document.getElementById("told").textContent = told.join(", "); });
</script>"""
NOTHING = "no cookie, no parent, no storage, no answer"


class Story:
    """What a client logged: the ids of runs and of a model."""


@pytest.fixture(scope="module")
def client(web):
    mlflow.set_tracking_uri(web.url)
    # Another module may have left that of its own server, which is gone.
    mlflow.set_registry_uri(web.url)
    return mlflow.MlflowClient(web.url, web.url)


@pytest.fixture(scope="module")
def story(client):
    story = Story()
    story.experiment = client.create_experiment("iris")
    with mlflow.start_run(experiment_id=story.experiment, run_name="parent") as parent:
        story.parent = parent.info.run_id
        with mlflow.start_run(experiment_id=story.experiment, run_name="brave-newt-7", nested=True) as run:
            story.run = run.info.run_id
            log_values(client, story.run)
            log_artifacts(story.run)
            story.model = log_model().model_id
    with mlflow.start_run(experiment_id=story.experiment, run_name=SCRIPT) as run:
        story.hostile = run.info.run_id
        log_hostile(client, story.hostile)
    return story


def log_values(client, run):
    mlflow.log_params({"lr": "0.1", "optimizer": "adam"} | {f"layer{number}/size": number for number in range(20)})
    client.log_batch(run, metrics=[Metric("loss", 1 / (step + 1), 1_700_000_000_000 + step, step) for step in range(100)])
    client.log_batch(run, metrics=[Metric("system/cpu", 50.0, 1_700_000_000_000, 0), Metric("odd", float("nan"), 1, 0)])
    mlflow.set_tags({"team": "blue", "mlflow.note.content": "# Notes\n\n**bold** words, $a_1 + b_2$\n\n```python\nimport this\n```"})
    frame = pandas.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
    mlflow.log_input(mlflow.data.from_pandas(frame, source="https://example.org/iris.csv", name="flowers"), context="training")


def log_artifacts(run):
    mlflow.log_text("def f(x):\n    return x < 1\n\nprint(f(2))\n", "code/f.py")
    mlflow.log_text("# Title\n\n[other](f.py) ![dot](../images/dot.png) ![far](https://elsewhere.example/a.png) $x_1$\n", "code/README.md")
    mlflow.log_text("name,score\nb,10\na,9\n\"c, d\",\n", "tables/scores.csv")
    mlflow.log_dict({"a": {"b": [1, 2, {"deep": "value"}]}, "text": "words"}, "config.json")
    mlflow.log_table({"prompt": ["hi", "you"], "length": [2, 3]}, "tables/eval.json")
    mlflow.log_text("<!doctype html><h1 id='h'>Report</h1>" + SPY, "report.html")
    mlflow.log_text(json.dumps(NOTEBOOK), "analysis.ipynb")
    for step in range(3):
        mlflow.log_image(numpy.full((8, 8, 3), step * 80, dtype=numpy.uint8), key="sample", step=step, synchronous=True)
    mlflow.log_image(Image.new("RGB", (4, 4), "red"), "dot.png")
    mlflow.log_image(Image.new("RGB", (4, 4), "red"), "images/dot.png")
    mlflow.log_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>', "circle.svg")
    array = io.BytesIO()
    numpy.save(array, numpy.zeros((2, 3)))
    flowers = io.BytesIO()
    FLOWERS.to_parquet(flowers)
    files = {"tone.wav": tone(), "paper.pdf": PDF, "weights.npy": array.getvalue(), "flowers.parquet": flowers.getvalue()}
    for name, content in (files | {"broken.parquet": flowers.getvalue()[:-100]}).items():
        requests.put(f"{mlflow.get_tracking_uri()}/api/2.0/mlflow-artifacts/artifacts/{folder(run)}/{name}", data=content, timeout=10)


FLOWERS = pandas.DataFrame({
    "name": ["<b>rose</b>", "lily", None], "petals": [5, 6, 7], "seen": pandas.to_datetime(["2026-01-02 03:04:05", None, "2026-01-03 00:00:00"]),
})


def folder(run):
    return mlflow.get_run(run).info.artifact_uri.removeprefix("mlflow-artifacts:/")


def tone():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(b"\0\1" * 800)
    return file.getvalue()


PDF = b"""%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 99 99]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R>>endobj
trailer<</Root 1 0 R>>
"""

NOTEBOOK = {
    "nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Analysis\n", "$\\{x\\}$\n", SCRIPT]},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "print(1 < 2)", "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "True\n" + PICTURE},
            {"output_type": "display_data", "metadata": {}, "data": {"text/html": SPY, "text/plain": "frame"}},
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\u001b[31mTraceback\u001b[0m"]},
        ]},
    ],
}


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


def log_model():
    frame = pandas.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
    return mlflow.pyfunc.log_model(
        name="echo", python_model=Echo(), signature=infer_signature(frame, frame), input_example=frame,
        pip_requirements=["mlflow"], params={"depth": 3},
    )


def log_hostile(client, run):
    """Whatever a user can fill holds markup that would tell by `window.hacked` that it ran."""
    tricks = [SCRIPT, PICTURE, "javascript:window.hacked=1"]
    client.log_batch(
        run,
        params=[Param(f"p{number}", trick) for number, trick in enumerate(tricks)],
        tags=[RunTag("mlflow.note.content", f"{SCRIPT}\n\n{PICTURE}\n\n[a](javascript:window.hacked=1)"), RunTag("mlflow.user", PICTURE),
              RunTag("mlflow.source.name", PICTURE), RunTag("mlflow.source.git.commit", PICTURE)]
        + [RunTag(f"t{number}", trick) for number, trick in enumerate(tricks)],
    )
    frame = pandas.DataFrame({PICTURE: [1.0]})
    mlflow.log_input(mlflow.data.from_pandas(frame, source=f"https://example.org/{SCRIPT}", name=PICTURE[:60]), context=PICTURE)
    for name, text in {
        "a<img src=x onerror=hacked=1>.txt": SCRIPT + PICTURE, "page.html": SPY, "note.md": f"{SCRIPT}\n\n{PICTURE}\n\n$\\\\href{{javascript:window.hacked=1}}{{x}} {PICTURE}$\n\n```math\n{SCRIPT}\n```",
        "data.json": json.dumps({PICTURE: SCRIPT}), "table.json": json.dumps({"columns": [PICTURE], "data": [[SCRIPT]]}),
        "rows.csv": f"{PICTURE}\n{SCRIPT}\n", "book.ipynb": json.dumps(NOTEBOOK), "code.py": f"# {SCRIPT}\nx = '{PICTURE}'\n",
        "MLmodel": f"flavors:\n  '{PICTURE}':\n    x: '{SCRIPT}'\nsignature:\n  inputs: '{SCRIPT}'\n",
        "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1">{SCRIPT}</svg>',
    }.items():
        requests.put(
            f"{mlflow.get_tracking_uri()}/api/2.0/mlflow-artifacts/artifacts/{folder(run)}/{requests.utils.quote(name)}",
            data=text.encode(), timeout=10,
        ).raise_for_status()
    rows = io.BytesIO()
    pandas.DataFrame({PICTURE: [SCRIPT], "lists": [[PICTURE]]}).to_parquet(rows)
    requests.put(
        f"{mlflow.get_tracking_uri()}/api/2.0/mlflow-artifacts/artifacts/{folder(run)}/rows.parquet", data=rows.getvalue(), timeout=10
    ).raise_for_status()


# MARK: What shows


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_overview_tells_what_was_logged(open_page, story, width, scheme):
    page = open_page(f"/runs/{story.run}", width=width, scheme=scheme)

    expect(page.locator(".run-head h1")).to_have_text("brave-newt-7")
    expect(page.locator(".run-head .badge")).to_have_text("Finished")
    expect(page.locator("#metrics tr[data-key=loss] [data-value]")).to_have_text("0.01")
    expect(page.locator("#metrics tr[data-key=odd] [data-value]")).to_have_text("NaN")
    expect(page.locator("#params tr[data-key=optimizer]")).to_contain_text("adam")
    expect(page.locator("[data-note] h1")).to_have_text("Notes")
    expect(page.locator("[data-note] .katex")).to_have_count(1)
    expect(page.locator("[data-note] .hljs-keyword")).to_have_text("import")
    expect(page.locator("#tags tr[data-tag=team]")).to_contain_text("blue")
    page.locator(".dataset summary").click()
    expect(page.locator(".dataset tbody tr").first).to_contain_text("x")
    expect(page.locator(".family")).to_contain_text("parent")
    expect(page.get_by_role("link", name="echo")).to_have_attribute("href", f"/logged-models/{story.model}")
    expect(page.locator(".crumbs a").last).to_have_attribute("href", f"/experiments/{story.experiment}")
    assert_accessible(page)
    assert_fits(page)


def test_a_parent_lists_its_children(open_page, story):
    page = open_page(f"/runs/{story.parent}")

    page.locator(".family a").click()
    expect(page).to_have_url(re.compile(f"/runs/{story.run}$"))


def test_words_leave_only_what_has_them(open_page, story):
    page = open_page(f"/runs/{story.run}")

    page.get_by_role("searchbox").fill("layer1")
    expect(page.locator("#params tbody tr:visible")).to_have_count(11)
    expect(page.locator("#metrics tbody tr:visible")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=layer1$"))
    page.reload()
    expect(page.locator("#params tbody tr:visible")).to_have_count(11)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#params tbody tr:visible")).to_have_count(22)


@pytest.mark.parametrize(("query", "words", "count"), [("?q=layer1", "", 22), ("", "layer1", 11)])
def test_words_that_change_before_the_script_comes_count(open_page, story, query, words, count):
    page = open_page("/")
    waiting = []
    page.route("**/runs/run.js*", lambda route: waiting.append(route))
    page.goto(f"{page.url}runs/{story.run}{query}", wait_until="commit")
    page.locator("#value-search").fill(words)
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(page.locator("#params tbody tr:visible")).to_have_count(count)


def test_system_metrics_stand_apart(web, story):
    text = requests.get(f"{web.url}/runs/{story.run}?tab=metrics", timeout=10).text

    own, system = text.split('id="system-title"')
    assert 'data-key="loss"' in own and 'data-key="system/cpu"' not in own
    assert 'data-key="system/cpu"' in system
    assert own.count("<polyline") == 1
    found = requests.get(f"{web.url}/runs/{story.run}?tab=metrics&metric=LO", timeout=10).text
    assert 'data-key="loss"' in found and 'data-key="odd"' not in found


def test_charts_take_the_place_of_the_sketches(open_page, story):
    page = open_page(f"/runs/{story.run}")

    page.locator("#metrics").get_by_role("link", name="loss").click()
    expect(page.locator(".metric-charts .chart h3")).to_have_text("loss")
    expect(page.locator(".metric-sketch")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_metrics_and_artifacts_fit_and_are_accessible(open_page, story, width):
    page = open_page(f"/runs/{story.run}?tab=metrics", width=width, scheme="dark", expects=["console: "])
    assert_accessible(page)
    assert_fits(page)
    for path in ["", "/code/f.py", "/config.json", "/images", "/analysis.ipynb", "/dot.png"]:
        page.goto(f"/runs/{story.run}/artifacts{path}")
        assert_fits(page)
        if width == 1440:
            assert_accessible(page, leave_out=["iframe"])
    page.goto(f"/runs/{story.run}/register")
    assert_fits(page)


def test_a_run_of_a_repository_leads_to_its_commit(open_page, web):
    requests.post(f"{web.url}/api/v1/user/repos", json={"name": "iris"}, timeout=10).raise_for_status()
    sha = "0123456789abcdef0123456789abcdef01234567"
    client = mlflow.MlflowClient(f"{web.url}/local/iris.mlflow")
    run = client.create_run("0", tags={"mlflow.source.git.commit": sha}).info.run_id
    client.log_text(run, "# Title", "README.md")
    page = open_page(f"/local/iris/runs/{run}")

    expect(page.locator(".run-facts a", has_text=sha[:10])).to_have_attribute("href", f"/local/iris/commit/{sha}")
    page.get_by_role("link", name="Artifacts", exact=True).click()
    page.locator(".tree").get_by_role("link", name="README.md").click()
    expect(page.locator("#preview h1")).to_have_text("Title")
    expect(page).to_have_url(re.compile(f"/local/iris/runs/{run}/artifacts/README.md$"))
    assert requests.get(f"{web.url}/runs/{run}", timeout=10).status_code == 404


# MARK: Edits


def test_files_show_as_they_are_written(open_page, client):
    run = client.create_run(client.create_experiment("as written"), run_name="files").info.run_id
    numbers = '{"id": 12345678901234567890, "small": 7, "part": 0.12345678901234567890, "words": "12345678901234567890"}'
    client.log_text(run, numbers, "ids.json")
    client.log_text(run, "name;score\na;1\nb;2\n", "rows.csv")
    page = open_page(f"/runs/{run}/artifacts/ids.json")
    numbers = page.locator(".json-number")
    expect(numbers).to_have_text(["12345678901234567890", "7", "0.12345678901234568"])
    page.goto(f"/runs/{run}/artifacts/rows.csv")
    expect(page.locator(".table-view tbody tr").first.locator("td")).to_have_text(["a", "1"])
    page.goto(f"/runs/{run}/artifacts/")
    assert page.locator("#preview").is_visible()


def test_a_form_that_opens_has_the_keys(open_page, client):
    run = client.create_run(client.create_experiment("keys of forms"), run_name="old").info.run_id
    page = open_page(f"/runs/{run}")
    page.locator("summary", has_text="Add a tag").click()
    expect(page.locator("#tags").get_by_label("Key")).to_be_focused()
    page.keyboard.type("stage/x")
    expect(page.locator("#tags").get_by_label("Key")).to_have_value("stage/x")
    # The keys of the page rest as long as the form is open, wherever the focus is.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("g e/")
    page.wait_for_timeout(300)
    assert page.url.endswith(run) and page.locator("dialog[open]").count() == 0
    page.locator("summary", has_text="Add a tag").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.press("Escape")

    page.locator("summary", has_text="Rename").click()
    expect(page.locator(".run-head [name=name]")).to_be_focused()
    page.keyboard.type("new")
    page.keyboard.press("Enter")
    expect(page.locator(".run-head h1")).to_have_text("new")
    assert page.title() == "new · Roost"
    page.goto("/experiments")
    page.get_by_text("New experiment").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()


def test_edits_hold(open_page, client, story):
    run = client.create_run(story.experiment, run_name="first").info.run_id
    page = open_page(f"/runs/{run}")

    page.locator("summary", has_text="Rename").click()
    page.get_by_label("Name").fill("second")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".run-head h1")).to_have_text("second")
    page.locator("summary", has_text="Describe this run").click()
    page.get_by_label("Description, in Markdown").fill("*new* note, $x^2$")
    page.locator("#description").get_by_role("button", name="Save").click()
    expect(page.locator("[data-note] em")).to_have_text("new")
    expect(page.locator("[data-note] .katex")).to_have_count(1)
    page.locator("summary", has_text="Add a tag").click()
    page.get_by_label("Key").fill("colour")
    page.get_by_label("Value").fill("red")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#tags tr[data-tag=colour] [data-tag-value]")).to_have_text("red")
    page.get_by_label("Edit tag colour").click()
    page.locator("tr[data-tag=colour] textarea").fill("green")
    page.locator("tr[data-tag=colour]").get_by_role("button", name="Save").click()
    expect(page.locator("#tags tr[data-tag=colour] [data-tag-value]")).to_have_text("green")
    page.get_by_role("button", name="Delete tag colour").click()
    expect(page.locator("#tags tr[data-tag=colour]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#tags tr[data-tag=colour] [data-tag-value]")).to_have_text("green")

    kept = client.get_run(run)
    assert kept.info.run_name == "second"
    assert kept.data.tags["colour"] == "green"
    assert kept.data.tags["mlflow.note.content"] == "*new* note, $x^2$"


def test_what_the_server_refuses_comes_back(open_page, client, story):
    run = client.create_run(story.experiment, run_name="stays", tags={"team": "blue"}).info.run_id
    page = open_page(f"/runs/{run}", expects=["400", "console: Failed to load resource"])
    page.route("**/ajax-api/2.0/mlflow/runs/*", lambda route: route.fulfill(status=400, json={"error_code": "X", "message": "Not today."}))

    page.locator("summary", has_text="Rename").click()
    page.get_by_label("Name").fill("moves")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast.bad")).to_contain_text("Not today.")
    expect(page.locator(".run-head h1")).to_have_text("stays")
    page.get_by_role("button", name="Delete tag team").click()
    expect(page.locator("#tags tr[data-tag=team]")).to_be_visible()


def test_a_run_is_stopped_and_moved_to_the_bin_and_back(open_page, client, story):
    run = client.create_run(story.experiment, run_name="long").info.run_id
    page = open_page(f"/runs/{run}")

    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".run-head .badge")).to_have_text("Killed")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("This run is in the bin.")).to_be_visible()
    expect(page.get_by_text("Add a tag")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("This run is in the bin.")).to_have_count(0)
    expect(page.get_by_text("Add a tag")).to_be_visible()

    kept = client.get_run(run).info
    assert (kept.status, kept.lifecycle_stage) == ("KILLED", "active")
    assert kept.end_time >= kept.start_time


def test_forms_work_without_script(web, client, story):
    run = client.create_run(story.experiment).info.run_id

    def send(deed, **fields):
        headers = {"X-Roost-Request": "test"}
        answer = requests.post(f"{web.url}/runs/{run}/{deed}", data={"from": "test", **fields}, headers=headers, allow_redirects=False, timeout=10)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/runs/{run}"), answer.text

    send("rename", name="renamed")
    send("note", note="a note")
    send("tags", key="k", value="v")
    send("tags", key="gone", value="v")
    send("tags/delete", key="gone")
    send("stop")
    kept = client.get_run(run)
    assert (kept.info.run_name, kept.info.status) == ("renamed", "KILLED")
    assert kept.data.tags["mlflow.note.content"] == "a note"
    assert kept.data.tags["k"] == "v" and "gone" not in kept.data.tags
    send("delete")
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    send("restore")
    assert client.get_run(run).info.lifecycle_stage == "active"
    # A page elsewhere cannot send them.
    assert requests.post(f"{web.url}/runs/{run}/delete", headers={"Sec-Fetch-Site": "cross-site"}, timeout=10).status_code == 403


def test_a_model_is_registered_without_script(browser, web, client, story):
    context = browser.new_context(base_url=web.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/runs/{story.run}")
    page.get_by_role("link", name="Register model").click()
    assert page.get_by_role("radio").first.is_checked()
    page.locator("[name=name]").fill("echoes")
    page.get_by_label("Aliases").fill("best, v 1.0")
    page.get_by_label("Description").fill("An *echo*.")
    page.get_by_role("button", name="Register").click()
    # What is wrong stands above the form, which keeps what was typed; nothing was made.
    expect(page.get_by_role("alert")).to_contain_text("1.0")
    expect(page.get_by_label("Description")).to_have_value("An *echo*.")
    assert client.search_registered_models("name = 'echoes'") == []
    page.get_by_label("Aliases").fill("best, first")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/models/echoes/versions/1")

    version = client.get_model_version("echoes", "1")
    assert (version.run_id, version.source) == (story.run, f"models:/{story.model}")
    assert version.description == "An *echo*."
    assert sorted(version.aliases) == ["best", "first"]
    page.goto(f"/runs/{story.run}")
    expect(page.get_by_role("link", name="echoes version 1")).to_be_visible()
    page.goto(f"/logged-models/{story.model}")
    page.get_by_role("link", name="Register model").click()
    page.locator("[name=name]").fill("echoes")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/models/echoes/versions/2")
    assert client.get_model_version("echoes", "2").run_id == story.run
    context.close()


def test_what_cannot_be_registered_says_why(open_page, client, story):
    mlflow.genai.register_prompt(name="taken", template="Hello")
    page = open_page(f"/logged-models/{story.model}/register", expects=["400", "console: Failed to load"])
    assert_accessible(page)
    page.locator("[name=name]").fill("taken")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("taken")
    assert_accessible(page)
    page.get_by_role("radio").evaluate("radio => { radio.value = 'models:/m-0' }")
    page.locator("[name=name]").fill("other")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what is to be registered")


def test_a_running_run_is_live(open_page, client, story):
    run = client.create_run(story.experiment, run_name="live").info.run_id
    client.log_metric(run, "loss", 3.0, step=1)
    page = open_page(f"/runs/{run}")
    expect(page.locator("#metrics tr[data-key=loss] [data-value]")).to_have_text("3")
    page.wait_for_timeout(600)  # The stream begins; a run is looked at every 400 ms.

    client.log_metric(run, "loss", 2.0, step=2)
    expect(page.locator("#metrics tr[data-key=loss] [data-value]")).to_have_text("2", timeout=1_000)
    expect(page.locator("#metrics tr[data-key=loss] [data-step]")).to_have_text("2")
    client.log_metric(run, "accuracy", 0.5)
    client.log_param(run, "late", "yes")
    expect(page.locator("#metrics tr[data-key=accuracy]")).to_be_visible()
    expect(page.locator("#params tr[data-key=late]")).to_be_visible()
    client.set_terminated(run, "FAILED")
    expect(page.locator(".run-head .badge")).to_have_text("Failed", timeout=1_000)


def test_each_role_sees_what_it_may_do(open_page, new_roost):
    with new_roost(options=["--auth", *page_options()]) as server:
        members = Members(server)
        for login in ["bob", "eve"]:
            members.add(login)
        members.api("ann", "POST", "user/repos", name="iris", private=True)
        members.api("ann", "PUT", "repos/ann/iris/collaborators/bob", permission="read")
        cookies = {login: members.cookie(login) for login in ["ann", "bob", "eve"]}

        def ask(login, method, path, content=None, type_="application/json"):
            cookie = f"{cookies[login]['name']}={cookies[login]['value']}"
            return members.ask(method, path, content, {"Cookie": cookie, "Content-Type": type_, "X-Roost-Request": "test"})

        status, _, text = ask("ann", "POST", "/ann/iris.mlflow/api/2.0/mlflow/runs/create", '{"experiment_id": "0", "run_name": "hers"}')
        assert status == 200, text
        info = json.loads(text)["run"]["info"]
        place = info["artifact_uri"].removeprefix("mlflow-artifacts:/")
        ask("ann", "PUT", f"/ann/iris.mlflow/api/2.0/mlflow-artifacts/artifacts/{place}/a.txt", "text")
        path = f"/ann/iris/runs/{info['run_id']}"

        page = open_page(path, server=server, cookies=[cookies["ann"]])
        page.locator("summary", has_text="Add a tag").click()
        page.get_by_label("Key").fill("by")
        page.get_by_label("Value").fill("her")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#tags tr[data-tag=by]")).to_contain_text("her")
        page.goto(path + "/artifacts")
        page.get_by_label("Add files").set_input_files({"name": "b.txt", "mimeType": "text/plain", "buffer": b"new"})
        page.get_by_role("button", name="Upload").click()
        expect(page.locator(".tree").get_by_role("link", name="b.txt")).to_be_visible()

        page = open_page(path, server=server, cookies=[cookies["bob"]])
        expect(page.locator("#tags tr[data-tag=by]")).to_contain_text("her")
        assert page.locator("article form:not([role=search]), article dialog").count() == 0
        page.goto(path + "/artifacts/a.txt")
        expect(page.locator("#preview code")).to_have_text("text")
        assert page.locator("article form").count() == 0
        assert ask("bob", "POST", path + "/rename", "name=his", "application/x-www-form-urlencoded")[0] == 403
        for piece in ["", "/artifacts", "/preview", "/tree", "/raw/a.txt", "/archive"]:
            assert ask("eve", "GET", path + piece)[0] == 404, piece
            assert ask("bob", "GET", path + piece)[0] == 200, piece


# MARK: Artifacts


def test_artifacts_show_as_what_they_are(open_page, story):
    page = open_page(f"/runs/{story.run}/artifacts", expects=["console: "])
    tree, preview = page.locator(".tree"), page.locator("#preview")

    tree.get_by_role("button", name="Files in code").click()
    tree.get_by_role("link", name="f.py").click()
    expect(preview.locator(".hljs-keyword").first).to_have_text("def")
    expect(page).to_have_url(re.compile("/artifacts/code/f.py$"))
    preview.locator("#L2").click()
    expect(page).to_have_url(re.compile("f.py#L2$"))
    expect(preview.locator(".code-mark")).to_be_visible()
    tree.get_by_role("link", name="README.md").click()
    expect(preview.locator(".markdown h1")).to_have_text("Title")
    expect(preview.locator(".katex")).to_have_count(1)
    expect(preview.locator("img")).to_have_count(1)
    expect(preview.get_by_role("link", name="other")).to_have_attribute("href", f"/runs/{story.run}/artifacts/code/f.py")
    tree.get_by_role("link", name="config.json").click()
    preview.locator(".json summary", has_text="a:").click()
    preview.locator(".json summary", has_text="b:").click()
    expect(preview.locator(".json")).to_contain_text("b: [3]")
    tree.get_by_role("link", name="report.html").click()
    expect(preview.frame_locator("iframe").locator("h1")).to_have_text("Report")
    tree.get_by_role("link", name="circle.svg").click()
    assert preview.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 9
    preview.get_by_label("Pixels").check()
    preview.get_by_role("button", name="+").click()
    tree.get_by_role("link", name="weights.npy").click()
    expect(preview).to_contain_text("has no preview")
    expect(preview.locator(".facts")).to_contain_text("(2, 3)")
    tree.get_by_role("link", name="tone.wav").click()
    assert preview.locator("audio").evaluate(
        "audio => new Promise(done => { if (audio.duration) done(audio.duration); audio.onloadedmetadata = () => done(audio.duration); })"
    ) == pytest.approx(0.1)
    # A place within it is asked for as such.
    assert preview.locator("audio").evaluate(
        "audio => new Promise(done => { audio.onseeked = () => done([audio.currentTime, audio.seekable.end(0)]); audio.currentTime = 0.05 })"
    ) == pytest.approx([0.05, 0.1])
    page.go_back()
    expect(preview.locator("h2")).to_have_text("weights.npy")
    page.reload()
    expect(preview.locator("h2")).to_have_text("weights.npy")


def test_a_parquet_file_shows_its_first_rows(open_page, story):
    page = open_page(f"/runs/{story.run}/artifacts/flowers.parquet")
    preview = page.locator("#preview")

    expect(preview.locator(".table-file tbody tr").first.locator("td")).to_have_text(["0", "<b>rose</b>", "5", "2026-01-02 03:04:05"])
    expect(preview.locator(".table-file tbody tr").nth(2).locator("td")).to_have_text(["2", "–", "7", "2026-01-03 00:00:00"])
    expect(preview).to_contain_text("3 rows · 3 columns")
    preview.locator("summary", has_text="Schema").click()
    expect(preview.locator("tr", has_text="petals").last).to_contain_text("int64")
    assert_accessible(page)
    page.goto(f"/runs/{story.run}/artifacts/broken.parquet")
    expect(preview).to_contain_text("no whole Parquet file")


def test_a_pdf_is_shown_by_the_browser_and_media_by_parts(open_page, web, story):
    page = open_page(f"/runs/{story.run}/artifacts/paper.pdf", expects=["console: ", "elsewhere: chrome"])
    raw = page.locator("#preview iframe").get_attribute("src")
    answer = requests.get(web.url + raw, timeout=10)
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "sandbox" not in answer.headers["Content-Security-Policy"]
    tone = f"{web.url}/runs/{story.run}/raw/tone.wav"
    part = requests.get(tone, headers={"Range": "bytes=4-7"}, timeout=10)
    assert (part.status_code, part.content) == (206, requests.get(tone, timeout=10).content[4:8])


def test_tables_sort(open_page, story):
    page = open_page(f"/runs/{story.run}/artifacts/tables/scores.csv")
    preview = page.locator("#preview")

    rows = preview.locator(".table-view tbody tr")
    expect(rows).to_have_text(["b10", "a9", "c, d"])
    preview.get_by_role("button", name="score").click()
    expect(rows).to_have_text(["a9", "b10", "c, d"])
    preview.get_by_role("button", name="score").click()
    expect(rows).to_have_text(["b10", "a9", "c, d"])
    page.locator(".tree").get_by_role("link", name="eval.json").click()
    expect(rows).to_have_text(["hi2", "you3"])
    assert_accessible(page)


def test_a_notebook_shows_its_cells(open_page, story):
    page = open_page(f"/runs/{story.run}/artifacts/analysis.ipynb", expects=["console: "])

    expect(page.locator(".cell h1")).to_have_text("Analysis")
    expect(page.locator(".cell .katex")).to_have_count(1)
    expect(page.locator(".cell-source .hljs-built_in, .cell-source .hljs-number").first).to_be_visible()
    expect(page.locator(".cell pre.cell-output").first).to_contain_text("True")
    expect(page.locator(".cell pre.bad")).to_have_text("Traceback")
    expect(page.frame_locator("iframe.cell-frame").locator("#told")).to_have_text(NOTHING)
    assert page.evaluate("window.hacked") is None


def test_logged_images_have_a_slider(open_page, story):
    page = open_page(f"/runs/{story.run}/artifacts/images")
    gallery = page.locator(".gallery")

    expect(gallery.locator("[data-step]").first).to_have_text("step 2")
    gallery.get_by_role("slider").press("ArrowLeft")
    expect(gallery.locator("figcaption [data-step]")).to_have_text("step 1")
    assert "+step+1+" in requests.utils.unquote(gallery.locator("img").get_attribute("src"))
    assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_logged_model_tells_how_to_load_it(open_page, story, width):
    page = open_page(f"/logged-models/{story.model}", width=width)

    expect(page.locator(".run-head h1")).to_have_text("echo")
    expect(page.get_by_text(f'load_model("models:/{story.model}")').first).to_be_visible()
    expect(page.locator("tr", has_text="depth")).to_contain_text("3")
    assert_fits(page)
    page.get_by_role("link", name="Artifacts", exact=True).click()
    expect(page.locator(".model th[scope=row]")).to_have_text(["python_function"])
    expect(page.locator(".model tbody tr", has_text="double").first).to_contain_text("x")
    expect(page.locator(".model")).to_contain_text("Requirements")
    assert_accessible(page)
    assert_fits(page)


def test_the_models_of_an_experiment_are_found(open_page, story):
    page = open_page(f"/experiments/{story.experiment}/models", width=375)

    expect(page.get_by_role("link", name="echo")).to_have_attribute("href", f"/logged-models/{story.model}")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("searchbox").fill("params.depth = '4'")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("No model is like that.")).to_be_visible()
    page.get_by_role("searchbox").fill("depth ~ 4")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_files_are_downloaded_and_uploaded(open_page, web, story, client):
    answer = requests.get(f"{web.url}/runs/{story.run}/archive/code", timeout=10)
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        assert tar.getnames() == ["code/README.md", "code/f.py"]
        assert tar.extractfile("code/f.py").read().startswith(b"def f(x):")
    download = requests.get(f"{web.url}/runs/{story.run}/raw/report.html?download=1", timeout=10)
    assert download.headers["content-disposition"] == "attachment; filename=report.html"

    page = open_page(f"/runs/{story.run}/artifacts/code")
    page.get_by_label("Add files").set_input_files({"name": "new file.txt", "mimeType": "text/plain", "buffer": b"new"})
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".tree").get_by_role("link", name="new file.txt")).to_be_visible()
    assert "code/new file.txt" in [file.path for file in client.list_artifacts(story.run, "code")]


def test_artifacts_elsewhere_are_told(open_page, client):
    experiment = client.create_experiment("far", artifact_location="s3://bucket/far")
    run = client.create_run(experiment).info.run_id
    page = open_page(f"/runs/{run}/artifacts")

    expect(page.get_by_text("s3://bucket/far").first).to_be_visible()


# MARK: Attacks


def test_nothing_that_users_wrote_runs(open_page, story):
    """Security: CVE-2024-27132, CVE-2024-27133: markup in fields and contents stays text."""
    page = open_page(f"/runs/{story.hostile}")
    expect(page.locator(".run-head h1")).to_have_text(SCRIPT)
    assert page.locator("a[href^=javascript]").count() == 0
    page.locator(".dataset summary").click()
    assert page.evaluate("window.hacked") is None
    page.goto(f"/runs/{story.hostile}/artifacts")
    names = page.locator(".tree a.leaf").evaluate_all("links => links.map(link => link.dataset.path)")
    assert len(names) == 11
    for name in names:
        if name in ("page.html", "book.ipynb"):
            continue
        page.locator(".tree").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("#preview h2")).to_have_text(name)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hacked") is None, name
        assert page.locator("#preview a[href^=javascript]").count() == 0, name


def test_what_is_registered_is_text(open_page, client, story):
    model = mlflow.MlflowClient().create_logged_model(story.experiment, name="odd <b>").model_id
    client.finalize_logged_model(model, "READY")
    page = open_page(f"/logged-models/{model}/register", expects=["400", "console: Failed to load"])
    for name, value in {"aliases": SCRIPT, "description": f"{SCRIPT} {PICTURE}", "name": PICTURE}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=aliases]")).to_have_value(SCRIPT)
    expect(page.locator("[name=description]")).to_have_value(f"{SCRIPT} {PICTURE}")
    assert page.locator("main script, main img, main b").count() == 0
    page.locator("[name=aliases]").fill("")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/versions/1")
    assert page.locator("main img, main script, .description b").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_frame_of_a_user_reaches_nothing(open_page, story):
    page = open_page(f"/runs/{story.hostile}/artifacts/page.html", expects=["console: "], cookies=[{"name": "secret", "value": "1"}])

    expect(page.frame_locator("iframe").locator("#told")).to_have_text(NOTHING)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_opened_by_its_address_it_reaches_nothing(open_page, web, story, name):
    page = open_page(f"/runs/{story.hostile}/raw/{name}", expects=["console: "], cookies=[{"name": "secret", "value": "1"}])

    assert page.evaluate("window.origin") == "null"
    if name == "page.html":
        expect(page.locator("#told")).to_have_text(NOTHING.replace("no parent", "parent "))
    answer = requests.get(f"{web.url}/runs/{story.hostile}/raw/{name}", timeout=10)
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
