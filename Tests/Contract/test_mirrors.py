"""Imports and mirrors between two Roosts, with a proxy between them that wants a password."""

import base64
import contextlib
import hashlib
import http.client
import http.server
import os
import pathlib
import threading
import time

import pytest
import requests

from servers import wait_until
from test_git import Hub, Person
from test_lfs import Author, start

USER, PASSWORD = "ann", "correct horse"


class Proxy(http.server.ThreadingHTTPServer):
    """Passes on to a Roost what comes with the password, and keeps what else it was asked for."""

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Passing)
        self.target = port
        self.refused = []
        #: Whether the names that the Roost gives lead through here as well.
        self.keeps_host = False
        #: Whether it serves what Git LFS asks for, and how it changes what it is to give.
        self.has_large_files = True
        self.tamper = None
        #: Whether it breaks off what is fetched, and until when it holds that back once it was asked.
        self.breaks_fetches = False
        self.held = None
        self.was_asked = threading.Event()
        #: The arguments of all processes, as everybody on the machine sees them, while one asks.
        self.commands = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.body()
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            self.server.refused.append(self.path)
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="proxy"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if "/info/lfs/" in self.path and not self.server.has_large_files:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if b"command=fetch" in body:
            self.server.was_asked.set()
            if self.server.held:
                self.server.held.wait(60)
            if self.server.breaks_fetches:
                self.send_response(500)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=60)
        for arguments in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                self.server.commands.append(arguments.read_bytes())
        names = ("Content-Type", "Content-Encoding", "Git-Protocol", "Accept")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        if self.server.keeps_host:
            headers["Host"] = self.headers["Host"]
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if self.server.tamper and "/info/lfs/objects/" in self.path and self.command == "GET":
            content = self.server.tamper(content)
        self.send_response(answer.status)
        if "Content-Type" in answer.headers:
            self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_GET = do_POST = do_PUT = pass_on

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def here(new_roost):
    with new_roost(options=["--mirror-allow-private-ips"]) as server:
        yield Hub(server)


@pytest.fixture(scope="module")
def there(new_roost):
    with new_roost() as server:
        yield Hub(server)


