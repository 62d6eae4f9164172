"""What every page of Roost has around it: the bar, the colours, errors for people, and the stream of what changes."""

import json
import time

import pytest
import requests

from looks import WIDTHS, assert_accessible, assert_fits


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_frame_fits_and_is_accessible(open_page, width, scheme):
    page = open_page("/", width=width, scheme=scheme)

    assert page.locator("main h1").count() == 1
    assert_fits(page)
    assert_accessible(page)


def test_the_colours_that_were_chosen_are_there_at_the_first_paint(open_page):
    page = open_page("/", scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.get_by_label("Colours").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_selector("html[data-theme=dark]")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert 'data-theme="dark"' in page.context.request.get("/").text()


def test_the_first_stop_of_the_keyboard_leads_past_the_bar(open_page):
    page = open_page("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'content'")


def test_people_are_shown_a_page_where_nothing_is_and_programs_json(web, open_page):
    page = open_page("/no/such/thing", expects=["404", "console: Failed to load resource"])

    assert page.locator("h1").inner_text() == "Nothing here"
    assert_accessible(page)
    assert requests.get(f"{web.url}/runs/none", timeout=10).json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_a_form_of_another_page_is_refused(web):
    refused = requests.post(f"{web.url}/-/theme", data={"theme": "dark"}, headers={"Origin": "http://evil.example"}, timeout=10)

    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers


def post(web, path, fields):
    answer = requests.post(f"{web.url}/api/2.0/mlflow/{path}", json=fields, timeout=10)
    answer.raise_for_status()
    return answer.json()


def events(response):
    """The events of a stream as they come: kind and data."""
    kind = None
    for line in response.iter_lines(decode_unicode=True):
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


def test_who_watches_a_run_is_told_within_a_second(web):
    run = post(web, "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    with requests.get(f"{web.url}/live?run={run}", stream=True, timeout=10) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        told = events(stream)
        assert next(told)[1]["metrics"] == []

        begin = time.monotonic()
        post(web, "runs/log-metric", {"run_id": run, "key": "loss", "value": 0.5, "timestamp": 7, "step": 3})
        kind, data = next(told)

        assert time.monotonic() - begin < 1
        assert (kind, data["run_id"]) == ("run", run)
        assert data["metrics"] == [{"key": "loss", "value": 0.5, "step": 3, "timestamp": 7}]


def test_who_watches_an_experiment_is_told_of_what_begins(web):
    experiment = post(web, "experiments/create", {"name": "watched"})["experiment_id"]
    with requests.get(f"{web.url}/live?experiment={experiment}", stream=True, timeout=10) as stream:
        told = events(stream)
        # What began before somebody watched is not told.
        assert next(told)[1]["begun"] == []
        runs = [post(web, "runs/create", {"experiment_id": experiment})["run"]["info"]["run_id"] for _ in range(3)]

        begun = []
        while len(begun) < 3:
            begun += next(told)[1]["begun"]

        assert begun == runs


@pytest.mark.parametrize("query", ["", "?run=none", "?" + "&".join(f"experiment={n}" for n in range(101))])
def test_what_cannot_be_watched_is_refused(web, query):
    assert requests.get(f"{web.url}/live{query}", timeout=10).status_code in (400, 404)


def test_a_server_with_open_streams_stops(new_roost):
    with new_roost() as server:
        run = post(server, "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
        streams = [requests.get(f"{server.url}/live?run={run}", stream=True, timeout=10) for _ in range(5)]
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 5
        for stream in streams:
            stream.close()


@pytest.mark.parametrize("start", ["/", "/mlflow/"])
def test_links_that_the_client_prints_lead_to_the_thing(web, open_page, start):
    run = post(web, "runs/create", {"experiment_id": "0", "run_name": "linked"})["run"]["info"]["run_id"]

    page = open_page(f"{start}#/experiments/0/runs/{run}")

    page.wait_for_url(f"**/runs/{run}")
    assert page.locator("h1").inner_text().strip().startswith("linked")
