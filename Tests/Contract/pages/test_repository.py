"""The pages of repositories, on a repository as a team has one, with names and files that are tricks."""

import base64
import contextlib
import re
import sqlite3
import urllib.parse

import pytest
import requests

import repository_contents
from accounts import Members
from conftest import page_options
from looks import assert_accessible, assert_fits
from servers import wait_until


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("work") / "iris"


@pytest.fixture(scope="module")
def iris(web, folder):
    """The address of the repository below the server's."""
    return repository_contents.push_everything(web, folder, "iris")


@pytest.fixture(scope="module")
def empty(web):
    owner = repository_contents.ask(web, "POST", "/api/v1/user/repos", {"name": "empty"})["owner"]["login"]
    return f"/{owner}/empty"


def commit_of(folder, name):
    return repository_contents.git(folder, "rev-parse", name)


PATHS = [
    "", "/src/main/src/train.py", "/src/main/data/iris.csv", "/src/main/notebooks/explore.ipynb", "/blame/main/src/train.py", "/commits",
    "/commit/{changed}", "/commit/{changed}?view=split", "/compare/v1.0...main", "/branches", "/tags", "/releases",
    "/edit/main/src/train.py", "/upload/main", "/fork",
]


@pytest.mark.parametrize(("width", "scheme", "turn"), [(1440, "light", 0), (900, "light", 1), (375, "dark", 2)])
def test_pages_fit_and_are_accessible(open_page, iris, folder, width, scheme, turn):
    page = open_page(iris, width=width, scheme=scheme)
    for place, path in enumerate(PATHS):
        page.goto(iris + path.format(changed=commit_of(folder, "v1.1~2")))
        assert page.locator("main h1").count() >= 1, path
        assert_fits(page)
        # Each in one of the looks, since that takes long.
        if place % 3 == turn:
            assert_accessible(page, leave_out=[".CodeMirror", "iframe"])


def test_what_is_on_its_way_is_shown_when_it_has_come(open_page, web):
    made = repository_contents.ask(web, "POST", "/api/v1/user/repos", {"name": "arriving", "auto_init": True})
    columns = "workspace_id, address, user_name, started_ms, attempts, lease_until_ms"
    change(web, f"INSERT INTO arrivals ({columns}) VALUES ({made['id']}, 'https://a.example/b.git', '', 1, 1, {1 << 60})")
    page = open_page(f"/{made['full_name']}")
    page.get_by_text("is on its way").wait_for()
    assert_accessible(page)

    change(web, f"DELETE FROM arrivals WHERE workspace_id = {made['id']}")

    page.get_by_text("is on its way").wait_for(state="detached", timeout=10_000)
    assert page.locator("#files").count() == 1


def change(web, statement):
    with contextlib.closing(sqlite3.connect(web.database_file, timeout=30)) as database:
        database.execute(statement)
        database.commit()


def test_the_front_page_shows_files_readme_and_ways_in(open_page, web, iris):
    page = open_page(iris)

    assert page.locator("h1").first.inner_text().startswith("local")
    names = page.locator(".file-name a").all_inner_texts()
    assert names[:4] == ["big", "data", "docs", "notebooks"] and "README.md" in names
    page.wait_for_selector(".file-commit a:has-text('Keep weights by LFS')")
    readme = page.locator(".readme .markdown")
    assert readme.locator(".katex").count() == 2
    assert readme.locator(".hljs-keyword").count() >= 1
    assert readme.locator("a", has_text="training").get_attribute("href") == f"{iris}/src/main/src/train.py"
    picture = readme.locator("img[alt='A plot']")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    page.get_by_text("Clone or use").click()
    page.locator(".clone .copy-block button").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == f"git clone {web.url}{iris}.git"
    assert page.locator(".side .languages li").first.inner_text().strip().startswith("Jupyter Notebook")


