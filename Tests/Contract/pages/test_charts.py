"""The charts of an experiment, and runs side by side."""

import base64
import re
import time

import pytest
import requests
from playwright.sync_api import expect

from looks import assert_accessible, assert_fits


def post(web, path, fields):
    answer = requests.post(f"{web.url}/api/2.0/mlflow/{path}", json=fields, timeout=10)
    answer.raise_for_status()
    return answer.json()


def log(web, run, points, key="loss"):
    metrics = [{"key": key, "value": value, "timestamp": 1_000 * step, "step": step} for step, value in points]
    for start in range(0, len(metrics), 1_000):
        post(web, "runs/log-batch", {"run_id": run, "metrics": metrics[start : start + 1_000]})


PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def upload(web, experiment, run, name, content):
    address = f"{web.url}/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/{name}"
    requests.put(address, data=content, timeout=10).raise_for_status()


class Filled:
    """An experiment with three runs: `a` of 3 000 points with a peak, `b` with NaN, `c` that still runs."""

    def __init__(self, web):
        self.experiment = post(web, "experiments/create", {"name": "charted <b>&"})["experiment_id"]
        self.runs = {}
        for name, rate in (("a", "0.1"), ("b", "0.2"), ("c", "0.3")):
            start = {"experiment_id": self.experiment, "run_name": f"run {name} <i>", "start_time": 1_000}
            run = post(web, "runs/create", start)["run"]["info"]["run_id"]
            params = [{"key": "rate", "value": rate}, {"key": "same", "value": "yes"}]
            post(web, "runs/log-batch", {"run_id": run, "params": params})
            log(web, run, [(0, float(rate))], key="score")
            self.runs[name] = run
        log(web, self.runs["a"], [(step, 99.0 if step == 1_234 else 1 / (step + 1)) for step in range(3_000)])
        log(web, self.runs["b"], [(step, "NaN" if step == 3 else 2.0) for step in range(10)])
        log(web, self.runs["c"], [(0, 1.0), (1, 2.0)])
        for name in ("a", "b"):
            post(web, "runs/update", {"run_id": self.runs[name], "status": "FINISHED", "end_time": 5_000})
            upload(web, self.experiment, self.runs[name], "notes.txt", f"first\nof {name}\nlast\n".encode())
            upload(web, self.experiment, self.runs[name], "cells.csv", f"x,y\n1,same\n2,{name}\n".encode())
            upload(web, self.experiment, self.runs[name], "pixel.png", PIXEL)

    def charts(self, words=""):
        return f"/experiments/{self.experiment}/charts{words}"

    def compare(self, names="abc", words=""):
        return "/runs/compare?" + "&".join(f"run={self.runs[name]}" for name in names) + words


@pytest.fixture(scope="module")
def filled(web):
    return Filled(web)


def chart(page, name):
    return page.locator(f'.chart-cell[data-metric="{name}"]')


def test_points_are_thinned_and_say_how_far_they_reach(web, filled):
    words = {"run": filled.runs["a"], "key": "loss", "points": 50}
    curve = requests.get(f"{web.url}/metrics.json", params={**words, "ranges": "yes"}, timeout=10).json()["curves"][0]
    near = requests.get(f"{web.url}/metrics.json", params={**words, "from": 1_230, "to": 1_240}, timeout=10).json()["curves"][0]

    assert curve["thinned"] and len(curve["step"]) <= 51
    assert curve["step"][0] == 0 and curve["step"][-1] == 2_999
    assert max(high for high in curve["high"] if high is not None) == 99.0
    assert not near["thinned"] and 99.0 in near["value"]
    assert requests.get(f"{web.url}/metrics.json?run=x", timeout=10).status_code == 400


def test_lines_are_drawn_zoomed_and_read_by_keys(filled, open_page):
    page = open_page(filled.charts())
    loss = chart(page, "loss")
    expect(loss.locator("canvas").first).to_be_visible()
    expect(loss.get_by_text("1 NaN or infinite")).to_be_visible()

    box = loss.locator(".u-over").bounding_box()
    with page.expect_request(lambda request: "metrics.json" in request.url and "from=" in request.url):
        page.mouse.move(box["x"] + 60, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 160, box["y"] + 45, steps=5)
        page.mouse.up()
    expect(loss.get_by_role("button", name="Reset zoom")).to_be_visible()
    page.mouse.dblclick(box["x"] + 100, box["y"] + 60)
    expect(loss.get_by_role("button", name="Reset zoom")).to_be_hidden()

    loss.locator(".chart-plot").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(loss.locator(".chart-tip")).to_contain_text("run a <i>")
    expect(loss.locator("[aria-live=polite]")).to_contain_text(re.compile(r"run . <i>, step \d+: "))
    loss.locator(".chart-data summary").click()
    expect(loss.locator(".chart-values tbody tr").first).to_be_visible()


