"""The stock `git lfs` against a running Roost: large files are pushed, cloned and locked."""

import base64
import hashlib
import json
import os
import urllib.error
import urllib.request

import pytest
import requests

from test_git import Hub, Person

LFS_TYPE = "application/vnd.git-lfs+json"


class Author(Person):
    """A person who has `git lfs`."""

    def __init__(self, home):
        super().__init__(home)
        self.git("lfs", "install", "--skip-repo")

    def write(self, path, content, at):
        file = self.home / at / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def commit(self, message, at):
        self.git("add", ".", at=at)
        self.git("commit", "-qm", message, at=at)


def start(author, url, folder="work"):
    """A repository whose `*.bin` are large files."""
    author.git("init", "-q", folder)
    author.git("remote", "add", "origin", url, at=folder)
    author.git("lfs", "track", "*.bin", at=folder)
    return folder


def ask(method, url, fields=None, body=None, headers=None):
    """Asks by hand.

    Returns the status, the headers and the body.
    """
    if fields is not None:
        body, headers = json.dumps(fields).encode(), {"Content-Type": LFS_TYPE, "Accept": LFS_TYPE}
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def hub(new_roost):
    with new_roost() as server:
        yield Hub(server)


@pytest.mark.parametrize("address", ["plain", "credentials", "page"])
def test_large_files_are_pushed_and_cloned(hub, tmp_path, address):
    repository = hub.make_repository(f"sizes-{address}")
    url = {
        "plain": repository.url,
        "credentials": repository.url.replace("http://", "http://ann:secret@"),
        "page": repository.url.removesuffix(".git"),
    }[address]
    ann, bob = Author(tmp_path / "ann"), Author(tmp_path / "bob")
    work = start(ann, url)
    contents = {f"{size}.bin": os.urandom(size) for size in (1, 1_000, 65_536, 65_537, 5 << 20)}
    contents["folder/same.bin"] = contents["1000.bin"]
    for path, content in contents.items():
        ann.write(path, content, at=work)
    ann.commit("files", at=work)
    ann.git("push", "-q", "origin", "main", at=work)

    bob.git("clone", "-q", url, "copy")
    for path, content in contents.items():
        assert (bob.home / "copy" / path).read_bytes() == content, path
    bob.git("lfs", "fsck", at="copy")
    sizes = {hashlib.sha256(content).hexdigest(): len(content) for content in contents.values()}
    kept = hub.rows(f"SELECT oid FROM lfs_objects WHERE workspace_id = {repository.key}")
    assert {oid for [oid] in kept} == set(sizes)
    # What is there needs no second upload.
    objects = [{"oid": oid, "size": size} for oid, size in sizes.items()]
    _, _, body = ask(
        "POST", f"{repository.url}/info/lfs/objects/batch", {"operation": "upload", "objects": objects}
    )
    assert json.loads(body) == {"transfer": "basic", "objects": objects, "hash_algo": "sha256"}


def test_a_large_file_passes_through_little_memory(hub, tmp_path):
    repository = hub.make_repository("memory")
    ann, bob = Author(tmp_path / "ann"), Author(tmp_path / "bob")
    work = start(ann, repository.url)
    content = os.urandom(50 << 20)
    ann.write("large.bin", content, at=work)
    ann.commit("large", at=work)
    hub.server.forget_peak_memory()
    before = hub.server.peak_memory_bytes()
    ann.git("push", "-q", "origin", "main", at=work)
    bob.git("clone", "-q", repository.url, "copy")
    assert hub.server.peak_memory_bytes() - before < 32 << 20
    assert (bob.home / "copy/large.bin").read_bytes() == content