@pytest.fixture(scope="module")
def proxy(there):
    server = Proxy(there.server.port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def person(tmp_path):
    return Person(tmp_path / "ann")


def call(method, hub, path, **body):
    return requests.request(method, f"{hub.server.url}/api/v1/{path}", json=body or None, timeout=120)


def set_mirror(repository, **body):
    answer = call("POST", repository.hub, f"repos/{repository.name}/mirrors", interval_seconds=0, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def last(repository):
    answer = call("GET", repository.hub, f"repos/{repository.name}/mirrors")
    assert answer.status_code == 200
    [mirror] = answer.json()
    return mirror


def refs(repository):
    """A repository is made at the first visit."""
    return repository.refs() if repository.folder.exists() else {}


def sync(repository):
    path = f"repos/{repository.name}/mirror-sync"
    assert requests.post(f"{repository.hub.server.url}/api/v1/{path}", json={}, timeout=60).status_code == 202


def commit(person, repository, text, branch="main"):
    """Pushes a commit and tells its id."""
    if not (person.home / "work").exists():
        person.git("clone", "-q", repository.url, "work")
        person.git("symbolic-ref", "HEAD", f"refs/heads/{branch}", at="work")
    (person.home / "work/a.txt").write_text(text)
    person.git("add", ".", at="work")
    person.git("commit", "-qm", text, at="work")
    person.git("push", "-q", "origin", f"HEAD:{branch}", at="work")
    return person.git("rev-parse", "HEAD", at="work")


def test_a_repository_is_imported(here, there, person):
    theirs = there.make_repository("import-source")
    first = commit(person, theirs, "one", "trunk")
    person.git("push", "-q", "origin", "HEAD:refs/tags/v1", at="work")

    answer = call("POST", here, "repos/migrate", clone_addr=theirs.url, repo_name="imported", private=True)

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["name"] == "imported" and made["private"] and not made["mirror"]
    person.git("clone", "-q", f"{here.server.url}/{made['full_name']}.git", "copy")
    assert person.git("rev-parse", "HEAD", "v1", at="copy").split() == [first, first]
    assert person.git("symbolic-ref", "HEAD", at="copy") == "refs/heads/trunk"
    recorded = here.rows(f"SELECT name, object_id FROM git_refs WHERE workspace_id = {made['id']} ORDER BY name")
    assert recorded == [["refs/heads/trunk", first], ["refs/tags/v1", first]]
    again = call("POST", here, "repos/migrate", clone_addr=theirs.url, repo_name="imported")
    assert again.status_code == 422 and "already" in again.json()["message"]


def test_what_cannot_be_had_makes_no_repository(here, there, proxy):
    address = f"{proxy.url}/nobody/nothing.git"
    wrong = call("POST", here, "repos/migrate", clone_addr=address, repo_name="none", auth_username="ann")
    assert wrong.status_code == 422
    assert wrong.json()["message"] == "The server refuses the user name or the password."
    missing = call(
        "POST",
        here,
        "repos/migrate",
        clone_addr=address,
        repo_name="none",
        auth_username=USER,
        auth_password=PASSWORD,
    )
    assert missing.status_code == 422
    assert missing.json()["message"] == "The server has no such repository."
    assert here.rows("SELECT name FROM repositories WHERE name = 'none'") == []


def test_an_import_that_breaks_off_says_so_and_is_tried_again(here, there, proxy, person):
    theirs = there.make_repository("breaking")
    first = commit(person, theirs, "one")
    address = theirs.url.replace(there.server.url, proxy.url)
    login = {"auth_username": USER, "auth_password": PASSWORD}
    proxy.breaks_fetches = True

    answer = call("POST", here, "repos/migrate", clone_addr=address, repo_name="broken", **login)

    assert answer.status_code == 422, answer.text
    assert answer.json()["message"].startswith("The server answers 500. 'local/broken' is there without its content")
    told = call("GET", here, "repos/local/broken").json()
    assert told["import"] == {"kind": "import", "state": "failed"} and told["empty"]
    why = call("GET", here, "repos/local/broken/import")
    assert why.json() | {"started_at": ""} == {
        "kind": "import", "state": "failed", "address": address, "started_at": "", "error": "The server answers 500."
    }
    page = requests.get(f"{here.server.url}/local/broken", headers={"Accept": "text/html"}, timeout=60).text
    assert "has not come" in page and "The server answers 500." in page and "Try again" in page
    refused = person.attempt("push", f"{here.server.url}/local/broken.git", "HEAD:mine", at="work")
    assert refused.returncode != 0
    again = requests.post(f"{here.server.url}/api/v1/repos/local/broken/import", json={}, timeout=60)
    assert again.status_code == 422

    proxy.breaks_fetches = False
    again = requests.post(f"{here.server.url}/api/v1/repos/local/broken/import", json={}, timeout=60)
    assert again.status_code == 200, again.text
    assert "import" not in again.json() and not again.json()["empty"]
    recorded = here.rows(f"SELECT name, object_id FROM git_refs WHERE workspace_id = {told['id']}")
    assert recorded == [["refs/heads/main", first]]
    assert call("GET", here, "repos/local/broken/import").status_code == 404
    person.git("push", "-q", f"{here.server.url}/local/broken.git", "HEAD:mine", at="work")


def test_an_import_whose_server_is_killed_goes_on(new_roost, there, proxy, person):
    theirs = there.make_repository("cut-off")
    first = commit(person, theirs, "one")
    address = theirs.url.replace(there.server.url, proxy.url)
    server = new_roost(options=["--mirror-allow-private-ips"]).start()
    here = Hub(server)
    body = {"clone_addr": address, "repo_name": "cut", "auth_username": USER, "auth_password": PASSWORD}
    proxy.held = threading.Event()
    proxy.was_asked.clear()

    def ask():
        with contextlib.suppress(requests.ConnectionError):
            call("POST", here, "repos/migrate", **body)

    asking = threading.Thread(target=ask)
    asking.start()
    assert proxy.was_asked.wait(60)
    told = call("GET", here, "repos/local/cut").json()
    assert told["import"] == {"kind": "import", "state": "under way"}
    path = f"{server.url}/api/v1/repos/local/cut/import"
    assert "on its way" in requests.post(path, json={}, timeout=60).json()["message"]
    assert requests.delete(path, timeout=60).status_code == 400
    server.kill()
    proxy.held.set()
    asking.join()
    proxy.held = None
    server.start()

    wait_until(lambda: requests.get(path, timeout=60).status_code == 404, "the import has gone on", 60)
    recorded = here.rows(f"SELECT name, object_id FROM git_refs WHERE workspace_id = {told['id']}")
    assert recorded == [["refs/heads/main", first]]
    folder = server.data / "repositories" / f"{told['id']}.git"
    assert not list((folder / "objects/pack").glob("tmp_*"))
    person.git("fsck", "--strict", at=folder)
    server.stop()


def test_an_import_of_a_page_goes_on_without_it(new_roost, there, proxy, person):
    theirs = there.make_repository("long")
    first = commit(person, theirs, "one")
    address = theirs.url.replace(there.server.url, proxy.url)
    server = new_roost(options=["--mirror-allow-private-ips"]).start()
    here = Hub(server)
    fields = {"do": "import", "address": address, "name": "long", "visibility": "private"}
    proxy.held = threading.Event()
    proxy.was_asked.clear()
    headers = {"Accept": "text/html", "Origin": server.url}

    began = time.monotonic()
    login = {"user_name": USER, "password": PASSWORD}
    answer = requests.post(f"{server.url}/new", data=fields | login, headers=headers, timeout=60)

    assert answer.status_code == 200 and answer.url == f"{server.url}/local/long"
    assert "is on its way" in answer.text and time.monotonic() - began < 30
    assert proxy.was_asked.is_set()
    server.stop()
    proxy.held.set()
    proxy.held = None
    server.start()
    path = f"{server.url}/api/v1/repos/local/long/import"
    # Nobody waits for the lease of a server that had time to give it back.
    wait_until(lambda: requests.get(path, timeout=60).status_code == 404, "the import has gone on", 15)
    told = call("GET", here, "repos/local/long").json()
    recorded = here.rows(f"SELECT name, object_id FROM git_refs WHERE workspace_id = {told['id']}")
    assert recorded == [["refs/heads/main", first]]
    server.stop()


def test_a_mirror_follows_another_server(here, there, person):
    theirs = there.make_repository("followed")
    ours = here.make_repository("following")
    first = commit(person, theirs, "one")
    set_mirror(ours, direction="pull", address=theirs.url)
    wait_until(lambda: refs(ours) == {"refs/heads/main": first}, "the first commit is there", 30)

    second = commit(person, theirs, "two")
    person.git("push", "-q", "origin", "HEAD:topic", at="work")
    sync(ours)
    both = {"refs/heads/main": second, "refs/heads/topic": second}
    wait_until(lambda: refs(ours) == both, "the second commit is there", 30)
    ours.assert_sound()
    wait_until(lambda: not last(ours)["is_running"], "the run has ended", 30)
    assert last(ours)["last_error"] is None and last(ours)["last_success_ms"] > 0

    refused = person.attempt("push", ours.url, "HEAD:mine", at="work")
    assert refused.returncode != 0
    assert f"This repository follows {theirs.url} and takes no pushes" in refused.stderr.replace("\nremote: ", " ")
    assert ours.refs() == both


def test_another_server_follows_a_repository(here, there, proxy, person):
    ours = here.make_repository("source")
    theirs = there.make_repository("target")
    address = theirs.url.replace(there.server.url, proxy.url)
    set_mirror(ours, direction="push", address=address, user_name=USER, password=PASSWORD)

    first = commit(person, ours, "one")
    wait_until(lambda: refs(theirs) == {"refs/heads/main": first}, "the first commit is delivered", 30)
    second = commit(person, ours, "two")
    wait_until(lambda: refs(theirs) == {"refs/heads/main": second}, "the second commit is delivered", 30)
    theirs.assert_sound()
    commands = [command for command in proxy.commands if address.encode() in command]
    assert commands
    secrets = (PASSWORD.encode(), base64.b64encode(f"{USER}:{PASSWORD}".encode()))
    assert not [command for command in commands if any(secret in command for secret in secrets)]
    hexadecimal = "hex(secret)" if here.server.database.startswith("sqlite") else "encode(secret, 'hex')"
    [[sealed]] = here.rows(f"SELECT {hexadecimal} FROM mirrors WHERE workspace_id = {ours.key}")
    assert PASSWORD.encode() not in bytes.fromhex(sealed)


def test_a_wrong_password_is_told_and_harms_no_push(here, there, proxy, person):
    ours = here.make_repository("unheard")
    theirs = there.make_repository("unmoved")
    address = theirs.url.replace(there.server.url, proxy.url)
    set_mirror(ours, direction="push", address=address, user_name=USER, password="wrong")

    first = commit(person, ours, "one")
    wait_until(lambda: last(ours)["failures"] > 0, "the mirror has failed", 30)

    assert last(ours)["last_error"] == "The server refuses the user name or the password."
    assert ours.refs() == {"refs/heads/main": first} and refs(theirs) == {}
    assert commit(person, ours, "two") in ours.refs().values()
    kinds = {kind for [kind] in here.rows(f"SELECT kind FROM events WHERE workspace_id = {ours.key}")}
    assert "mirror.failed" in kinds


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/ann/iris.git",
        "http://localhost:{port}/ann/iris.git",
        "http://[::1]:{port}/ann/iris.git",
        "http://[::ffff:127.0.0.1]:{port}/ann/iris.git",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc",
        "ssh://git@example.org/ann/iris.git",
        "ext::sh -c true",
    ],
)
def test_by_default_nothing_near_is_asked(there, proxy, address):
    address = address.format(port=proxy.server_address[1])
    proxy.refused.clear()
    imported = call("POST", there, "repos/migrate", clone_addr=address, repo_name="near")
    assert imported.status_code == 422, imported.text
    repository = there.make_repository(f"near-{abs(hash(address))}")
    for direction in ("pull", "push"):
        path = f"repos/{repository.name}/mirrors"
        assert call("POST", there, path, direction=direction, address=address).status_code == 422
    assert proxy.refused == []
    assert there.rows("SELECT name FROM repositories WHERE name = 'near'") == []


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path / "author")