def test_what_is_chosen_is_in_the_address(filled, open_page):
    page = open_page(filled.charts("?axis=relative&logY=yes"))
    expect(page.get_by_label("Log Y").first).to_be_checked()
    expect(page.locator("select[name=axis]").first).to_have_value("relative")

    page.locator("input[name=smooth]").first.fill("0.6")
    page.get_by_role("button", name="Show run b <i>").click()
    page.locator("select[name=group]").first.select_option("params.rate")
    page.get_by_label("Kind of chart").select_option("scatter")
    page.get_by_role("button", name="Add chart").click()
    expect(page.locator(".panel").last.locator("canvas")).to_be_visible()
    page.wait_for_function("() => ['smooth=0.6', 'hide=', 'panel=', 'group=params.rate'].every((word) => location.search.includes(word))")

    page.reload()
    expect(page.locator(".panel")).to_have_count(2)
    expect(page.locator(".charts-runs li.off")).to_have_count(1)
    expect(page.locator("input[name=smooth]").first).to_have_value("0.6")


def test_a_wrong_filter_is_told_beside_itself(filled, open_page):
    page = open_page(filled.charts("?filter=metrics.loss+>+'high'"))
    expect(page.get_by_role("alert")).to_contain_text("Expected numeric value type for metric")
    assert_accessible(page)
    page.get_by_label("Filter").fill("params.rate = 'never'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No run is like this")).to_be_visible()
    page.get_by_label("Filter").fill("params.rate = '0.1'")
    page.keyboard.press("Enter")
    expect(page.locator(".charts-runs li")).to_have_count(1)


def test_what_is_zoomed_to_is_in_the_address(web, filled, open_page):
    page = open_page(filled.charts())
    loss = chart(page, "loss")
    expect(loss.locator("canvas").first).to_be_visible()
    expect(loss.get_by_text("1 NaN or infinite")).to_be_visible()
    box = loss.locator(".u-over").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 45, steps=5)
    page.mouse.up()
    page.wait_for_function("() => /zoom=[\\d.]+%2C[\\d.]+$/.test(location.search)")

    other = open_page(page.url.removeprefix(web.url))
    expect(chart(other, "loss").get_by_role("button", name="Reset zoom")).to_be_visible()
    expect(chart(other, "score").get_by_role("button", name="Reset zoom")).to_be_visible()
    chart(other, "score").get_by_role("button", name="Reset zoom").click()
    expect(chart(other, "loss").get_by_role("button", name="Reset zoom")).to_be_hidden()
    other.wait_for_function("() => !location.search.includes('zoom=')")


def save_view(page, name, scope):
    page.locator(".views-button").click()
    page.get_by_role("menuitem", name=scope).click()
    page.get_by_label("Name of the view").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".views-button")).to_contain_text(name)


def test_views_of_charts_are_saved_and_begun_with(filled, open_page):
    page = open_page(filled.charts("?logY=yes"))
    save_view(page, "logarithmic", "Save for the project…")
    assert "saved=" in page.url
    page.locator("select[name=axis]").first.select_option("relative")
    expect(page.locator(".dirty")).to_be_visible()
    page.get_by_label("At most").fill("2")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(
        lambda address: "limit=2" in address and "logY=yes" in address and "axis=relative" in address
    )

    page.locator(".views-button").click()
    page.get_by_role("menuitem", name="Reset").click()
    page.wait_for_url(lambda address: "axis=" not in address and "logY=yes" in address)
    expect(page.locator(".dirty")).to_be_hidden()
    page.locator(".views-button").click()
    with page.expect_response(lambda answer: answer.url.endswith("/default")):
        page.get_by_role("menuitem", name="Make it the default").click()
    page.goto(filled.charts())
    expect(page.get_by_label("Log Y").first).to_be_checked()
    page.locator(".views-button").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_text("Deleted “logarithmic”").wait_for()
    page.goto(filled.charts())
    expect(page.get_by_label("Log Y").first).not_to_be_checked()


