"""Home, the palette and the keys, in Chromium."""

import mlflow
import pytest
import requests

from accounts import Members
from conftest import page_options
from looks import WIDTHS, assert_accessible, assert_fits


@pytest.fixture(scope="module")
def client(web):
    mlflow.set_tracking_uri(web.url)
    # Another module may have left that of its own server, which is gone.
    mlflow.set_registry_uri(web.url)
    return mlflow.MlflowClient(web.url, web.url)


def test_the_first_lines_turn_into_the_data(open_page, client, web):
    page = open_page("/")
    assert f'mlflow.set_tracking_uri("{web.url}")' in page.inner_text(".first-steps")
    assert_accessible(page)

    experiment = client.create_experiment("iris")
    run = client.create_run(experiment, run_name="first run")

    page.wait_for_selector(".running >> text=first run")
    assert page.locator(".first-steps").count() == 0
    client.set_terminated(run.info.run_id)
    page.wait_for_selector(".timeline >> text=finished the run first run")
    assert "Nothing runs" in page.inner_text("#home")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_and_explore_fit(open_page, client, width, scheme):
    for path in ["/", "/explore"]:
        page = open_page(path, width=width, scheme=scheme)
        assert_accessible(page)
        assert_fits(page)


def test_the_palette_finds_and_goes(open_page, client, web):
    experiment = client.get_experiment_by_name("iris").experiment_id
    client.create_run(experiment, run_name="bold-fox")
    page = open_page("/models")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog.palette[open]")
    assert_accessible(page)
    page.keyboard.type("bold")
    page.wait_for_selector(".palette li >> text=bold-fox")
    assert page.get_attribute("[role=combobox]", "aria-activedescendant") == "palette-0"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.palette", state="hidden")
    page.keyboard.press("/")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.type("iris")
    page.wait_for_selector(".palette li[aria-selected=true]:has-text('experiment'):has-text('iris')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/experiments/{experiment}*")


def test_the_focus_comes_back_and_typing_is_left_alone(open_page, client):
    page = open_page("/models")
    page.focus("[type=search]")
    page.keyboard.type("g h?/")
    assert page.input_value("[type=search]") == "g h?/"
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.type") == "search"


def test_keys_go_to_pages_and_are_told(open_page, client):
    page = open_page("/models")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] >> text=Keys of this page")
    assert page.locator("dialog[open] dt", has_text="/").count() == 1
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_selector("#home")


def test_a_theme_is_chosen_in_the_palette(open_page, client):
    page = open_page("/")
    page.click("[data-command=palette]")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.type("dark colours")
    page.keyboard.press("Enter")
    page.wait_for_selector('html[data-theme="dark"]')


@pytest.fixture(scope="module")
def members(new_roost):
    """A server with accounts: `max` owns `iris` in private and `open` in public, `bob` reads iris, `eve` may nothing."""
    with new_roost(options=["--auth", *page_options()]) as server:
        members = Members(server)
        for login in ["max", "bob", "eve"]:
            members.add(login)
        members.api("max", "POST", "user/repos", name="iris", private=True)
        members.api("max", "POST", "user/repos", name="open", private=False, description="For everybody")
        members.api("max", "PUT", "repos/max/iris/collaborators/bob", permission="read")
        post(members, "max", "/max/iris.mlflow/api/2.0/mlflow/registered-models/create", {"name": "petals"})
        yield members


def headers(members, login):
    cookie = members.cookie(login)
    return {"Cookie": f"{cookie['name']}={cookie['value']}", "X-Roost-Request": "test"}


def post(members, login, path, body):
    answer = requests.post(members.server.url + path, json=body, headers=headers(members, login), timeout=10)
    assert answer.ok, answer.text


def test_home_tells_each_what_they_may_read(open_page, members):
    pages = {login: open_page("/", server=members.server, cookies=[members.cookie(login)]) for login in ["bob", "eve"]}
    told = {login: [] for login in pages}
    for login, page in pages.items():
        page.wait_for_selector("#home")
        page.wait_for_timeout(1_500)
        page.on("request", lambda request, login=login: told[login].append(request.url))
    post(members, "max", "/max/iris.mlflow/api/2.0/mlflow/runs/create", {"experiment_id": "0", "run_name": "shared"})
    pages["bob"].wait_for_selector(".running >> text=shared", timeout=5_000)
    pages["eve"].wait_for_timeout(1_000)
    assert told["eve"] == []
    assert "shared" not in pages["eve"].inner_text("main")
    answer = requests.get(f"{members.server.url}/-/live", timeout=10)
    assert answer.status_code == 401


def test_nobody_is_welcomed_and_sees_what_is_public(open_page, members):
    page = open_page("/", server=members.server)
    assert "max/open" in page.inner_text("main")
    assert "max/iris" not in page.inner_text("main")
    assert_accessible(page)
    page.goto("/explore?q=everybody")
    assert page.locator(".repositories li").count() == 1


def test_who_reads_sees_no_controls_and_a_stranger_nothing(open_page, members):
    address = "/max/iris/models/petals"
    page = open_page(address, server=members.server, cookies=[members.cookie("bob")])
    assert page.inner_text("h1") == "petals"
    assert page.locator("main form[method=post]").count() == 0
    page = open_page(address, server=members.server, cookies=[members.cookie("max")])
    assert page.locator("main form[method=post]").count() > 3
    page = open_page(address, server=members.server, cookies=[members.cookie("eve")], expects=["404", "console"])
    assert page.inner_text(".failure-status") == "404"


def test_what_one_may_not_read_is_not_found(members):
    address = f"{members.server.url}/-/repositories.json?q=iris"
    for login, count in [("max", 1), ("bob", 1), ("eve", 0)]:
        found = requests.get(address, headers=headers(members, login), timeout=10).json()["found"]
        assert len(found) == count
    assert requests.get(address, timeout=10).json() == {"found": []}
    found = f"{members.server.url}/max/iris/-/find.json?q=pet"
    assert [one["title"] for one in requests.get(found, headers=headers(members, "bob"), timeout=10).json()["found"]] == ["petals"]
    assert requests.get(found, headers=headers(members, "eve"), timeout=10).status_code == 404