def test_a_branch_with_a_slash_is_chosen_and_kept(open_page, iris):
    page = open_page(f"{iris}/src/main/src")
    page.locator("[data-refs] summary").click()
    page.locator("[data-refs] input").fill("tables")

    page.keyboard.press("Enter")

    page.wait_for_url(f"**{iris}/src/feature/tables/src")
    assert page.locator(".file-name a", has_text="tables.py").count() == 1


def test_lines_are_linked_and_the_permalink_stays(open_page, iris, folder):
    page = open_page(f"{iris}/src/main/src/train.py")
    page.wait_for_selector(".line-text .hljs-keyword")

    assert page.locator("#L3 .line-number a").bounding_box()["height"] >= 24
    page.locator("#L3 .line-number a").click()
    page.locator("#L5 .line-number a").click(modifiers=["Shift"])

    assert page.url.endswith("#L3-L5")
    assert page.locator("tr.chosen").count() == 3
    page.get_by_text("Copy permalink").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"{iris}/src/{commit_of(folder, 'origin/main')}/src/train.py#L3-L5")
    page.goto(link)
    assert page.locator("tr.chosen").count() == 3


def test_each_kind_of_file_is_shown_as_what_it_is(open_page, iris):
    page = open_page(f"{iris}/src/main/data/iris.csv")
    assert page.locator(".table-file tbody tr").count() == 149
    page.get_by_role("link", name="Source").click()
    assert page.locator(".line-text").first.inner_text() == "sepal_length,sepal_width,species"
    page.goto(f"{iris}/src/main/notebooks/explore.ipynb")
    assert page.locator(".cell").count() == 3
    assert page.frame_locator(".cell-frame").locator("td").inner_text() == "5.1"
    assert page.locator(".cell-output img").evaluate("image => image.naturalWidth") == 240
    page.goto(f"{iris}/src/main/data/iris.parquet")
    assert page.locator(".table-file tbody tr").all_inner_texts() == ["0\tsetosa\t3.5", "1\t<b>virginica</b>\t2.25"]
    page.goto(f"{iris}/src/main/data/iris.csv.dvc")
    assert "14.4 MB" in page.locator(".pointer").inner_text()
    page.goto(f"{iris}/src/main/big/plot.png")
    assert page.locator(".media img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    page.goto(f"{iris}/src/main/big/weights.bin")
    assert "Git LFS" in page.locator(".pointer").inner_text() and "200.0 kB" in page.locator(".pointer").inner_text()
    page.goto(f"{iris}/src/main/docs/deep/er/notes.md")
    page.get_by_role("link", name="the code").click()
    assert page.url.endswith(f"{iris}/src/main/src/train.py")


def test_a_commit_shows_lines_cells_tables_and_pictures(open_page, iris, folder):
    page = open_page(f"{iris}/commit/{commit_of(folder, 'v1.1~2')}")

    train = page.locator(".diff-file").filter(has=page.locator(".diff-name", has_text="src/train.py"))
    train.scroll_into_view_if_needed()
    train.locator("tr.add .hljs-number").first.wait_for()
    assert train.locator("tr.add mark").all_inner_texts() == ["500", "2"]
    assert "renamed, 100 % the same" in page.locator(".diff-file", has_text="settings.yaml").inner_text()
    cells = page.locator(".diff-file", has_text="explore.ipynb")
    assert cells.locator(".cell.changed mark").all_inner_texts() == ["1", "2"]
    table = page.locator(".diff-file", has_text="iris.csv")
    assert table.locator("td.changed ins").inner_text() == "3.5"
    assert table.locator(".table-diff tr.del").count() == 1
    image = page.locator(".diff-file", has_text="loss.png")
    image.get_by_role("button", name="Swipe").click()
    image.get_by_role("button", name="Difference").click()
    image.locator("canvas").wait_for()
    assert re.search(r"\d+ of 33600 pixels differ", image.locator("[role=status]").inner_text())
    before = train.locator("tr").count()
    train.locator("[data-expand]").first.click()
    wait_until(lambda: train.locator("tr").count() > before, "the lines that were left out are there")
    train.locator("[data-viewed]").check()
    page.reload()
    assert page.locator(".diff-file.folded").count() == 1
    page.locator("select[name=view]").select_option("split")
    page.wait_for_url("**view=split")
    assert train.locator("table.diff.split").count() == 1
    train.locator("[data-fold]").click()
    train.scroll_into_view_if_needed()
    train.locator("td.add .hljs-number").first.wait_for()
    assert train.locator("td.add mark").all_inner_texts() == ["500", "2"]


def test_histories_are_paged_and_tell_of_runs(open_page, web, iris, folder):
    sha = commit_of(folder, "main~1")
    tags = [{"key": "mlflow.source.git.commit", "value": sha}]
    service = f"{web.url}{iris}.mlflow/api/2.0/mlflow"
    made = requests.post(f"{service}/runs/create", json={"experiment_id": "0", "tags": tags, "run_name": "of a commit"}, timeout=10)
    if made.status_code != 200:
        experiment = requests.post(f"{service}/experiments/create", json={"name": "iris"}, timeout=10).json()["experiment_id"]
        made = requests.post(f"{service}/runs/create", json={"experiment_id": experiment, "tags": tags, "run_name": "of a commit"}, timeout=10)
    made.raise_for_status()

    page = open_page(f"{iris}/commits")
    assert page.locator(".commits li").count() == 30
    page.locator(f"[data-sha='{sha}'] .badge.accent", has_text="1 run").click()
    assert page.locator(".made a").inner_text() == "of a commit"
    page.goto(f"{iris}/commits")
    page.get_by_role("link", name="Older").click()
    assert page.locator(".commits li").count() == 30
    page.goto(f"{iris}/commits/main/src/train.py")
    assert page.locator(".commits li").count() == 29 or page.locator(".commits li").count() == 30


def test_a_file_is_edited_renamed_and_deleted(open_page, iris):
    page = open_page(f"{iris}/src/main/requirements.txt")
    page.get_by_role("link", name="Edit").click()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("scipy==1.14\n")
    page.get_by_label("Path").fill("requirements/base.txt")
    page.get_by_label("What changes").fill("Add scipy")
    page.get_by_role("button", name="Commit").click()

    page.wait_for_url(f"**{iris}/src/main/requirements/base.txt")
    assert page.locator(".line-text").last.inner_text() == "scipy==1.14"
    assert page.locator(".last-commit").inner_text().find("Add scipy") >= 0
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("radio", name="On a new branch").check()
    page.get_by_label("Name of the new branch").fill("tidy/up")
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url(f"**{iris}/src/tidy/up")


def test_lines_that_nobody_touched_end_as_they_did(open_page, iris, folder):
    repository_contents.git(folder, "pull", "-q", "--rebase", "origin", "main")
    (folder / "ends.txt").write_bytes(b"one\r\ntwo\nthree\n")
    (folder / "latin.txt").write_bytes("caf\u00e9\n".encode("latin-1"))
    (folder / "mac.txt").write_bytes(b"one\rtwo\n")
    repository_contents.git(folder, "add", ".")
    repository_contents.git(folder, "commit", "-q", "-m", "Add ends of lines")
    repository_contents.git(folder, "push", "-q", "origin", "main")
    page = open_page(f"{iris}/edit/main/ends.txt")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("four")
    page.get_by_role("button", name="Commit").click()

    page.wait_for_url(f"**{iris}/src/main/ends.txt")
    repository_contents.git(folder, "pull", "-q", "--rebase", "origin", "main")
    assert (folder / "ends.txt").read_bytes() == b"one\r\ntwo\nthree\nfour"
    for name in ("latin.txt", "mac.txt"):
        page.goto(f"{iris}/src/main/{name}")
        assert page.get_by_role("link", name="Delete").count() == 1
        assert page.get_by_role("link", name="Edit").count() == 0


def test_what_was_typed_is_kept_when_somebody_was_quicker(open_page, iris, folder):
    page = open_page(f"{iris}/edit/main/model.json", expects=["400", "409", "console: Failed to load resource"])
    repository_contents.git(folder, "pull", "-q", "--rebase", "origin", "main")
    (folder / "model.json").write_text('{"kind": "other"}\n')
    repository_contents.git(folder, "commit", "-q", "-a", "-m", "Be quicker")
    repository_contents.git(folder, "push", "-q", "origin", "main")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("mine ")

    page.get_by_role("button", name="Commit").click()

    page.locator("[role=alert]", has_text="changed by somebody else").wait_for()
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()").startswith("mine {")
    page.get_by_role("button", name="Commit").click()
    page.wait_for_url(f"**{iris}/src/main/model.json")
    assert page.locator(".line-text").first.inner_text().startswith("mine")


def test_files_are_uploaded_and_branches_and_tags_made(open_page, iris):
    page = open_page(f"{iris}/upload/main")
    page.get_by_label("Folder").fill("uploads")
    page.locator("input[type=file]").set_input_files(
        [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a\r\n"}, {"name": "b ü.bin", "mimeType": "application/octet-stream", "buffer": bytes(range(256))}]
    )
    page.get_by_role("button", name="Commit").click()
    page.wait_for_url(f"**{iris}/src/main/uploads")
    assert page.locator(".file-name a", has_text="b ü.bin").count() == 1
    page.goto(f"{iris}/branches")
    page.get_by_text("New branch").click()
    page.get_by_label("Name").fill("from/page")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(f"**{iris}/src/from/page")
    page.goto(f"{iris}/branches")
    page.locator("summary", has_text="Delete the branch from/page").click()
    assert page.locator("td a", has_text="from/page").count() == 1
    page.get_by_role("button", name="Yes, delete from/page").click()
    page.locator("[role=status]", has_text="from/page is deleted").wait_for()
    assert page.locator("td a", has_text="from/page").count() == 0
    page.get_by_role("button", name="Restore from/page").click()
    page.wait_for_url(f"**{iris}/src/from/page")
    page.goto(f"{iris}/branches?deleted=from/page&was={'0' * 40}")
    assert page.get_by_role("button", name="Restore from/page").count() == 0
    page.goto(f"{iris}/tags")
    page.get_by_text("New tag").click()
    page.get_by_label("Name").fill("v2")
    page.get_by_role("button", name="Create").click()
    assert page.locator("#v2").count() == 1


def test_tricks_in_names_and_files_run_nothing(open_page, web, iris):
    page = open_page(f"{iris}/src/main/tricks")
    page.goto(f"{iris}/commits")
    page.goto(f"{iris}/tags")
    links = []
    page.goto(f"{iris}/src/main/tricks")
    assert page.locator(".file-name", has_text="<script>").count() == 1
    for link in page.locator(".file-name a").all():
        links.append(link.get_attribute("href"))
    for link in links:
        page.goto(link)
        assert page.title() != "owned", link
    page.goto(f"{iris}/src/main/plots/drawing.svg")
    page.goto(f"{iris}/raw/main/tricks/page.html")
    assert page.evaluate("self.origin") == "null"
    raw = requests.get(f"{web.url}{iris}/raw/main/plots/drawing.svg", timeout=10)
    assert "sandbox" in raw.headers["Content-Security-Policy"] and raw.headers["X-Content-Type-Options"] == "nosniff"
    html = requests.get(f"{web.url}{iris}/src/main/tricks", timeout=10).text
    assert "<script>document.title" not in html and "javascript:" not in html


@pytest.mark.parametrize(
    "name", ["-x", "..", "HEAD~1", "@{u}", "main^", ":/Begin", "main..v1.0", "%00", "refs/heads/../../config", "--help", "a b"]
)
def test_a_name_is_no_expression(web, iris, name):
    for view in ["src", "commits", "raw", "blame", "commit", "compare"]:
        address = f"{web.url}{iris}/{view}/{urllib.parse.quote(name)}"
        status = requests.get(address, timeout=10, headers={"Accept": "text/html"}, allow_redirects=False).status_code
        expected = (400, 404, 200) if view == "compare" else (400, 404)
        if name == "..":
            # The client makes it the address of the repository with a slash behind it, which leads on.
            expected = (308,)
        assert status in expected, (view, name, status)


def test_long_files_answer_soon(web, iris):
    for path in ["tricks/many-lines.txt", "tricks/one-line.txt", "tricks/binary.txt"]:
        for view in ["src", "blame"]:
            answer = requests.get(f"{web.url}{iris}/{view}/main/{path}", timeout=20)
            assert answer.status_code == 200
            assert answer.elapsed.total_seconds() < 12
            assert len(answer.content) < 4_000_000


def test_an_empty_repository_shows_lines_that_work(open_page, web, empty):
    page = open_page(empty)
    assert f"git clone {web.url}{empty}.git" in page.locator(".empty").inner_text()

    page.get_by_role("link", name="make a file").click()
    page.get_by_label("Path").fill("notes/first.md")
    page.locator(".CodeMirror").click()
    page.keyboard.type("# First\n\nwith *words*")
    page.get_by_role("button", name="Preview").click()
    page.locator("[data-preview] em", has_text="words").wait_for()
    page.get_by_role("button", name="Commit").click()

    page.wait_for_url(f"**{empty}/src/main/notes/first.md")
    assert page.locator(".markdown h1").inner_text() == "First"


MARKS = ["/edit/main/", "/delete/main/", "/upload/main", "New branch", "New release"]
PAGES = [
    "/ann/secret", "/ann/secret/src/main/README.md", "/ann/secret/commits", "/ann/secret/branches", "/ann/secret/releases",
    "/ann/secret/raw/main/README.md",
]


@pytest.fixture(scope="module")
def members(new_roost):
    with new_roost(options=["--auth", *page_options()]) as server:
        members = Members(server)
        for login in ["bob", "eve"]:
            members.add(login)
        members.api("ann", "POST", "user/repos", name="secret", private=True, auto_init=True)
        members.api("ann", "PUT", "repos/ann/secret/collaborators/bob", permission="read")
        yield members


def test_what_somebody_may_not_do_is_not_shown_nor_done(members):
    url = members.server.url
    sessions = {login: members.cookie(login) for login in ["ann", "bob", "eve"]}

    def look(login, path, **form):
        cookies = {sessions[login]["name"]: sessions[login]["value"]} if login else {}
        headers = {"Accept": "text/html", "Origin": url}
        method = "POST" if form else "GET"
        return requests.request(method, url + path, cookies=cookies, headers=headers, timeout=30, allow_redirects=False, **form)

    for path in PAGES:
        assert look("ann", path).status_code == 200, path
        assert look("bob", path).status_code == 200, path
        assert look("eve", path).status_code == 404, path
        assert look(None, path).status_code in (303, 401, 404), path
    own = "".join(look("ann", path).text for path in PAGES)
    assert all(mark in own for mark in MARKS)
    read = "".join(look("bob", path).text for path in PAGES)
    assert not any(mark in read for mark in MARKS)
    for path in ["edit/main/README.md", "new/main", "upload/main", "delete/main/README.md"]:
        assert look("bob", f"/ann/secret/{path}").status_code == 403
        assert look("bob", f"/ann/secret/{path}", files={"path": (None, "x")}).status_code == 403
    for path in ["branches", "tags", "releases", "branches/delete"]:
        assert look("bob", f"/ann/secret/{path}", data={"name": "x"}).status_code == 403
    assert look("bob", "/ann/secret/star", data={"given": "yes"}).status_code == 303
    members.api("ann", "PATCH", "repos/ann/secret", archived=True)
    archived = "".join(look("ann", path).text for path in PAGES)
    assert "This repository is archived" in archived and not any(mark in archived for mark in MARKS)
    assert look("ann", "/ann/secret/edit/main/README.md").status_code == 403


def test_whoever_was_given_a_right_can_leave(members):
    url = members.server.url
    members.api("ann", "POST", "user/repos", name="left", private=True, auto_init=True)
    for login in ["bob", "eve"]:
        members.api("ann", "PUT", f"repos/ann/left/collaborators/{login}", permission="read")
    cookies = {login: {members.cookie(login)["name"]: members.cookie(login)["value"]} for login in ["ann", "bob"]}

    def ask(login, method, path, **more):
        headers = {"Accept": "text/html", "Origin": url}
        return requests.request(
            method, f"{url}{path}", cookies=cookies[login], headers=headers, timeout=30, allow_redirects=False, **more
        )

    assert "Leave this repository" not in ask("ann", "GET", "/ann/left").text
    assert "Leave this repository" in ask("bob", "GET", "/ann/left").text
    refused = ask("bob", "DELETE", "/api/v1/repos/ann/left/collaborators/eve", json={})
    assert refused.status_code == 403, refused.text
    assert ask("bob", "POST", "/ann/left/leave", data={"x": "y"}).status_code == 400
    assert ask("bob", "POST", "/ann/left/leave", data={"do": "leave"}).status_code == 303
    assert ask("bob", "GET", "/ann/left").status_code == 404
    members.api("ann", "PUT", "repos/ann/left/collaborators/bob", permission="read")
    assert ask("bob", "DELETE", "/api/v1/repos/ann/left/collaborators/bob").status_code == 204
    assert ask("bob", "GET", "/ann/left").status_code == 404


def test_a_protected_branch_says_its_rule(web, open_page, iris):
    owner, name = iris.strip("/").split("/")
    rule = {"kind": "branch", "pattern": "experiment/**", "force": "nobody", "removal": "nobody"}
    repository_contents.ask(web, "PUT", f"/api/v1/repos/{owner}/{name}/rules", rule)
    page = open_page(f"{iris}/edit/experiment/wide/src/net.py", expects=["403", "console: Failed to load resource"])

    page.locator(".CodeMirror").click()
    page.keyboard.type("x")
    page.get_by_role("button", name="Commit").click()

    page.locator("[role=alert]").wait_for()
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()").count("x") == 1


def test_a_release_is_made_with_a_file_and_published(open_page, web, iris):
    page = open_page(f"{iris}/releases")
    page.get_by_text("New release").click()
    page.get_by_label("Tag", exact=True).fill("v3.0")
    page.get_by_label("Title").fill("Third <b>release</b>")
    page.get_by_label("What is new").fill("- *weights* $x_1$ <script>document.title='owned'</script>")
    page.get_by_label("A draft").check()
    page.get_by_role("button", name="Create").click()
    card = page.locator("li.card", has_text="Third <b>release</b>")
    assert card.locator(".badge", has_text="draft").count() == 1
    card.locator("input[type=file]").set_input_files({"name": "weights.bin", "mimeType": "application/octet-stream", "buffer": b"abc"})
    card.get_by_role("button", name="Attach", exact=True).click()
    card.get_by_role("button", name="Publish").click()
    card.locator(".badge", has_text="latest").wait_for()

    assert card.locator("em").inner_text() == "weights"
    card.locator(".katex").wait_for()
    address = card.get_by_role("link", name="weights.bin").get_attribute("href")
    assert requests.get(web.url + address, timeout=10).content == b"abc"
    assert page.title() != "owned"
    page.goto(iris)
    assert page.locator(".side a", has_text="Third <b>release</b>").count() == 1


def write(web, repository, path, text, **fields):
    """A commit of one file, as a program makes it."""
    body = {"content": base64.b64encode(text.encode()).decode(), "branch": "main", **fields}
    repository_contents.ask(web, "PUT", f"/api/v1/repos/{repository}/contents/{path}", body)


def test_a_branch_is_merged_where_it_is_compared(open_page, web):
    repository_contents.ask(web, "POST", "/api/v1/user/repos", {"name": "joined", "auto_init": True})
    write(web, "local/joined", "a.txt", "theirs", new_branch="topic/<b>")
    page = open_page("/local/joined/compare/main...topic/<b>", width=375, expects=["400", "console: Failed"])
    assert page.get_by_label("What the merge says").input_value() == "Merge topic/<b> into main"
    assert_fits(page)
    assert_accessible(page)
    write(web, "local/joined", "more.txt", "more", branch="topic/<b>")
    page.get_by_role("button", name="Merge into main").click()
    assert "changed by somebody else meanwhile" in page.locator("[role=alert]").inner_text()
    page.get_by_label("What the merge says").fill("Take <i>it</i>")
    page.get_by_role("button", name="Merge into main").click()

    assert page.locator("h1").inner_text() == "Take <i>it</i>"
    page.goto("/local/joined/compare/main...topic/<b>")
    assert page.get_by_role("button", name="Merge into main").count() == 0
    write(web, "local/joined", "a.txt", "ours")
    write(web, "local/joined", "a.txt", "other", branch="topic/<b>")
    page.goto("/local/joined/compare/main...topic/<b>")
    assert page.locator(".note.warn li").all_inner_texts() == ["a.txt"]
    assert page.get_by_role("button", name="Merge into main").count() == 0
    page.goto("/local/joined/compare/main...HEAD")
    assert page.get_by_role("button", name="Merge into main").count() == 0


def test_a_fork_is_synced_without_script(browser, open_page, web):
    ask = repository_contents.ask
    ask(web, "POST", "/api/v1/user/repos", {"name": "above", "auto_init": True})
    ask(web, "POST", "/api/v1/user/orgs", {"username": "below"})
    ask(web, "POST", "/api/v1/repos/local/above/forks", {"organization": "below"})
    page = open_page("/below/above")
    assert page.locator(".upstream").inner_text() == "main has all that is in main of local/above."
    write(web, "local/above", "new.txt", "new")
    write(web, "below/above", "own.txt", "own")

    context = browser.new_context(base_url=web.url, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/below/above")
    assert "1 commit ahead of main of local/above and 1 commit behind" in plain.locator(".upstream").inner_text()
    plain.get_by_role("button", name="Sync fork").click()
    assert plain.locator(".file-name a", has_text="new.txt").count() == 1
    assert "2 commits ahead of main" in plain.locator(".upstream").inner_text()
    assert plain.get_by_role("button", name="Sync fork").count() == 0
    write(web, "local/above", "own.txt", "theirs")
    plain.goto("/below/above")
    plain.get_by_role("button", name="Sync fork").click()
    assert "both have changed 'own.txt'" in plain.locator("main").inner_text()
    context.close()

    page.goto("/below/above")
    page.set_viewport_size({"width": 375, "height": 900})
    assert_fits(page)
    assert_accessible(page)


def test_pages_need_no_script(browser, web, iris):
    context = browser.new_context(base_url=web.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(iris)
    page.locator("[data-refs] summary").click()
    page.locator("[data-refs] a", has_text="v1.0").click()
    assert page.locator(".file-name a", has_text="README.md").count() == 1
    page.goto(f"{iris}/new/main")
    page.get_by_label("Path").fill("no/script.txt")
    page.locator("textarea#content").fill("plain")
    page.get_by_role("button", name="Commit").click()
    assert page.url.endswith(f"{iris}/src/main/no/script.txt")
    context.close()