def test_a_comparison_is_saved_with_its_runs(filled, open_page):
    page = open_page(filled.compare("ab"))
    save_view(page, "a or b", "Save as my view…")
    page.goto(filled.compare("bc"))
    page.locator(".views-button").click()
    page.get_by_role("menuitemcheckbox", name="a or b").click()
    page.wait_for_url(lambda address: filled.runs["a"] in address and "saved=" in address)
    assert page.locator(".compare-table thead [data-run]").count() == 2
    page.locator(".views-button").click()
    assert page.get_by_role("menuitem", name="Make it the default").count() == 0
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_text("Deleted “a or b”").wait_for()


@pytest.mark.parametrize("kind", ["scatter", "parallel", "contour", "bar", "box"])
def test_each_kind_of_chart_is_drawn_and_has_its_values(filled, open_page, kind):
    page = open_page(filled.charts(f'?panel={{"kind":"{kind}"}}'.replace('"', "%22")))
    panel = page.locator(".panel")
    panel.scroll_into_view_if_needed()
    expect(panel.locator("canvas")).to_be_visible()

    panel.locator(".chart-data summary").click()
    expect(panel.locator(".chart-values tbody tr")).to_have_count(3)
    panel.locator(".chart-menu summary").click()
    with page.expect_download() as download:
        panel.get_by_role("button", name="SVG").click()
    assert download.value.suggested_filename.endswith(".svg")


def test_a_chart_begins_with_what_can_be_drawn_well(open_page):
    page = open_page("/")
    begun = page.evaluate(
        """async () => {
            const { KINDS } = await import(document.body.dataset.assets + "charts/kinds.js");
            const { fieldsOf } = await import(document.body.dataset.assets + "charts/fields.js");
            const runs = Array.from({ length: 30 }, (_, place) => ({
                id: `${place}`, name: `${place}`, status: "FINISHED", user: "ann", start: 0, end: place, tags: {},
                params: { about: `text ${place}`, depth: `${place % 3}`, seed: `${place}` },
                metrics: { "system/cpu": place, loss: place },
            }));
            const fields = fieldsOf(runs);
            return [KINDS.scatter.begin(fields, runs), KINDS.box.begin(fields, runs)];
        }"""
    )
    assert begun == [{"x": "params.depth", "y": "metrics.loss", "colour": ""}, {"y": "metrics.loss", "x": "params.depth"}]


def test_charts_are_downloaded(filled, open_page):
    page = open_page(filled.charts())
    loss = chart(page, "loss")
    expect(loss.locator("canvas").first).to_be_visible()
    for form, beginning in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"run_id,run,metric")):
        loss.locator(".chart-menu summary").click()
        with page.expect_download() as download:
            loss.get_by_role("button", name=form).click()
        with open(download.value.path(), "rb") as file:
            assert file.read().startswith(beginning)


def test_new_points_come_by_themselves(web, filled, open_page):
    page = open_page(filled.charts(f"?run={filled.runs['c']}"))
    loss = chart(page, "loss")
    loss.locator(".chart-data summary").click()
    rows = loss.locator(".chart-values tbody tr")
    expect(rows.last).to_contain_text("1")
    before = rows.count()

    step = int(time.time())
    log(web, filled.runs["c"], [(step, 0.5)])

    expect(rows).to_have_count(before + 1, timeout=5_000)


def test_a_page_of_a_run_mounts_its_charts(filled, open_page):
    page = open_page("/")
    page.evaluate(
        """(run) => {
            const place = document.createElement("div");
            Object.assign(place.dataset, { run, runName: "a", metrics: JSON.stringify(["loss", "score"]) });
            place.className = "metric-charts";
            document.querySelector("main").append(place);
            return import(document.body.dataset.assets + "charts/mount.js");
        }""",
        filled.runs["a"],
    )

    expect(page.locator(".metric-charts .chart-cell")).to_have_count(2)
    page.get_by_label("Metrics by name").fill("sco")
    expect(page.locator(".metric-charts .chart-cell:visible")).to_have_count(1)
    # uPlot is not on this page: the drawing stands still.
    expect(page.locator(".metric-charts .chart-plot svg").last).to_be_attached()


