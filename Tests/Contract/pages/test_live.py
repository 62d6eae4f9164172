"""What changes on open pages by itself, as a real client logs."""

import mlflow
import numpy
import pytest
from playwright.sync_api import expect

SOON_MS = 5_000


@pytest.fixture(scope="module")
def client(web):
    mlflow.set_tracking_uri(web.url)
    # Another module may have left that of its own server, which is gone.
    mlflow.set_registry_uri(web.url)
    return mlflow.MlflowClient(web.url)


def requests_of(page, part):
    """The addresses with a part in them that the page asks for from now on."""
    found = []
    page.on("request", lambda request: found.append(request.url) if part in request.url else None)
    return found


def hide(page, is_hidden):
    """Makes the page believe that its tab is hidden, which no browser without windows does."""
    page.evaluate(
        """(isHidden) => {
            Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_home_is_told_what_happens_and_asks_for_nothing_else(open_page, client):
    page = open_page("/")
    page.wait_for_selector(".first-steps")
    page.wait_for_timeout(500)  # The stream begins a moment after the page.
    streams = requests_of(page, "/-/live")
    experiment = client.create_experiment("home")
    run = client.create_run(experiment, run_name="begun")
    expect(page.locator(".running")).to_contain_text("begun", timeout=SOON_MS)
    assert page.locator(".first-steps").count() == 0
    page.locator(".running a", has_text="begun").focus()
    client.create_run(experiment, run_name="another")
    expect(page.locator(".running")).to_contain_text("another", timeout=SOON_MS)
    assert page.evaluate("document.activeElement.textContent") == "begun"

    pages = requests_of(page, "127.0.0.1")
    page.wait_for_timeout(2_500)
    assert pages == []
    assert streams == []

    hide(page, True)
    client.set_terminated(run.info.run_id)
    page.wait_for_timeout(1_500)
    assert "finished" not in page.inner_text(".timeline")
    hide(page, False)
    expect(page.locator(".timeline")).to_contain_text("finished the run begun", timeout=SOON_MS)
    assert len(streams) == 1


def test_a_new_repository_comes_to_the_home_of_who_made_it(open_page, client):
    page = open_page("/")
    page.wait_for_selector("#home")
    page.wait_for_timeout(1_500)
    answer = page.request.post("/api/v1/user/repos", data={"name": "pushed"})
    assert answer.ok, answer.text()
    upload = {"message": "First", "content": "aGk=", "branch": "main"}
    answer = page.request.post("/api/v1/repos/local/pushed/contents/README.md", data=upload)
    assert answer.ok, answer.text()
    expect(page.get_by_role("link", name="local/pushed").first).to_be_visible(timeout=SOON_MS)


def test_new_runs_come_into_the_table_unless_somebody_reads_there(open_page, client):
    experiment = client.create_experiment("table")
    for number in range(60):
        client.create_run(experiment, run_name=f"old-{number}")
    page = open_page(f"/experiments/{experiment}")
    expect(page.locator('.grid-row[data-place="0"]')).to_contain_text("old-59")
    page.wait_for_timeout(2_000)

    client.create_run(experiment, run_name="seen at once")
    expect(page.locator('.grid-row[data-place="0"]')).to_contain_text("seen at once", timeout=SOON_MS)
    expect(page.locator(".table-line")).to_contain_text("61 runs")

    page.locator(".grid").hover()
    client.create_run(experiment, run_name="waits")
    expect(page.get_by_role("button", name="1 new run")).to_be_visible(timeout=SOON_MS)
    expect(page.locator('.grid-row[data-place="0"]')).to_contain_text("seen at once")

    page.mouse.wheel(0, 400)
    page.wait_for_function("() => document.querySelector('.grid').scrollTop > 300")
    row = page.locator(".grid-row", has_text="old-40")
    before = row.bounding_box()["y"]
    page.get_by_role("button", name="1 new run").click()
    expect(page.locator(".table-line")).to_contain_text("62 runs")
    # Rows are drawn with the next frame.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert row.bounding_box()["y"] == pytest.approx(before, abs=1)


@pytest.mark.parametrize(("words", "shown"), [("", ".grid-row"), ("/charts", ".charts-runs li")])
def test_the_first_run_of_an_experiment_makes_its_page(open_page, client, words, shown):
    experiment = client.create_experiment(f"first{words}")
    page = open_page(f"/experiments/{experiment}{words}")
    page.get_by_text("No runs yet").wait_for()
    page.evaluate("window.isFirst = true")
    page.wait_for_timeout(2_500)
    assert page.evaluate("window.isFirst")
    client.create_run(experiment, run_name="first")
    expect(page.locator(shown)).to_contain_text("first", timeout=SOON_MS)


def test_artifacts_come_into_the_tree_as_they_are_logged(open_page, client):
    experiment = client.create_experiment("artifacts")
    run = client.create_run(experiment).info.run_id
    page = open_page(f"/runs/{run}/artifacts")
    page.get_by_text("No artifacts yet").wait_for()
    client.log_text(run, "one", "notes/one.txt")
    notes = page.locator('li[data-folder$="/notes"]')
    expect(notes).to_be_visible(timeout=SOON_MS)

    page.get_by_role("button", name="Files in notes").click()
    page.locator("a[data-path='notes/one.txt']").click()
    expect(page.locator("#preview")).to_contain_text("one")
    page.evaluate("document.querySelector('#preview').firstElementChild.id = 'kept'")
    client.log_text(run, "two", "notes/a-two.txt")
    client.log_image(run, numpy.zeros((8, 8, 3), dtype=numpy.uint8), "black.png")
    expect(page.locator("a[data-path='black.png']")).to_be_visible(timeout=SOON_MS)
    expect(notes.locator("a.leaf")).to_have_text(["a-two.txt", "one.txt"], timeout=SOON_MS)
    assert page.locator("#kept").count() == 1
    assert page.get_attribute("a[data-path='notes/one.txt']", "aria-current") == "page"
    assert page.locator(".tree > li").first.locator("a").first.get_attribute("data-path") == "black.png"

    page.get_by_role("link", name="All artifacts").click()
    expect(page.locator("#preview")).to_contain_text("black.png")
    client.log_text(run, "three", "zuletzt.txt")
    expect(page.locator("#preview")).to_contain_text("zuletzt.txt", timeout=SOON_MS)


def test_the_page_of_a_run_follows_what_a_client_logs(open_page, client):
    experiment = client.create_experiment("followed")
    with mlflow.start_run(experiment_id=experiment) as active:
        mlflow.log_metric("loss", 0.5, step=1)
        page = open_page(f"/runs/{active.info.run_id}")
        expect(page.locator("#metrics [data-value]")).to_have_text("0.5")
        mlflow.log_metric("loss", 0.25, step=2)
        expect(page.locator("#metrics [data-value]")).to_have_text("0.25", timeout=SOON_MS)
        mlflow.log_param("lr", 0.1)
        expect(page.locator("#params")).to_contain_text("lr", timeout=SOON_MS)
    expect(page.locator("[data-run-status]")).to_have_text("Finished", timeout=SOON_MS)


def open_run_that_is_told(open_page, client, run):
    """The page of a run, once its stream has begun."""
    client.log_metric(run, "loss", 0.5)
    page = open_page(f"/runs/{run}")
    client.log_metric(run, "loss", 0.25, step=1)
    expect(page.locator("#metrics [data-value]")).to_have_text("0.25", timeout=SOON_MS)
    return page


def test_a_page_goes_on_when_an_answer_breaks_off(open_page, client):
    experiment = client.create_experiment("broken off")
    run = client.create_run(experiment).info.run_id
    page = open_run_that_is_told(open_page, client, run)

    page.evaluate("""() => {
      const { fetch } = window;
      window.fetch = async () => {
        window.fetch = fetch;
        return new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError("gone")) }));
      };
      window.isWhole = () => window.fetch === fetch;
    }""")
    client.log_param(run, "first", 1)
    page.wait_for_function("() => window.isWhole()")
    client.log_param(run, "second", 2)
    expect(page.locator("#params")).to_contain_text("second", timeout=SOON_MS)


def test_an_edit_that_is_open_is_not_swapped_away(open_page, client):
    experiment = client.create_experiment("edited")
    run = client.create_run(experiment).info.run_id
    page = open_run_that_is_told(open_page, client, run)
    tags = page.locator("#tags")

    page.evaluate("""() => {
      const { fetch } = window;
      window.fetch = async (...words) => {
        window.fetch = fetch;
        const answer = await fetch(...words);
        await new Promise((go) => { window.letGo = go; });
        return answer;
      };
    }""")
    client.set_tag(run, "told", "1")
    page.wait_for_function("() => window.letGo")
    page.get_by_text("Add a tag").click()
    key = tags.get_by_label("Key")
    key.fill("typed")
    page.evaluate("""() => new Promise((done) => {
      document.addEventListener("renewed", () => done(), { once: true });
      window.letGo();
    })""")
    assert key.input_value() == "typed"
    expect(tags).not_to_contain_text("told")

    page.get_by_text("Add a tag").click()
    expect(tags).to_contain_text("told", timeout=SOON_MS)


def test_new_names_get_columns_in_an_open_table(open_page, client):
    experiment = client.create_experiment("new names")
    run = client.create_run(experiment, run_name="one").info.run_id
    client.log_metric(run, "loss", 0.5)
    page = open_page(f"/experiments/{experiment}")
    expect(page.locator('.grid-row [data-word="m.loss"]')).to_have_text("0.5")
    client.log_metric(run, "loss", 0.25, step=1)
    expect(page.locator('.grid-row [data-word="m.loss"]')).to_have_text("0.25", timeout=SOON_MS)

    client.log_metric(run, "accuracy", 0.75)
    expect(page.locator('.grid-row [data-word="m.accuracy"]')).to_have_text("0.75", timeout=2 * SOON_MS)
    client.log_param(run, "lr", "0.1")
    expect(page.locator('.grid-row [data-word="p.lr"]')).to_have_text("0.1", timeout=2 * SOON_MS)
    # Columns that somebody has chosen stay as they are.
    assert "columns=" not in page.url
    page.locator('.grid-head [data-word="user"]').hover()
    page.get_by_label("Column User").click()
    page.get_by_role("menuitem", name="Hide").click()
    client.log_metric(run, "later", 1)
    page.wait_for_timeout(4_000)
    assert page.locator('.grid-head [data-word="m.later"]').count() == 0


def test_what_happens_to_runs_elsewhere_shows_in_the_table_and_above_it(open_page, client):
    experiment = client.create_experiment("elsewhere")
    runs = [client.create_run(experiment, run_name=f"run-{number}").info.run_id for number in range(3)]
    page = open_page(f"/experiments/{experiment}")
    expect(page.locator(".grid-row")).to_have_count(3)
    expect(page.locator(".experiment-header")).to_contain_text("3 running")
    page.wait_for_timeout(1_000)  # The stream begins a moment after the page.

    client.delete_run(runs[1])
    expect(page.locator(".grid-row")).to_have_count(2, timeout=2 * SOON_MS)
    expect(page.locator(".experiment-header")).to_contain_text("2 runs", timeout=2 * SOON_MS)
    client.restore_run(runs[1])
    expect(page.locator(".grid-row")).to_have_count(3, timeout=2 * SOON_MS)
    client.set_terminated(runs[0])
    expect(page.locator(".experiment-header")).to_contain_text("2 running", timeout=2 * SOON_MS)
