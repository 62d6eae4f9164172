"""The list of experiments and the table of runs, driven in Chromium."""

import csv
import io
import re

import pytest
import requests
from playwright.sync_api import expect

from looks import WIDTHS, assert_accessible, assert_fits
from servers import wait_until
from test_accounts import PASSWORD, Team, basic, set_up_link


def post(web, path, **fields):
    answer = requests.post(f"{web.url}/api/2.0/mlflow/{path}", json=fields, timeout=10)
    answer.raise_for_status()
    return answer.json()


def run(web, experiment, name, start, metrics=None, params=None, tags=None, status="FINISHED"):
    """A run with the last values of its metrics, each logged at the steps 0 to 4."""
    tags = [{"key": key, "value": value} for key, value in (tags or {}).items()]
    made = post(web, "runs/create", experiment_id=experiment, run_name=name, start_time=start, user_id="ann", tags=tags)
    id = made["run"]["info"]["run_id"]
    points = [
        {"key": key, "value": value * (step + 1) / 5, "timestamp": start + step, "step": step}
        for key, value in (metrics or {}).items()
        for step in range(5)
    ]
    params = [{"key": key, "value": value} for key, value in (params or {}).items()]
    post(web, "runs/log-batch", run_id=id, metrics=points, params=params)
    if status != "RUNNING":
        post(web, "runs/update", run_id=id, status=status, end_time=start + 90_000)
    return id


@pytest.fixture(scope="module")
def iris(web):
    """An experiment of 120 runs, the newest of which is `run-119`; the `lr` of each third is another."""
    note = {"key": "mlflow.note.content", "value": "Leaves & **flowers**\n\n<script>alert(1)</script>"}
    id = post(web, "experiments/create", name="iris <b>", tags=[note])["experiment_id"]
    for number in range(120):
        run(
            web, id, f"run-{number}", 1_760_000_000_000 + number * 1_000,
            metrics={"acc": (number * 37 % 120) / 120, "val/loss": 1 - number / 240},
            params={"lr": ["0.1", "0.01", "it's"][number % 3], "same": "yes"},
            tags={"team": "<i>red"},
        )
    return id


def names(page, count=5):
    """The names of the first runs that the table shows."""
    return [page.locator(f'.grid-row[data-place="{place}"] [data-word="name"] a').inner_text() for place in range(count)]


def wait_for_first(page, name):
    page.wait_for_function(
        """name => document.querySelector('.grid-row[data-place="0"] [data-word="name"] a')?.textContent === name""",
        arg=name,
    )


def filter_by(page, text):
    page.get_by_label("Filter runs").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "scheme"), [(WIDTHS[0], "light"), (WIDTHS[1], "dark"), (WIDTHS[2], "light")])
def test_the_pages_fit_and_are_accessible(open_page, iris, width, scheme):
    page = open_page("/experiments", width=width, scheme=scheme)
    assert page.get_by_role("link", name="iris <b>", exact=True).is_visible()
    assert_fits(page)
    assert_accessible(page)

    page.goto(f"/experiments/{iris}")
    page.wait_for_selector(".grid-row")
    assert_fits(page)
    assert_accessible(page)


def test_an_experiment_is_made_changed_deleted_and_restored(open_page):
    page = open_page("/experiments")
    page.get_by_text("New experiment").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("wine")
    page.get_by_role("button", name="Create").click()
    page.locator("h1", has_text="wine").wait_for()
    assert "No runs yet" in page.locator("main").inner_text()

    page.get_by_text("Edit").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("wine 2")
    page.get_by_role("textbox", name="Description").fill("*Red* or white")
    page.get_by_role("button", name="Save").click()
    page.locator("h1", has_text="wine 2").wait_for()
    page.get_by_text("Edit").click()
    page.get_by_role("textbox", name="Tag", exact=True).fill("team")
    page.get_by_role("textbox", name="Value", exact=True).fill("cellar")
    page.get_by_role("button", name="Set").click()
    page.get_by_text("team: cellar").wait_for()
    assert page.locator("h1").inner_text() == "wine 2"

    page.goto("/experiments?q=WINE")
    assert "Red or white" in page.locator("tbody").inner_text()
    page.get_by_label("Delete wine 2").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Delete wine 2").click()
    page.get_by_text("Deleted wine 2").wait_for()
    page.goto("/experiments?stage=deleted")
    page.get_by_role("button", name="Restore").click()
    page.locator("h1", has_text="wine 2").wait_for()


