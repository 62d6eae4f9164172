"""Imports and mirrors between two Roosts, with a proxy between them that wants a password."""

import base64
import contextlib
import http.client
import http.server
import pathlib
import threading

import pytest
import requests

from servers import wait_until
from test_git import Hub, Person

USER, PASSWORD = "ann", "correct horse"


class Proxy(http.server.ThreadingHTTPServer):
    """Passes on to a Roost what comes with the password, and keeps what else it was asked for."""

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Passing)
        self.target = port
        self.refused = []
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
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=60)
        for arguments in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                self.server.commands.append(arguments.read_bytes())
        names = ("Content-Type", "Content-Encoding", "Git-Protocol", "Accept")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_GET = do_POST = pass_on

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
    assert refused.returncode != 0 and "rule '**'" in refused.stderr
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