@pytest.fixture
def open_proxy(proxy):
    """The proxy with all that the Roost behind it names leading through it."""
    proxy.keeps_host = True
    yield proxy
    proxy.keeps_host, proxy.has_large_files, proxy.tamper = False, True, None


def push_large(author, url, contents):
    """Commits files that Git LFS keeps and pushes them."""
    if not (author.home / "work").exists():
        start(author, url)
    for path, content in contents.items():
        author.write(path, content, at="work")
    author.commit("files", at="work")
    author.git("push", "-q", "origin", "main", at="work")


def kept(repository):
    rows = repository.hub.rows(f"SELECT oid FROM lfs_objects WHERE workspace_id = {repository.key}")
    return {oid for [oid] in rows}


def hashes(contents):
    return {hashlib.sha256(content).hexdigest() for content in contents.values()}


def assert_cloned(author, url, contents, folder):
    author.git("clone", "-q", url, folder)
    for path, content in contents.items():
        assert (author.home / folder / path).read_bytes() == content, path
    author.git("lfs", "fsck", at=folder)


def test_an_import_brings_the_large_files(here, there, author):
    theirs = there.make_repository("large-source")
    contents = {f"{size}.bin": os.urandom(size) for size in (1, 65_536, 65_537, 40 << 20)}
    # One that only an older commit names.
    push_large(author, theirs.url, contents)
    old = {"1.bin": contents["1.bin"]}
    push_large(author, theirs.url, {"1.bin": b"newer"})
    here.server.forget_peak_memory()
    before = here.server.peak_memory_bytes()

    answer = call("POST", here, "repos/migrate", clone_addr=theirs.url, repo_name="large-import")

    assert answer.status_code == 201, answer.text
    assert answer.json()["large_files"] == {"fetched": 5, "lacking": None}
    assert here.server.peak_memory_bytes() - before < 40 << 20
    url = f"{here.server.url}/{answer.json()['full_name']}.git"
    assert_cloned(author, url, {**contents, "1.bin": b"newer"}, "copy")
    author.git("checkout", "-q", "HEAD~", at="copy")
    assert (author.home / "copy/1.bin").read_bytes() == old["1.bin"]
    kinds = here.rows(
        f"SELECT details FROM events WHERE workspace_id = {answer.json()['id']} AND kind = 'git.imported'"
    )
    assert '"large_files":5' in kinds[0][0] and "lacking" not in kinds[0][0]