def test_what_differs_is_compared_with_a_baseline(filled, open_page):
    page = open_page(filled.compare(words=f"&baseline={filled.runs['b']}"))
    table = page.locator(".compare-table").first

    score = table.locator("tr", has=page.get_by_role("rowheader", name="score", exact=True))
    expect(score.locator("td").nth(0)).to_contain_text("▼ −0.1 (−50 %)")
    expect(score.locator("td").nth(2)).to_contain_text("▲ +0.1 (+50 %)")
    expect(table.get_by_role("rowheader", name="rate", exact=True)).to_be_visible()
    expect(table.get_by_role("rowheader", name="same", exact=True)).to_have_count(0)
    page.get_by_text("1 param that all have alike").click()
    expect(page.get_by_role("rowheader", name="same", exact=True)).to_be_visible()

    page.get_by_role("button", name="Markdown").click()
    page.wait_for_selector(".toast")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "| rate | 0.1 | 0.2 | 0.3 |" in copied
    page.get_by_role("button", name="Take run c <i> out").click()
    page.wait_for_url(lambda address: address.count("run=") == 2)
    assert page.locator("h1").inner_text() == "Compare 2 runs"
    assert f"baseline={filled.runs['b']}" in page.url
    page.get_by_role("button", name="Make run a <i> the baseline").click()
    expect(table.get_by_role("columnheader", name="run a <i>")).to_contain_text("baseline")
    assert f"baseline={filled.runs['a']}" in page.url


def test_commits_of_a_repository_lead_to_what_changed_between_them(web):
    requests.post(f"{web.url}/api/v1/user/repos", json={"name": "compared"}, timeout=10).raise_for_status()
    service = f"{web.url}/local/compared.mlflow/api/2.0/mlflow"
    ids = []
    for commit in ("a" * 40, "b" * 40):
        tags = [{"key": "mlflow.source.git.commit", "value": commit}]
        made = requests.post(f"{service}/runs/create", json={"experiment_id": "0", "tags": tags}, timeout=10)
        ids.append(made.json()["run"]["info"]["run_id"])

    shown = requests.get(f"{web.url}/local/compared/runs/compare", params={"run": ids}, timeout=10).text
    elsewhere = requests.get(f"{web.url}/runs/compare", params={"run": ids}, timeout=10).text

    assert f'href="/local/compared/compare/{"a" * 40}...{"b" * 40}"' in shown
    assert "None of these runs is here" in elsewhere


def test_files_are_held_against_each_other(filled, open_page):
    page = open_page(filled.compare("ab"))
    page.get_by_role("button", name="notes.txt").click()
    expect(page.locator(".lines-diff .taken .code")).to_have_text("of a")
    expect(page.locator(".lines-diff .added .code")).to_have_text("of b")

    page.get_by_role("button", name="cells.csv").click()
    expect(page.locator(".cells .changed")).to_have_count(1)
    expect(page.locator(".cells .changed")).to_contain_text("a b")

    page.get_by_role("button", name="pixel.png").click()
    expect(page.locator(".curtain .small-picture")).to_have_count(2)
    slider = page.get_by_role("slider", name="How much of run a <i> covers run b <i>")
    slider.focus()
    page.keyboard.press("End")
    assert page.locator(".curtain img").last.evaluate("(image) => image.style.clipPath") == "inset(0px 0% 0px 0px)"
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".pictures figure")).to_have_count(2)
    assert_accessible(page)


def test_a_click_on_the_legend_leaves_a_run_alone_in_every_chart(filled, open_page):
    page = open_page(filled.compare())
    legend = page.locator(".metric-grid > .chart-legend")
    legend.get_by_role("button", name="run b <i>").click()

    expect(legend.locator(".off")).to_have_count(2)
    expect(chart(page, "score").locator(".single-value")).to_contain_text("run b <i>")
    page.wait_for_function("(run) => new URLSearchParams(location.search).get('only') === run", arg=filled.runs["b"])
    legend.get_by_role("button", name="run b <i>").click()
    expect(chart(page, "score").locator(".chart-bars li")).to_have_count(3)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (375, "light")])
def test_the_pages_fit_and_are_accessible(filled, open_page, width, scheme):
    for address in (filled.charts(), filled.compare()):
        page = open_page(address, width=width, scheme=scheme)
        expect(page.locator(".chart canvas").first).to_be_visible()
        assert_fits(page)
        assert_accessible(page)
