"""Settings of people, repositories and organizations, and the administration, as each role sees and uses them."""

import base64
import json
import re

import pytest
from accounts import PASSWORD, Members
from looks import WIDTHS, assert_accessible, assert_fits

from servers import free_port

HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>"
#: Webhooks may be on this machine, where nobody listens.
HOOKS = ["--webhook-allowed-schemes", "http", "--webhook-allow-private-ips"]


def ssh_key(byte, comment):
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + byte * 32
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"


@pytest.fixture(scope="module")
def members(new_roost):
    """`ann` looks after the server, `max` owns, `dan` writes, `bob` reads, `eve` may not."""
    with new_roost(options=["--auth", *HOOKS]) as server:
        members = Members(server)
        for login in ["max", "dan", "bob", "eve"]:
            members.add(login)
        members.api("max", "POST", "user/repos", name="iris", private=True, auto_init=True)
        members.api("max", "PUT", "repos/max/iris/collaborators/dan", permission="write")
        members.api("max", "PUT", "repos/max/iris/collaborators/bob", permission="read")
        yield members


@pytest.fixture
def visit(open_page, members):
    def open_(path, login="max", **options):
        own = [members.known(login)] if login else []
        return open_page(path, server=members.server, cookies=own, **options)

    return open_


def do(page, button):
    """Presses a button of the page's own part, and waits for what comes of it."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button).first.click()
    return page.locator("main")


# MARK: A person's own settings


def test_a_profile_is_changed_and_shown_escaped(visit):
    page = visit("/settings/profile")
    page.fill("[name=full_name]", HOSTILE[:90])
    page.fill("[name=description]", HOSTILE)
    page.fill("[name=location]", HOSTILE[:90])
    page.fill("[name=email]", "max@example.com")
    assert "Saved" in do(page, "Save").inner_text()
    assert page.input_value("[name=description]") == HOSTILE
    page.goto("/max")
    assert "<script>" in page.locator("h1").inner_text()
    assert page.locator("main script, main img").count() == 0


def test_a_website_that_runs_something_is_refused_and_the_form_keeps_what_was_typed(visit):
    page = visit("/settings/profile", expects=("400", "console: Failed to load"))
    page.evaluate("document.querySelector('[name=website]').type = 'text'")
    page.fill("[name=website]", "javascript:alert(1)")
    page.fill("[name=location]", "Delft")
    main = do(page, "Save")
    assert "website" in main.locator("[role=alert]").inner_text()
    assert page.input_value("[name=location]") == "Delft"


def test_a_token_is_shown_once_works_and_is_revoked(visit, members):
    page = visit("/settings/tokens", expects=("403", "console: Failed to load"))
    page.fill("[name=name]", "nightly")
    page.fill("[name=repository]", "max/iris")
    page.fill("[name=current_password]", "not the password")
    assert "password" in do(page, "Make the token").locator("[role=alert]").inner_text()
    page.fill("[name=current_password]", PASSWORD)
    main = do(page, "Make the token")
    token = re.search(r"roost_[0-9a-f]{64}", main.inner_text())[0]
    page.locator(".once [data-copy]").click()
    assert page.evaluate("navigator.clipboard.readText()") == token
    headers = {"Authorization": f"Bearer {token}"}
    assert members.ask("GET", "/api/v1/repos/max/iris", headers=headers)[0] == 200
    # A token neither sees nor changes what opens the account.
    assert members.ask("GET", "/settings/tokens", headers=headers)[0] == 403

    page.goto("/settings/tokens")
    assert token not in page.content() and token[-4:] in page.content()
    assert "Revoked" in do(page, "Revoke").inner_text()
    assert members.ask("GET", "/api/v1/repos/max/iris", headers=headers)[0] in (401, 404)


def test_a_key_is_added_and_deleted(visit):
    page = visit("/settings/keys")
    page.fill("[name=key]", ssh_key(b"5", "laptop"))
    assert "laptop" in do(page, "Add the key").inner_text()
    assert "SHA256:" in page.locator("table").inner_text()
    assert "Removed" in do(page, "Delete").inner_text()


def test_sessions_are_listed_and_ended(visit, members):
    other = members.cookie("bob")
    page = visit("/settings/sessions", "bob")
    assert page.locator("tbody tr").count() >= 2
    assert page.locator("text=this one").count() == 1
    assert page.locator("tbody tr").first.locator("td").nth(1).inner_text() == "127.0.0.1"
    assert "Ended" in do(page, "End all others").inner_text()
    headers = {"Cookie": f"{other['name']}={other['value']}", "Accept": "text/html"}
    assert members.ask("GET", "/settings/sessions", headers=headers)[0] == 303
    page.reload()
    assert page.locator("tbody tr").count() == 1


def test_a_password_is_changed_and_this_browser_stays(visit, members):
    members.add("pat")
    page = visit("/settings/password", "pat")
    page.fill("[name=current_password]", PASSWORD)
    page.fill("[name=password]", "a white heron flies")
    assert "Saved" in do(page, "Change the password").inner_text()
    assert members.submit("/login", login="pat", password=PASSWORD)[0] == 401
    page.goto("/settings/profile")
    assert page.url.endswith("/settings/profile")


# MARK: Repositories


def test_a_repository_is_made_with_what_it_begins_with(visit, members):
    page = visit("/new")
    page.fill("[name=name]", "tulip")
    page.fill("[name=description]", HOSTILE)
    page.select_option("[name=ignored]", "Python")
    page.select_option("[name=licence]", "MIT")
    with page.expect_navigation():
        page.get_by_role("button", name="Make the repository").click()
    assert page.url == f"{members.server.url}/max/tulip"
    made = members.api("max", "GET", "repos/max/tulip")
    assert (made["private"], made["empty"], made["description"]) == (True, False, HOSTILE)


def test_a_name_that_is_taken_is_told_with_the_form(visit):
    page = visit("/new", expects=("400", "console: Failed to load"))
    page.fill("[name=name]", "iris")
    main = do(page, "Make the repository")
    assert "already" in main.locator("[role=alert]").inner_text()
    assert page.input_value("[name=name]") == "iris"


def test_a_repository_is_described_renamed_archived_deleted_and_restored(visit, members):
    members.api("max", "POST", "user/repos", name="rose", private=True, auto_init=True)
    page = visit("/max/rose/settings")
    page.fill("[name=description]", HOSTILE)
    page.fill("[name=topics]", "flowers, red")
    assert "Saved" in do(page, "Save").inner_text()
    assert page.input_value("[name=topics]") == "flowers red"
    page.fill("[name=name]", "briar")
    do(page, "Rename")
    assert page.url.startswith(f"{members.server.url}/max/briar/settings")
    page.goto("/max/rose/settings")
    assert page.url == f"{members.server.url}/max/briar/settings"

    page.goto("/max/briar/settings/danger")
    assert "Archived" in do(page, "Archive").inner_text()
    assert members.api("max", "GET", "repos/max/briar")["archived"]
    assert "No longer archived" in do(page, "Make it writable").inner_text()
    page.fill("[name=confirmed]", "max/briar")
    assert "max/briar" in do(page, "Delete this repository").inner_text()
    assert "Restored" in do(page, "Restore").inner_text()
    assert members.api("max", "GET", "repos/max/briar")["name"] == "briar"


def test_a_deleted_repository_is_ended_for_good(visit, members):
    members.api("max", "POST", "user/repos", name="thistle", private=True)
    page = visit("/max/thistle/settings/danger", expects=("400", "console: Failed to load"))
    page.fill("[name=confirmed]", "max/thistle")
    do(page, "Delete this repository")
    assert "nothing was ended" in do(page, "End it for good").inner_text()
    page.select_option("select[name=id]", label="max/thistle")
    page.check("[name=confirmed]")
    assert "gone within minutes" in do(page, "End it for good").locator("[role=status]").inner_text()
    assert [repository["name"] for repository in members.api("max", "GET", "user/repos/deleted")] == []


def test_deleting_wants_the_name(visit, members):
    page = visit("/max/iris/settings/danger", expects=("400", "console: Failed to load"))
    page.fill("[name=confirmed]", "iris")
    assert "nothing was deleted" in do(page, "Delete this repository").inner_text()
    assert members.api("max", "GET", "repos/max/iris")["name"] == "iris"


def test_rights_are_given_changed_and_taken(visit, members):
    members.api("max", "POST", "user/repos", name="shared", private=True)
    page = visit("/max/shared/settings/access", expects=("404", "console: Failed to load"))
    # A person has no teams.
    assert page.locator("main h2", has_text="Teams").count() == 0
    page.fill("main section:nth-of-type(2) [name=login]", "nobody-here")
    assert "No account" in do(page, "Give the right").locator("[role=alert]").inner_text()
    page.fill("main section:nth-of-type(2) [name=login]", "eve")
    do(page, "Give the right")
    assert members.api("eve", "GET", "repos/max/shared")["name"] == "shared"
    page.locator("tbody select").select_option("read")
    do(page, "Change")
    assert page.locator("tbody select").input_value() == "read"
    do(page, "Remove")
    assert "Nobody was given" in page.locator("main").inner_text()


def test_rules_protect_branches(visit, members):
    page = visit("/max/iris/settings/rules")
    page.fill("[name=pattern]", "main")
    page.select_option("[name=push]", "admins")
    page.fill("[name=push_accounts]", "dan")
    assert "admins, dan" in do(page, "Set the rule").inner_text()
    page.get_by_role("link", name="Change").click()
    assert page.input_value("[name=push_accounts]") == "dan"
    assert "Removed" in do(page, "Remove").inner_text()


def test_mirrors_and_deploy_keys(visit):
    page = visit("/max/iris/settings/mirrors", expects=("400", "console: Failed to load"))
    page.fill("[name=address]", "http://127.0.0.1:1/x.git")
    assert page.locator("[role=alert]").count() == 0
    assert do(page, "Set the mirror").locator("[role=alert]").count() == 1
    page.goto("/max/iris/settings/keys")
    page.fill("[name=key]", ssh_key(b"6", "robot"))
    assert "read" in do(page, "Add the key").locator("table").inner_text()


def test_webhooks_of_models_are_added_tested_and_deleted(visit):
    page = visit("/max/iris/settings/model-hooks")
    page.fill("[name=name]", "deploy")
    page.fill("[name=url]", f"http://127.0.0.1:{free_port()}/x")
    page.fill("[name=secret]", "a secret")
    main = do(page, "Add the webhook")
    assert main.locator("h1").inner_text() == "deploy"
    assert "did not arrive" in do(page, "Send a test").inner_text()
    page.uncheck("[name=active]")
    assert "disabled" in do(page, "Save").inner_text()
    assert "No webhooks yet" in do(page, "Delete the webhook").inner_text()


def test_webhooks_of_a_repository_show_what_they_were_told(visit, members):
    page = visit("/max/iris/settings/hooks")
    page.fill("[name=url]", f"http://127.0.0.1:{free_port()}/x")
    page.check("[value=create]")
    page.fill("[name=branches]", "{main,release/*}")
    do(page, "Add the webhook")
    hook = members.api("max", "GET", "repos/max/iris/hooks")[0]
    assert page.url.split("?")[0].endswith(f"/max/iris/settings/hooks/{hook['id']}")
    assert hook["events"] == ["create", "push"]
    assert hook["branch_filter"] == page.input_value("[name=branches]") == "{main,release/*}"
    assert "Queued" in do(page, "Send a test").inner_text()
    assert "push" in page.locator("tbody").inner_text()
    deliveries = members.api("max", "GET", f"repos/max/iris/hooks/{hook['id']}/deliveries")
    assert [delivery["event"] for delivery in deliveries] == ["push"]
    page.uncheck("[name=active]")
    assert "disabled" in do(page, "Save").inner_text()
    assert page.get_by_role("button", name="Send a test").count() == 0
    assert "No webhooks yet" in do(page, "Delete the webhook").inner_text()


# MARK: Organizations


def test_an_organization_with_members_and_teams(visit, members):
    page = visit("/orgs/new")
    page.fill("[name=name]", "lab")
    page.fill("[name=description]", HOSTILE)
    with page.expect_navigation():
        page.get_by_role("button", name="Make the organization").click()
    assert page.url == f"{members.server.url}/lab"
    members.api("max", "POST", "orgs/lab/repos", name="data", private=True)

    page.goto("/orgs/lab/settings/members")
    page.fill("main section:nth-of-type(2) [name=login]", "dan")
    do(page, "Add")
    assert "dan" in page.locator("table").inner_text()
    page.goto("/orgs/lab/settings/teams")
    page.fill("[name=name]", "writers")
    do(page, "Make the team")
    page.fill("[name=member]", "bob")
    do(page, "Add")
    page.fill("[name=repository]", "data")
    page.get_by_role("button", name="Add").nth(1).click()
    page.wait_for_selector("a[href='/lab/data']")
    assert members.api("bob", "GET", "repos/lab/data")["permissions"]["push"]

    for tab, text in [("", "data"), ("?tab=people", "dan"), ("?tab=teams", "writers")]:
        page.goto("/lab" + tab)
        assert text in page.locator("main").inner_text()
    page.goto("/orgs/lab/settings/delete")
    assert "Its teams" in page.locator("main").inner_text()


# MARK: Administration


def test_somebody_is_made_shut_out_and_let_in(visit, members):
    page = visit("/admin/users", "ann")
    page.fill("section [name=login]", "lea")
    page.fill("[name=full_name]", HOSTILE)
    link = re.search(r"/set-up/link_[0-9a-f]+", do(page, "Make the account").inner_text())[0]
    assert members.submit(link, password=PASSWORD)[0] == 303
    cookie = members.cookie("lea")
    headers = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    assert members.ask("GET", "/api/v1/user", headers=headers)[0] == 200
    page.goto("/admin/users/lea")
    do(page, "Shut out")
    assert members.ask("GET", "/api/v1/user", headers=headers)[0] == 401
    do(page, "Let in")
    assert "active" in page.locator("dl").inner_text()
    page.goto("/admin/users?q=<script>nobody")
    assert "Nobody" in page.locator("main").inner_text()


def test_the_administration_shows_what_there_is(visit, members):
    page = visit("/admin", "ann")
    assert page.url.endswith("/admin/users")
    for part, text in [
        ("organizations", "Organizations"),
        ("repositories", "max/iris"),
        ("storage", "Database"),
        ("jobs", "deliveries wait"),
        ("server", "POST /login"),
        ("audit", "session.signed_in"),
    ]:
        page.goto(f"/admin/{part}")
        assert text in page.locator("main").inner_text(), part
        assert_accessible(page)
    page.goto("/admin/audit?kind=token.created&actor=max")
    assert "nightly" in page.locator("table").inner_text()
    lines = page.context.request.get("/admin/audit.jsonl?kind=token.created").text().splitlines()
    assert lines and all(json.loads(line)["kind"] == "token.created" for line in lines)


def test_jobs_are_found_sorted_and_told_to_programs(visit, members):
    members.api("max", "POST", "user/repos", name="noisy", private=True, auto_init=True)
    for name in ["a", "b"]:
        hook = {"url": f"http://127.0.0.1:{free_port()}/{name}", "content_type": "json"}
        made = members.api("max", "POST", "repos/max/noisy/hooks", type="gitea", active=True, events=["push"], config=hook)
        members.api("max", "POST", f"repos/max/noisy/hooks/{made['id']}/tests")
    page = visit("/admin/jobs?kind=webhook", "ann")
    rows = page.locator("tbody tr")
    assert rows.count() >= 2
    assert_accessible(page)
    page.get_by_role("link", name="Attempts").click()
    assert "sort=attempts" in page.url and "kind=webhook" in page.url
    counts = [int(text) for text in page.locator("tbody td.number").all_inner_texts()]
    assert counts == sorted(counts)
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Attempts")
    page.get_by_role("link", name="Attempts").click()
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.fill("[name=q]", HOSTILE[:40])
    page.get_by_role("button", name="Show").click()
    assert "No job is like that" in page.locator("main").inner_text()
    assert page.locator("main script, main img").count() == 0
    address = page.locator(".ways a").first.get_attribute("href")
    assert page.context.request.get(address).json() == {"jobs": []}
    every = page.context.request.get("/admin/jobs.json?kind=webhook&state=waiting").json()["jobs"]
    assert every and all(job["subject"] == "push" for job in every)
    assert members.ask("GET", "/admin/jobs.json", headers={"Cookie": "{name}={value}".format(**members.known("max"))})[0] == 403


# MARK: Roles

ROWS = {
    "/max/iris/settings": {"": 303, "eve": 404, "bob": 403, "dan": 403, "max": 200, "ann": 200},
    "/max/iris/settings/danger": {"": 303, "eve": 404, "bob": 403, "dan": 403, "max": 200, "ann": 200},
    "/max/nothing/settings": {"": 303, "eve": 404, "bob": 404, "dan": 404, "max": 404, "ann": 404},
    "/settings/profile": {"": 303, "eve": 200, "ann": 200},
    "/admin/users": {"": 303, "eve": 403, "max": 403, "ann": 200},
    "/admin/users/nobody": {"ann": 404},
    "/max": {"": 303, "eve": 200, "bob": 200, "ann": 200},
    "/nobody": {"": 303, "eve": 404, "ann": 404},
    "/favicon.ico": {"": 404, "eve": 404},
    "/new": {"": 303, "eve": 200},
    "/orgs/nothing/settings": {"": 303, "eve": 404, "ann": 404},
}


def test_who_sees_what(members):
    for path, expected in ROWS.items():
        for login, status in expected.items():
            cookie = members.known(login) if login else None
            headers = {"Accept": "text/html"}
            if cookie:
                headers["Cookie"] = f"{cookie['name']}={cookie['value']}"
            assert members.ask("GET", path, headers=headers)[0] == status, (path, login)


@pytest.mark.parametrize("login", ["eve", "bob", "dan"])
def test_a_profile_shows_each_what_they_may_see_and_no_controls(visit, login):
    page = visit("/max", login)
    main = page.locator("main")
    assert ("iris" in main.inner_text()) == (login != "eve")
    assert main.get_by_role("link", name=re.compile("New repository|New organization|Settings")).count() == 0


def test_whoever_has_an_account_finds_where_organizations_are_made(visit):
    page = visit("/bob", "bob")
    assert page.locator("main").get_by_role("link", name="New organization").count() == 1
    assert page.locator(".menu-body a[href$='/orgs/new']").count() == 1
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.type("new organization")
    page.wait_for_selector(".palette li:has-text('New organization')")


PAGES = [
    *("/settings/profile", "/settings/password", "/settings/tokens", "/settings/keys", "/settings/sessions"),
    *("/settings/deleted", "/new", "/new?from=elsewhere", "/orgs/new", "/max", "/max?tab=stars"),
    *(
        "/max/iris/settings",
        "/max/iris/settings/access",
        "/max/iris/settings/rules",
        "/max/iris/settings/mirrors",
    ),
    *("/max/iris/settings/keys", "/max/iris/settings/hooks", "/max/iris/settings/model-hooks"),
    "/max/iris/settings/danger",
]


@pytest.mark.parametrize(("width", "scheme"), [*zip(WIDTHS, ["light", "dark", "light"], strict=True)])
def test_pages_fit_and_are_accessible(visit, width, scheme):
    page = visit("/settings/profile", width=width, scheme=scheme)
    for path in PAGES:
        page.goto(path)
        assert page.locator("main h1").count() == 1, path
        assert_fits(page)
        # Once in each of the colours.
        if width != 375:
            assert_accessible(page)