def test_what_was_acknowledged_is_there_after_a_kill(new_roost, tmp_path):
    server = new_roost().start()
    repository = Hub(server).make_repository("kill")
    ann, bob = Author(tmp_path / "ann"), Author(tmp_path / "bob")
    work = start(ann, repository.url)
    contents = {f"{number}.bin": os.urandom(100_000 * number + 10) for number in range(5)}
    for path, content in contents.items():
        ann.write(path, content, at=work)
    ann.commit("files", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    server.kill()
    server.start()
    bob.git("clone", "-q", repository.url, "copy")
    for path, content in contents.items():
        assert (bob.home / "copy" / path).read_bytes() == content
    server.stop()


def test_repositories_do_not_read_each_other(hub, tmp_path):
    ours, theirs = hub.make_repository("ours"), hub.make_repository("theirs")
    ann = Author(tmp_path)
    work = start(ann, ours.url)
    content = os.urandom(200_000)
    ann.write("secret.bin", content, at=work)
    ann.commit("secret", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    oid = hashlib.sha256(content).hexdigest()
    fields = {"operation": "download", "objects": [{"oid": oid, "size": len(content)}]}

    status, _, body = ask("POST", f"{theirs.url}/info/lfs/objects/batch", fields)
    [answer] = json.loads(body)["objects"]
    assert (status, answer["error"]["code"]) == (200, 404)
    assert ask("GET", f"{theirs.url}/info/lfs/objects/{oid}")[0] == 404

    # To have it, one sends it.
    _, _, body = ask("POST", f"{theirs.url}/info/lfs/objects/batch", {**fields, "operation": "upload"})
    [answer] = json.loads(body)["objects"]
    assert ask("PUT", answer["actions"]["upload"]["href"], body=content)[0] == 200
    assert ask("POST", answer["actions"]["verify"]["href"], {"oid": oid, "size": len(content)})[0] == 200
    status, headers, part = ask(
        "GET", f"{theirs.url}/info/lfs/objects/{oid}", headers={"Range": "bytes=100-199"}
    )
    assert (status, part) == (206, content[100:200])
    assert headers["Content-Range"] == "bytes 100-199/200000"


def test_the_api_gives_the_file_and_not_its_pointer(hub, tmp_path):
    repository = hub.make_repository("shown")
    ann = Author(tmp_path)
    work = start(ann, repository.url)
    content = os.urandom(200_000)
    ann.write("data/sent.bin", content, at=work)
    ann.commit("sent", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    ann.write("data/unsent.bin", b"unsent", at=work)
    ann.commit("unsent", at=work)
    ann.git("push", "-q", "--no-verify", "origin", "main", at=work)

    api = f"{hub.server.url}/api/v1/repos/{repository.name}"
    page = f"{hub.server.url}/{repository.name}/raw/main/data/sent.bin"
    for address in (f"{api}/raw/main/data/sent.bin", page):
        status, headers, body = ask("GET", address)
        assert (status, headers["Content-Length"], body) == (200, "200000", content), address
    status, _, part = ask("GET", f"{api}/raw/main/data/sent.bin", headers={"Range": "bytes=100-199"})
    assert (status, part) == (206, content[100:200])
    assert b"oid sha256:" in ask("GET", f"{api}/raw/main/data/unsent.bin")[2]
    assert json.loads(ask("GET", f"{api}/content/main/data/sent.bin")[2])["size"] == 200_000
    folder = json.loads(ask("GET", f"{api}/content/main/data?include_size=true")[2])
    pointer = len(ask("GET", f"{api}/raw/main/data/unsent.bin")[2])
    assert [file["size"] for file in folder] == [200_000, pointer]


def test_what_comes_without_git_is_a_large_file_too(hub, tmp_path):
    repository = hub.make_repository("without-git")
    ann, bob = Author(tmp_path / "ann"), Author(tmp_path / "bob")
    work = start(ann, repository.url)
    ann.commit("start", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    content = os.urandom(100_000)
    api = f"{hub.server.url}/api/v1/repos/{repository.name}"
    body = {"content": base64.b64encode(content).decode(), "branch": "main"}
    requests.put(f"{api}/contents/put.bin", json=body).raise_for_status()
    requests.post(f"{api}/contents/new/posted.bin", json=body).raise_for_status()
    requests.put(
        f"{api}/content/main/sent",
        files={"files": ("dagshub.bin", content)},
        data={"versioning": "git"},
        headers={"Authorization": "Bearer any"},
    ).raise_for_status()
    uploaded = requests.post(
        f"{hub.server.url}/{repository.name}/upload/main",
        files={"files": ("page.bin", content)},
        data={"folder": ""},
        headers={"X-Roost-Request": "page"},
    )
    uploaded.raise_for_status()
    requests.put(f"{api}/contents/plain.txt", json=body).raise_for_status()

    said = bob.attempt("clone", repository.url, "copy")
    assert said.returncode == 0 and "should have been" not in said.stderr, said.stderr
    for path in ("put.bin", "new/posted.bin", "sent/dagshub.bin", "page.bin", "plain.txt"):
        assert (bob.home / "copy" / path).read_bytes() == content, path
    assert len(bob.git("lfs", "ls-files", at="copy").splitlines()) == 4
    assert bob.git("status", "--porcelain", at="copy") == ""

    hub.rows(
        f"""
        INSERT INTO lfs_locks (workspace_id, path, lock_id, owner, account_id, locked_ms)
        VALUES ({repository.key}, 'new/posted.bin', 'their-lock', 'bob', 4711, 0)
        """
    )
    for path in ("new/posted.bin", "new"):
        refused = requests.delete(f"{api}/contents/{path}", json={"branch": "main", "recursive": True})
        assert refused.status_code == 403 and "locked by bob" in refused.json()["message"], refused.text


def test_a_content_with_another_hash_is_refused(hub):
    repository = hub.make_repository("wrong")
    for size in (10, 300_000):
        oid = hashlib.sha256(b"other").hexdigest()
        status, headers, body = ask("PUT", f"{repository.url}/info/lfs/objects/{oid}", body=os.urandom(size))
        assert status == 422
        assert headers["Content-Type"] == LFS_TYPE
        assert f"not {oid}" in json.loads(body)["message"]
        assert ask("GET", f"{repository.url}/info/lfs/objects/{oid}")[0] == 404
    assert hub.rows(f"SELECT oid FROM lfs_objects WHERE workspace_id = {repository.key}") == []


def test_a_clone_says_which_file_is_missing(hub, tmp_path):
    repository = hub.make_repository("missing")
    ann, bob = Author(tmp_path / "ann"), Author(tmp_path / "bob")
    work = start(ann, repository.url)
    ann.write("a.bin", b"not pushed", at=work)
    ann.commit("a", at=work)
    ann.git("push", "-q", "--no-verify", "origin", "main", at=work)
    done = bob.attempt("clone", repository.url, "copy")
    assert done.returncode != 0
    assert "The repository has no object" in done.stderr


def test_large_files_beside_a_remote_over_ssh(hub, tmp_path):
    """Nothing answers at the remote: `git lfs` asks only the address that it was told."""
    repository = hub.make_repository("beside")
    ann = Author(tmp_path)
    work = start(ann, "ssh://git@127.0.0.1:1/ann/beside.git")
    ann.git("config", "lfs.url", f"{repository.url}/info/lfs", at=work)
    ann.write("a.bin", b"beside", at=work)
    ann.commit("a", at=work)
    ann.git("lfs", "push", "origin", "main", at=work)
    oid = hashlib.sha256(b"beside").hexdigest()
    assert ask("GET", f"{repository.url}/info/lfs/objects/{oid}")[2] == b"beside"


def test_locks(hub, tmp_path):
    repository = hub.make_repository("locks")
    ann = Author(tmp_path)
    work = start(ann, repository.url)
    for name in ("a.bin", "b.bin"):
        ann.write(name, name.encode(), at=work)
    ann.commit("files", at=work)
    ann.git("push", "-q", "origin", "main", at=work)

    ann.git("lfs", "lock", "a.bin", at=work)
    again = ann.attempt("lfs", "lock", "a.bin", at=work)
    assert again.returncode != 0
    assert "locked already" in again.stderr
    [lock] = json.loads(ann.git("lfs", "locks", "--json", at=work))
    assert (lock["path"], lock["owner"]["name"]) == ("a.bin", repository.name.split("/")[0])
    ann.git("config", "lfs.locksverify", "true", at=work)
    ann.write("a.bin", b"mine", at=work)
    ann.commit("mine", at=work)
    ann.git("push", "-q", "origin", "main", at=work)

    hub.rows(
        f"""
        INSERT INTO lfs_locks (workspace_id, path, lock_id, owner, account_id, locked_ms)
        VALUES ({repository.key}, 'b.bin', 'their-lock', 'bob', 4711, 0)
        """
    )
    ann.write("b.bin", b"theirs", at=work)
    ann.commit("theirs", at=work)
    refused = ann.attempt("push", "origin", "main", at=work)
    assert refused.returncode != 0
    assert "b.bin - bob" in refused.stdout + refused.stderr
    plain = ann.attempt("lfs", "unlock", "b.bin", at=work)
    assert plain.returncode != 0
    assert "locked by bob" in plain.stderr
    ann.git("lfs", "unlock", "--force", "b.bin", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    ann.git("lfs", "unlock", "a.bin", at=work)
    assert json.loads(ann.git("lfs", "locks", "--json", at=work)) == []


def test_many_locks_are_read_page_by_page(hub, tmp_path):
    repository = hub.make_repository("pages")
    ann = Author(tmp_path)
    work = start(ann, repository.url)
    for number in range(230):
        status, _, _ = ask("POST", f"{repository.url}/info/lfs/locks", {"path": f"f{number} ä&.bin"})
        assert status == 201
    ann.commit("start", at=work)
    locks = json.loads(ann.git("lfs", "locks", "--json", at=work))
    assert sorted(lock["path"] for lock in locks) == sorted(f"f{number} ä&.bin" for number in range(230))
    ann.git("config", "lfs.locksverify", "true", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