def test_large_files_follow_and_are_sent(here, there, open_proxy, author, tmp_path):
    theirs = there.make_repository("large-followed")
    ours = here.make_repository("large-following")
    contents = {"a.bin": os.urandom(100_000), "b.bin": os.urandom(10)}
    push_large(author, theirs.url, contents)
    set_mirror(ours, direction="pull", address=theirs.url)
    wait_until(lambda: kept(ours) == hashes(contents), "the large files are there", 30)
    push_large(author, theirs.url, {"a.bin": b"another"})
    sync(ours)
    wait_until(lambda: hashes({"": b"another"}) <= kept(ours), "the new one is there", 30)
    wait_until(lambda: not last(ours)["is_running"], "the run has ended", 30)
    assert last(ours)["last_error"] is None
    assert_cloned(author, ours.url, {**contents, "a.bin": b"another"}, "followed")

    sent = here.make_repository("large-sent")
    target = there.make_repository("large-target")
    address = target.url.replace(there.server.url, open_proxy.url)
    open_proxy.refused.clear()
    set_mirror(sent, direction="push", address=address, user_name=USER, password=PASSWORD)
    other = Author(tmp_path / "other")
    push_large(other, sent.url, contents)
    wait_until(lambda: refs(target) == refs(sent), "the branches are delivered", 30)
    assert kept(target) == hashes(contents)
    assert open_proxy.refused == []
    assert_cloned(other, target.url, contents, "sent")


