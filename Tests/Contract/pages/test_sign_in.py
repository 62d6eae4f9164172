"""How people come in and go out: without script, in the frame, and nowhere else than here."""

import http.client
import time

import pytest
from accounts import PASSWORD, Members
from looks import WIDTHS, assert_accessible, assert_fits


@pytest.fixture(scope="module")
def members(new_roost):
    with new_roost(options=["--auth"]) as server:
        members = Members(server)
        members.add("bob")
        yield members


def test_somebody_signs_in_lands_at_home_and_signs_out(open_page, members):
    page = open_page("/settings/profile", server=members.server)
    assert page.url.startswith(f"{members.server.url}/login?return_to=")
    page.fill("[name=login]", "bob")
    page.fill("[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")
    assert page.url == f"{members.server.url}/settings/profile"

    page.goto("/login")
    page.fill("[name=login]", "bob")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    assert page.url == f"{members.server.url}/"
    assert page.locator("summary[aria-label=bob]").count() == 1

    page.click("summary[aria-label=bob]")
    page.click("text=Sign out")
    assert page.url == f"{members.server.url}/login"
    page.goto("/settings/profile")
    assert "/login" in page.url


def test_an_act_after_the_session_has_ended_leads_to_the_sign_in(open_page, members):
    page = open_page("/experiments/0?columns=name", server=members.server, cookies=[members.cookie("bob")], expects=("401", "console:"))
    page.wait_for_selector("#run-table")
    page.context.clear_cookies()
    page.evaluate("""async () => {
      const { attempt, mlflow } = await import(`${document.body.dataset.assets}core/api.js`);
      await attempt(() => mlflow("POST", "experiments/create", { name: "late" }));
    }""")
    page.get_by_text("Your session has ended.").wait_for()
    page.get_by_role("link", name="Sign in again").click()
    page.fill("[name=login]", "bob")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    assert page.url == f"{members.server.url}/experiments/0?columns=name"


def test_a_wrong_password_is_told_and_keeps_the_name(open_page, members):
    page = open_page("/login?return_to=%2Fnew", server=members.server, expects=("401", "console:"))
    page.fill("[name=login]", "bob")
    page.fill("[name=password]", "a wrong password")
    page.click("main button")
    assert "is wrong" in page.locator("[role=alert]").inner_text()
    assert page.input_value("[name=login]") == "bob"
    assert page.input_value("[name=password]") == ""
    assert page.input_value("main [name=return_to]") == "/new"


def test_signing_in_needs_no_script(browser, members):
    context = browser.new_context(base_url=members.server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=login]", "bob")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    assert page.url == f"{members.server.url}/"
    cookie = next(cookie for cookie in context.cookies() if cookie["name"] == "roost_session")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    context.close()


def test_a_link_that_opens_nothing_says_so(members):
    status, headers, text = members.ask("GET", "/set-up/link_" + "0" * 64)
    assert status == 404 and "opens nothing" in text
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/login", "/logout", "/set-up/link_x"])
def test_pages_of_sign_in_run_nothing_and_are_framed_by_nobody(members, path):
    _, headers, text = members.ask("GET", path, headers={"Accept": "text/html"})
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script-src" not in policy and "<script" not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_accessible_and_fits(open_page, members, scheme):
    for width in WIDTHS:
        page = open_page("/login", width=width, scheme=scheme, server=members.server)
        assert_fits(page)
    assert_accessible(page)


def test_a_stream_of_news_ends_soon_after_who_hears_it_has_signed_out(members):
    cookie = members.cookie("bob")
    shown = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    connection = http.client.HTTPConnection("127.0.0.1", members.server.port, timeout=30)
    connection.request("GET", "/live?experiment=0", headers=shown)
    stream = connection.getresponse()
    assert stream.status == 200
    assert stream.readline() == b"retry: 1000\n"

    assert members.submit("/logout", headers=shown)[0] == 303

    # It would be five minutes otherwise; the connection gives up after half a minute of silence.
    started = time.monotonic()
    while stream.readline():
        assert time.monotonic() - started < 30
    connection.close()
    assert members.ask("GET", "/live?experiment=0", headers=shown)[0] == 401