def test_a_description_is_a_line_of_words_above_its_runs(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    assert page.locator(".experiment-note > summary").inner_text() == "Leaves & flowers"


def test_formulas_of_a_description_are_drawn(web, open_page):
    note = {"key": "mlflow.note.content", "value": "Loss is $L_1 = -y_i$, so\n\n$$\\hat{y} = \\{1\\}$$"}
    id = post(web, "experiments/create", name="formulas", tags=[note])["experiment_id"]
    page = open_page(f"/experiments/{id}")
    page.locator(".experiment-note > summary").click()
    page.locator(".experiment-note .katex-display").wait_for()
    assert page.locator(".experiment-note .katex").count() == 2
    assert page.locator(".experiment-note .katex-error").count() == 0
    assert_accessible(page)


def test_infinities_and_nan_are_told_as_such(web, open_page):
    id = post(web, "experiments/create", name="odd")["experiment_id"]
    runs = [run(web, id, f"odd-{value}", 1_760_000_000_000) for value in ("inf", "-inf", "nan")]
    for one, value in zip(runs, ["Infinity", "-Infinity", "NaN"], strict=True):
        post(web, "runs/log-metric", run_id=one, key="loss", value=value, timestamp=1, step=0)
    shown = ["∞", "−∞", "NaN"]
    wave = run(web, id, "wave", 1_760_000_000_000, metrics={"loss": 1})
    post(web, "runs/log-metric", run_id=wave, key="loss", value="Infinity", timestamp=2, step=9)

    page = open_page(f"/experiments/{id}?order=attributes.run_name+DESC")
    page.wait_for_selector('.grid-row [data-word="m.loss"]')
    assert sorted(page.locator('.grid-row [data-word="m.loss"]').all_inner_texts()) == sorted([*shown, "∞"])
    page.goto(f"/experiments/{id}?columns=name,m.loss:min:spark")
    points = page.locator(".grid-row", has_text="wave").locator(".spark polyline").get_attribute("points").split()
    # The last of six points is infinite; the others rise over the whole height.
    assert [float(point.split(",")[1]) for point in points] == [17, 13.5, 10, 6.5, 3]
    page.goto(f"/runs/compare?{'&'.join(f'run={one}' for one in runs)}")
    assert page.locator("tr:has(th[title=loss]) td").all_inner_texts() == shown
    assert [crumb.strip() for crumb in page.locator(".crumbs li").all_inner_texts()] == ["Experiments", "odd", "Compare"]
    for one, text in zip(runs, shown, strict=True):
        page.goto(f"/runs/{one}")
        assert page.locator("#metrics [data-value]").inner_text() == text


def test_charts_are_of_the_runs_that_the_table_shows(open_page, iris):
    page = open_page(f"/experiments/{iris}?filter=params.lr+%3D+'0.1'&order=metrics.acc+DESC")
    page.get_by_text("40 runs", exact=True).wait_for()
    page.get_by_role("link", name="Charts").click()
    page.wait_for_selector(".charts-runs li")
    assert page.locator(".charts-runs li").count() == 40
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_text("40 runs", exact=True).wait_for()
    page.locator('.grid-row[data-place="0"] input').click()
    page.locator('.grid-row[data-place="2"] input').click(modifiers=["Shift"])
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Charts").click()
    page.wait_for_selector(".charts-runs li")
    assert page.locator(".charts-runs li").count() == 3


def test_without_script_the_table_has_rows_sorts_and_filters(web, iris):
    rows = requests.get(
        f"{web.url}/experiments/{iris}", params={"filter": "metrics.acc > 0.99", "order": "metrics.acc DESC"}, timeout=10
    ).text

    assert "run-107</bdi></a>" in rows and "run-94</bdi></a>" not in rows
    assert "&lt;b&gt;" in rows and "<b>" not in rows.split("<main")[1].split("</h1>")[0]
    assert "<script>alert" not in rows
    wrong = requests.get(f"{web.url}/experiments/{iris}", params={"filter": "metrics.acc >"}, timeout=10)
    assert wrong.status_code == 200 and "Invalid clause" in wrong.text


def test_all_runs_are_reached_by_scrolling_and_by_a_jump(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    wait_for_first(page, "run-119")
    page.get_by_text("120 runs", exact=True).last.wait_for()
    assert page.locator(".grid-row").count() < 80

    page.locator(".grid").focus()
    page.keyboard.press("Control+End")
    page.locator('.grid-row[data-place="119"] a', has_text="run-0").wait_for()
    assert page.locator(".grid").get_attribute("aria-rowcount") == "121"
    page.keyboard.press("Control+Home")
    wait_for_first(page, "run-119")


def test_the_address_reproduces_the_view(web, open_page, iris):
    page = open_page(f"/experiments/{iris}")
    page.get_by_role("button", name="acc", exact=True).click()
    page.wait_for_url(re.compile("order=metrics.acc"))
    filter_by(page, "params.lr = '0.1' AND metrics.`val/loss` < 0.9")
    page.get_by_text("31 runs", exact=True).wait_for()
    page.locator('.grid-head [data-word="user"]').hover()
    page.get_by_label("Column User").click()
    page.get_by_role("menuitem", name="Hide").click()
    seen = names(page)

    other = open_page(page.url.removeprefix(web.url))
    other.get_by_text("31 runs", exact=True).wait_for()
    assert names(other) == seen
    assert other.locator('.grid-head [data-word="user"]').count() == 0
    assert other.get_by_label("Filter runs").input_value() == "params.lr = '0.1' AND metrics.`val/loss` < 0.9"
    assert other.locator('.grid-head [data-word="m.acc"]').get_attribute("aria-sort") == "descending"


def test_a_name_that_is_not_seen_gives_way_to_the_id(web, open_page):
    id = post(web, "experiments/create", name="unseen")["experiment_id"]
    one = run(web, id, " \u200b ", 1_000)
    page = open_page(f"/experiments/{id}")
    page.get_by_role("link", name=one[:8]).click()
    assert page.locator(".run-head h1").inner_text() == one[:8]
    assert page.locator(".crumbs [aria-current]").inner_text() == one[:8]


def test_back_undoes_changes_of_the_view(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    wait_for_first(page, "run-119")
    filter_by(page, "params.lr = '0.1'")
    page.get_by_text("40 runs", exact=True).wait_for()
    page.get_by_role("button", name="acc", exact=True).click()
    page.wait_for_url(re.compile("order=metrics.acc"))
    page.go_back()
    page.wait_for_url(lambda url: "order=" not in url)
    expect(page.locator('.grid-head [data-word="m.acc"]')).to_have_attribute("aria-sort", "none")
    page.go_back()
    wait_for_first(page, "run-119")
    assert page.get_by_label("Filter runs").input_value() == ""
    page.go_forward()
    page.get_by_text("40 runs", exact=True).wait_for()
    assert page.get_by_label("Filter runs").input_value() == "params.lr = '0.1'"


def test_who_comes_back_from_a_run_finds_the_place(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    wait_for_first(page, "run-119")
    page.locator('.grid-row[data-place="2"] input').click()
    page.locator(".grid").focus()
    page.keyboard.press("Control+End")
    last = page.locator('.grid-row[data-place="119"] a', has_text="run-0")
    last.click()
    page.wait_for_selector(".run-head")
    page.go_back()
    expect(last).to_be_in_viewport()
    page.get_by_text("1 run selected").wait_for()
    page.locator(".grid").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#active-cell")).to_contain_text("run-1")


def test_the_filter_is_completed_and_says_where_it_is_wrong(open_page, iris):
    page = open_page(f"/experiments/{iris}", expects=["400", "console: Failed to load resource"])
    page.keyboard.press("/")
    page.keyboard.type("params.l")
    page.get_by_role("option", name="params.lr").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("= ")
    page.get_by_role("option", name="it's").wait_for()
    page.keyboard.type("it")
    page.wait_for_function("() => document.querySelectorAll('.completions li').length === 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_by_label("Filter runs").input_value() == 'params.lr = "it\'s" '
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.get_by_text("40 runs", exact=True).wait_for()

    filter_by(page, "metrics.acc > 'high'")
    page.locator(".filter-wrong mark", has_text="'high'").wait_for()
    assert "Expected numeric value" in page.locator(".filter-wrong p").inner_text()
    filter_by(page, "")
    page.locator(".filter-wrong").wait_for(state="hidden")


def test_a_plain_word_is_offered_as_a_part_of_the_name(open_page, iris):
    page = open_page(f"/experiments/{iris}", expects=["400", "console: Failed to load resource"])
    filter_by(page, "run-11")
    page.get_by_role("button", name="Runs with “run-11” in their name").click()
    page.get_by_text("11 runs", exact=True).wait_for()
    assert page.get_by_label("Filter runs").input_value() == "attributes.run_name LIKE '%run-11%'"


def test_escape_leaves_the_filter_as_it_is(open_page, iris):
    page = open_page(f"/experiments/{iris}?filter=params.lr+%3D+'0.1'")
    page.get_by_text("40 runs", exact=True).wait_for()
    page.keyboard.press("/")
    expect(page.get_by_label("Filter runs")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Filter runs")).not_to_be_focused()
    assert page.get_by_label("Filter runs").input_value() == "params.lr = '0.1'"
    assert "filter=" in page.url


def test_a_click_on_a_cell_filters_by_it(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    wait_for_first(page, "run-119")
    page.locator('.grid-row[data-place="0"] [data-word="p.lr"]').click()
    page.get_by_role("menuitem", name="Only it's").click()
    page.get_by_text("40 runs", exact=True).wait_for()
    page.locator('.grid-row[data-place="0"] [data-word="m.acc"]').click()
    page.get_by_role("menuitem", name="At least").click()
    page.wait_for_function("() => /AND metrics.acc >= /.test(document.querySelector('[name=filter]').value)")


def test_columns_are_chosen_moved_and_resized(open_page, iris):
    page = open_page(f"/experiments/{iris}")
    wait_for_first(page, "run-119")
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Find columns").fill("team")
    page.get_by_role("checkbox", name="team").check()
    page.keyboard.press("Escape")
    page.locator('.grid-row[data-place="0"] [data-word="t.team"]', has_text="<i>red").wait_for()
    page.locator(".grid").focus()
    page.keyboard.press("End")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Control+Shift+ArrowLeft")
    assert re.search(r"t\.team:w\d+,p\.same", page.url)

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Only differing").click()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !/p\\.same|t\\.team/.test(location.search) && /m\\.acc/.test(location.search)")


def test_what_is_shown_of_a_metric_is_chosen_among_the_columns(open_page, iris):
    page = open_page(f"/experiments/{iris}?columns=name,m.acc&filter=metrics.acc+>+0.99")
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("What of acc").select_option("min")
    page.get_by_label("line").check()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.locator('.grid-row[data-place="0"] .spark').wait_for()
    assert page.locator('.grid-row[data-place="0"] [data-word="m.acc"]').inner_text() == f"{119 / 120 / 5:.5g}"
    assert "m.acc:w150:min:spark" in page.url


def test_metrics_show_their_least_and_their_course(open_page, iris):
    page = open_page(f"/experiments/{iris}?columns=name,m.acc:max:spark,m.val/loss:best&filter=metrics.acc+>+0.99")
    page.locator('.grid-row[data-place="0"] .spark').wait_for()

    assert page.locator('.grid-row[data-place="0"] [data-word="m.acc"]').inner_text() == "0.99167"
    # Losses are best where they are least: at the first of five even steps.
    last = 1 - 107 / 240
    assert page.locator('.grid-row[data-place="0"] [data-word="m.val/loss"]').inner_text() == f"{last / 5:.5g}"


def test_a_metric_is_several_columns_which_say_what_sorts_and_filters(open_page, iris):
    page = open_page(f"/experiments/{iris}?columns=name,m.acc:min,m.acc:max,m.acc&filter=metrics.acc+>+0.99")
    cells = page.locator('.grid-row[data-place="0"] [data-word="m.acc"]')
    expect(cells).to_have_text([f"{119 / 120 / 5:.5g}", f"{119 / 120:.5g}", f"{119 / 120:.5g}"])
    heads = page.locator('.grid-head [data-word="m.acc"]')
    assert [head.get_attribute("title") for head in heads.all()] == [
        "metric: acc; shows the least, sorts by the last value", "metric: acc; shows the greatest, sorts by the last value",
        "metric: acc",
    ]

    cells.first.click()
    page.get_by_role("menuitem", name="Last value at least 0.99167").wait_for()
    page.keyboard.press("Escape")
    cells.last.click()
    page.get_by_role("menuitem", name="At least 0.99167", exact=True).wait_for()
    page.keyboard.press("Escape")
    heads.first.hover()
    heads.first.locator(".head-menu").click()
    page.get_by_role("menuitem", name="Another column, of the best").click()
    expect(cells).to_have_count(4)
    heads.first.hover()
    heads.first.locator(".head-menu").click()
    page.get_by_role("menuitem", name="Sort descending, by the last value").click()
    expect(heads.first).to_contain_text("↓ last")
    assert "columns=name,m.acc:min,m.acc:best,m.acc:max,m.acc" in page.url


def test_all_runs_are_selected_beyond_those_that_are_loaded(web, open_page):
    id = post(web, "experiments/create", name="many")["experiment_id"]
    for number in range(230):
        post(web, "runs/create", experiment_id=id, run_name=f"m{number}", start_time=1_760_000_000_000 + number)
    page = open_page(f"/experiments/{id}")
    wait_for_first(page, "m229")
    page.get_by_text("230 runs", exact=True).last.wait_for()
    page.get_by_label("Select all that are loaded").check()
    expect(page.locator(".bulk b")).to_have_text(re.compile("^(100|200) of 230 runs selected"))
    page.get_by_role("button", name="Select all 230").click()
    page.get_by_text("230 runs selected", exact=True).wait_for()
    assert page.get_by_role("button", name="Select all").count() == 0
    assert_accessible(page)
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Clear").click()
    assert not page.get_by_label("Select all that are loaded").is_checked()


def test_runs_are_selected_tagged_deleted_restored_and_compared(web, open_page):
    id = post(web, "experiments/create", name="bulk")["experiment_id"]
    for number in range(6):
        run(web, id, f"b{number}", 1_760_000_000_000 + number)
    page = open_page(f"/experiments/{id}", expects=["404", "console: Failed to load resource"])
    wait_for_first(page, "b5")
    page.locator('.grid-row[data-place="1"] input').click()
    page.locator('.grid-row[data-place="3"] input').click(modifiers=["Shift"])
    page.get_by_text("3 runs selected").wait_for()

    page.get_by_role("button", name="Tag…").click()
    page.get_by_role("textbox", name="Tag", exact=True).fill("team")
    page.get_by_role("textbox", name="Value", exact=True).fill("blue")
    page.keyboard.press("Enter")
    page.get_by_text("Tagged 3 runs").wait_for()
    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Delete").click()
    page.locator(".table-line > [role=status]", has_text="3 runs").wait_for()
    assert names(page, 3) == ["b5", "b1", "b0"]
    page.get_by_role("button", name="Undo").click()
    page.locator(".table-line > [role=status]", has_text="6 runs").wait_for()
    found = post(web, "runs/search", experiment_ids=[id], filter="tags.team = 'blue'")["runs"]
    assert [one["info"]["run_name"] for one in found] == ["b4", "b3", "b2"]

    page.locator(".grid").focus()
    page.keyboard.press("Control+Home")
    for key in "xjx":
        page.keyboard.press(key)
    page.keyboard.press("c")
    page.wait_for_url(re.compile(r"/runs/compare\?run=\w+&run=\w+"))


def test_the_table_is_used_by_keys_alone(open_page, iris):
    page = open_page(f"/experiments/{iris}?columns=name,m.acc,p.lr")
    wait_for_first(page, "run-119")
    page.get_by_role("link", name="CSV").focus()
    for _ in range(3):
        if page.evaluate("document.activeElement.matches('.grid')"):
            break
        page.keyboard.press("Tab")
    active = "document.getElementById(document.querySelector('.grid').getAttribute('aria-activedescendant'))"
    assert page.evaluate(f"{active}.dataset.word") == "name"
    for key in ["ArrowDown", "Space", "ArrowDown", "Shift+Space"]:
        page.keyboard.press(key)
    page.get_by_text("2 runs selected").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("2 runs selected").wait_for(state="hidden")

    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{active}.dataset.word") == "m.acc"
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="At least").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.grid')")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert page.evaluate(f"{active}.getAttribute('role')") == "columnheader"
    page.keyboard.press("Enter")
    wait_for_first(page, "run-107")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/runs/\w+$"))
    assert page.locator("h1").inner_text() == "run-107"


def test_the_csv_is_what_the_table_shows(web, open_page, iris):
    page = open_page(f"/experiments/{iris}?filter=params.lr+%3D+'0.1'&order=metrics.acc+DESC&columns=name,m.acc,t.team")
    address = page.get_by_role("link", name="CSV").get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(requests.get(web.url + address, timeout=10).text)))

    assert list(rows[0]) == ["run_id", "name", "metrics.acc", "tags.team"]
    assert len(rows) == 40
    assert [float(row["metrics.acc"]) for row in rows] == sorted((float(row["metrics.acc"]) for row in rows), reverse=True)
    assert rows[0]["tags.team"] == "<i>red"


def test_the_csv_of_selected_runs_has_them_alone(open_page, iris):
    page = open_page(f"/experiments/{iris}?columns=name,m.acc")
    wait_for_first(page, "run-119")
    page.locator('.grid-row[data-place="1"] input').click()
    page.locator('.grid-row[data-place="3"] input').click()
    with page.expect_download() as download:
        page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="CSV").click()
    with open(download.value.path(), newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["run-118", "run-116"]


def test_runs_are_sorted_by_their_duration(web, open_page):
    id = post(web, "experiments/create", name="durations")["experiment_id"]
    for number, seconds in enumerate([5, 70, 30, 50]):
        one = run(web, id, f"d{seconds}", 1_000 * number, status="RUNNING")
        post(web, "runs/update", run_id=one, status="FINISHED", end_time=1_000 * (number + seconds))
    run(web, id, "endless", 9_000, status="RUNNING")
    page = open_page(f"/experiments/{id}")
    page.get_by_role("button", name="Duration", exact=True).click()
    wait_for_first(page, "d70")
    assert names(page, 5) == ["d70", "d50", "d30", "d5", "endless"]
    page.get_by_role("button", name="Duration", exact=True).click()
    wait_for_first(page, "d5")
    assert names(page, 5) == ["d5", "d30", "d50", "d70", "endless"]


def test_numbers_stand_point_below_point(web, open_page):
    id = post(web, "experiments/create", name="points")["experiment_id"]
    for number, value in enumerate([0.5, 123.25, 12, 0.0001234, 1.5e-9]):
        params = {"lr": str(value), "words": "many" if number == 2 else "1"}
        run(web, id, f"p{number}", 1_000 + number, metrics={"x": value}, params=params)
    page = open_page(f"/experiments/{id}?columns=name,m.x,p.lr,p.words")
    wait_for_first(page, "p4")
    for word in ["m.x", "p.lr"]:
        cells = page.locator(f'.grid-row [data-word="{word}"] .fraction')
        starts = cells.evaluate_all("all => all.map((one) => one.getBoundingClientRect().left)")
        assert len(starts) == 5 and len(set(starts)) == 1
    assert page.locator('.grid-row [data-word="p.words"] .fraction').count() == 0


def test_numbers_that_are_too_wide_keep_their_first_digits(web, open_page):
    id = post(web, "experiments/create", name="wide numbers")["experiment_id"]
    params = {"lr": "0.0014350145884914002", "seed": "4294967295"}
    run(web, id, "wide", 1_000, metrics={"x": 0.1234567890123}, params=params)
    page = open_page(f"/experiments/{id}?columns=name,p.lr,p.seed:w64,m.x")
    wait_for_first(page, "wide")

    def cell(word):
        return page.locator(f'.grid-row [data-word="{word}"]').first

    assert [cell(word).inner_text() for word in ["p.lr", "p.seed", "m.x"]] == ["0.001435", "4294967295", "0.12346"]
    assert [cell(word).get_attribute("title") for word in ["p.lr", "p.seed", "m.x"]] == [*params.values(), str(0.1234567890123 * 5 / 5)]
    # The number begins within its cell, and what is cut is its end.
    for word in ["p.lr", "p.seed"]:
        number = cell(word).locator(".aligned")
        assert number.bounding_box()["x"] >= cell(word).bounding_box()["x"]
        assert number.evaluate("one => getComputedStyle(one).textOverflow") == "ellipsis"


def test_runs_are_grouped_by_a_param_and_by_their_parents(web, open_page, iris):
    page = open_page(f"/experiments/{iris}?group=p.lr&density=roomy&columns=name,p.lr,m.acc,m.val/loss:w240")
    page.locator(".group-head", has_text="40 runs").first.wait_for()
    # The value that sorts first of those that are equally frequent.
    mean = page.locator('.grid-row[data-place="0"] [data-word="m.acc"]')
    mean.locator(".aligned").wait_for()
    own = [(number * 37 % 120) / 120 for number in range(120) if number % 3 == 1]
    assert float(mean.locator(".aligned").inner_text()) == pytest.approx(sum(own) / 40, abs=1e-5)
    assert mean.locator(".ends").inner_text() == f"{min(own):.3g} – {max(own):.3g}"
    assert_accessible(page)
    assert page.locator('.grid-row[data-place="1"] [data-word="p.lr"]').inner_text() == "0.01"
    page.locator('.grid-row[data-place="0"] .group-head').click()
    page.locator('.grid-row[data-place="1"] .group-head', has_text="0.1").wait_for()

    id = post(web, "experiments/create", name="tree")["experiment_id"]
    parent = run(web, id, "parent", 1_000)
    for number in range(2):
        run(web, id, f"child{number}", 2_000 + number, tags={"mlflow.parentRunId": parent})
    page.goto(f"/experiments/{id}?group=parent")
    page.get_by_label("Open parent").click()
    page.locator('.grid-row[data-place="2"] a', has_text="child0").wait_for()
    assert names(page, 3) == ["parent", "child1", "child0"]


def test_new_runs_wait_for_who_reads_and_running_ones_follow(web, open_page):
    id = post(web, "experiments/create", name="live")["experiment_id"]
    first = run(web, id, "first", 1_000, metrics={"acc": 0.5}, status="RUNNING")
    page = open_page(f"/experiments/{id}")
    wait_for_first(page, "first")
    cell = page.locator('.grid-row:has-text("first") [data-word="m.acc"]')
    assert cell.inner_text() == "0.5"

    post(web, "runs/log-metric", run_id=first, key="acc", value=0.75, timestamp=2_000, step=5)
    page.locator('.grid-row:has-text("first") [data-word="m.acc"]', has_text="0.75").wait_for()
    page.locator(".grid").hover()
    run(web, id, "second", 3_000)
    page.get_by_role("button", name="1 new run").click()
    wait_for_first(page, "second")
    assert names(page, 2) == ["second", "first"]


def test_views_are_saved_changed_and_begun_with(open_page, iris):
    page = open_page(f"/experiments/{iris}?order=metrics.acc+ASC")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save for the project…").click()
    page.get_by_label("Name of the view").fill("worst first")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="worst first").wait_for()
    assert "saved=" in page.url

    filter_by(page, "metrics.acc < 0.1")
    page.get_by_text("12 runs", exact=True).wait_for()
    assert page.locator(".dirty").is_visible()
    page.locator(".views-button").click()
    page.get_by_role("menuitem", name="Reset").click()
    page.get_by_text("120 runs", exact=True).last.wait_for()
    page.locator(".views-button").click()
    with page.expect_response(lambda answer: answer.url.endswith("/default")):
        page.get_by_role("menuitem", name="Make it the default").click()
    page.goto(f"/experiments/{iris}")
    page.wait_for_url(re.compile("order=metrics.acc.*saved="))
    wait_for_first(page, "run-0")

    page.locator(".views-button").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_text("Deleted “worst first”").wait_for()
    page.goto(f"/experiments/{iris}")
    wait_for_first(page, "run-119")


def test_a_deleted_experiment_shows_its_runs(web, open_page):
    id = post(web, "experiments/create", name="gone")["experiment_id"]
    run(web, id, "last", 1_000)
    post(web, "experiments/delete", experiment_id=id)

    page = open_page(f"/experiments/{id}")

    wait_for_first(page, "last")
    assert page.get_by_role("button", name="Restore").count() == 1


def test_who_may_only_read_changes_nothing_but_has_views(new_roost):
    with new_roost(options=["--auth"]) as server:
        team = Team(server)
        wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
        team.submit(set_up_link(server), login="ann", password=PASSWORD)
        team.add("bob")
        ann, bob = basic("ann", PASSWORD), basic("bob", PASSWORD)
        made = team.ask("POST", "/api/v1/user/repos", ann, body={"name": "iris", "private": False})
        assert made[0] == 201, made[2]
        base = "/ann/iris"

        assert "New experiment" in team.ask("GET", f"{base}/experiments", ann)[2]
        assert "New experiment" not in team.ask("GET", f"{base}/experiments", bob)[2]
        assert ">Edit<" not in team.ask("GET", f"{base}/experiments/0", bob)[2]
        for form in ["experiments", "experiments/0/edit", "experiments/0/tags", "experiments/0/delete"]:
            assert team.ask("POST", f"{base}/{form}", bob | team.ours, form={"name": "x", "key": "k"})[0] == 403

        def save(who, shared, **headers):
            body = {"kind": "experiments/0", "name": "best", "query": "order=a", "shared": shared}
            return team.ask("POST", f"{base}/views.json", who | headers, body=body)[0]

        ours = {"X-Roost-Request": "page"}
        assert save(bob, True, **ours) == 403
        assert save(bob, False, **ours) == 200
        assert save(bob, False) == 403
        assert save(ann, True, **ours) == 200
        assert '"shared":false' not in team.ask("GET", f"{base}/views.json?kind=experiments/0", ann)[2]
        assert team.ask("GET", f"{base}/views.json?kind=experiments/0", bob)[2].count('"name":"best"') == 2