def test_large_files_that_cannot_be_had_fail_nothing_else(here, there, open_proxy, author):
    theirs = there.make_repository("large-lacking")
    ours = here.make_repository("large-wanting")
    contents = {"a.bin": os.urandom(100_000)}
    push_large(author, theirs.url, contents)
    address = theirs.url.replace(there.server.url, open_proxy.url)
    open_proxy.has_large_files = False

    set_mirror(ours, direction="pull", address=address, user_name=USER, password=PASSWORD)
    wait_until(lambda: refs(ours) == refs(theirs), "the branch is there", 30)
    wait_until(lambda: not last(ours)["is_running"] and last(ours)["last_error"], "the run has ended", 30)
    lacking = "Large files: 1 of 1 did not go over. The server has none (it answers 404)."
    assert last(ours)["last_error"] == lacking
    assert last(ours)["failures"] == 0 and last(ours)["last_success_ms"] > 0
    imported = call(
        "POST",
        here,
        "repos/migrate",
        clone_addr=address,
        repo_name="large-in-part",
        auth_username=USER,
        auth_password=PASSWORD,
    ).json()
    assert imported["large_files"] == {"fetched": 0, "lacking": lacking}
    assert imported["import"] == {"kind": "import", "state": "incomplete"}
    assert call("GET", here, "repos/local/large-in-part/import").json()["error"] == lacking
    page = requests.get(f"{here.server.url}/local/large-in-part", headers={"Accept": "text/html"}, timeout=60).text
    assert "Not all large files have come." in page and lacking in page

    # What is given instead is not kept.
    open_proxy.has_large_files = True
    open_proxy.tamper = lambda content: content[:-1] + bytes([content[-1] ^ 1])
    sync(ours)
    wait_until(lambda: "SHA-256" in last(ours)["last_error"], "the content was refused", 30)
    open_proxy.tamper = lambda content: content + b"more"
    sync(ours)
    wait_until(lambda: "longer than" in last(ours)["last_error"], "the length was refused", 30)
    assert kept(ours) == set()

    open_proxy.tamper = None
    sync(ours)
    wait_until(lambda: kept(ours) == hashes(contents), "the large file is there", 30)
    wait_until(lambda: last(ours)["last_error"] is None, "nothing is missing", 30)
    body = {"address": address, "user_name": USER, "password": PASSWORD}
    path = f"repos/{imported['full_name']}/large-files/fetch"
    assert call("POST", here, path, **body).json() == {"fetched": 1, "lacking": None}
    assert "import" not in call("GET", here, "repos/local/large-in-part").json()
    assert call("POST", here, path, **body).json() == {"fetched": 0, "lacking": None}
    assert_cloned(author, f"{here.server.url}/{imported['full_name']}.git", contents, "copy")


def test_a_source_without_large_files_is_asked_for_none(here, there, open_proxy, person):
    theirs = there.make_repository("small-source")
    commit(person, theirs, "one")
    open_proxy.has_large_files = False
    imported = call(
        "POST",
        here,
        "repos/migrate",
        clone_addr=theirs.url.replace(there.server.url, open_proxy.url),
        repo_name="small-import",
        auth_username=USER,
        auth_password=PASSWORD,
    ).json()
    assert imported["large_files"] == {"fetched": 0, "lacking": None}


def test_a_fork_shares_the_large_files(here, author):
    ours = here.make_repository("large-origin")
    contents = {"a.bin": os.urandom(100_000)}
    push_large(author, ours.url, contents)
    count = "SELECT COUNT(*) FROM objects"
    before = here.rows(count)
    fork = call("POST", here, f"repos/{ours.name}/forks", name="large-fork").json()
    assert_cloned(author, f"{here.server.url}/{fork['full_name']}.git", contents, "copy")
    assert here.rows(count) == before
