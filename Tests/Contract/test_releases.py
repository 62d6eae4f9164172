"""Releases with files, as Gitea's tools make and read them."""

import hashlib
import os
import subprocess

import pytest
import requests

from receiver import Receiver
from servers import wait_until

OPEN = ("--webhook-allowed-schemes", "http,https", "--webhook-allow-private-ips")
#: Whoever sends a file says so in a header, so that no page elsewhere can make a browser do it.
TOKEN = {"Authorization": "token any"}


@pytest.fixture(scope="module")
def server(new_roost):
    with new_roost(options=OPEN) as server:
        yield server


class Repository:
    def __init__(self, server, name, empty=False):
        self.url = f"{server.url}/api/v1/repos/local/{name}"
        self.page = f"{server.url}/local/{name}"
        made = {"name": name, "auto_init": not empty}
        requests.post(f"{server.url}/api/v1/user/repos", json=made).raise_for_status()

    def call(self, method, path, **options):
        return requests.request(method, f"{self.url}/{path}", **options)

    def release(self, tag, **fields):
        made = self.call("POST", "releases", json={"tag_name": tag, **fields})
        assert made.status_code == 201, made.text
        return made.json()


def test_a_release_makes_its_tag_and_is_found(server):
    repository = Repository(server, "flowers")
    made = repository.release("v1", name="One", body="*words*")
    assert (made["tag_name"], made["target_commitish"], made["draft"]) == ("v1", "main", False)
    assert made["author"]["login"] == "local" and made["assets"] == []
    assert repository.call("GET", "tags/v1").status_code == 200
    assert requests.get(made["zipball_url"]).content[:2] == b"PK"
    preview = repository.release("v2/rc", prerelease=True)
    draft = repository.release("v3", draft=True, target_commitish="main")
    assert draft["published_at"] is None
    assert repository.call("GET", "tags/v3").status_code == 404

    assert repository.call("GET", "releases/latest").json()["id"] == made["id"]
    assert repository.call("GET", "releases/tags/v2/rc").json()["id"] == preview["id"]
    assert [one["tag_name"] for one in repository.call("GET", "releases").json()] == ["v3", "v2/rc", "v1"]
    page = repository.call("GET", "releases?limit=1&page=2")
    assert page.headers["X-Total-Count"] == "3" and 'rel="next"' in page.headers["Link"]

    published = repository.call("PATCH", f"releases/{draft['id']}", json={"draft": False, "name": "Three"})
    assert published.json()["published_at"] and repository.call("GET", "tags/v3").status_code == 200
    assert repository.call("GET", "releases/latest").json()["name"] == "Three"
    assert repository.call("DELETE", f"releases/{draft['id']}").status_code == 204
    assert repository.call("GET", "tags/v3").status_code == 200
    assert repository.call("DELETE", "releases/tags/v2/rc").status_code == 204
    assert [one["tag_name"] for one in repository.call("GET", "releases").json()] == ["v1"]


def test_what_cannot_be_released_is_refused(server):
    repository = Repository(server, "refused")
    repository.release("v1")
    for fields in (
        {"tag_name": "v1"},
        {"tag_name": "-x"},
        {"tag_name": "v2", "target_commitish": "nothing"},
        {"tag_name": "v2", "name": "x" * 256},
        {"tag_name": "v2", "draft": "perhaps"},
        {},
    ):
        refused = repository.call("POST", "releases", json=fields)
        assert refused.status_code == 422, (fields, refused.text)
    for field in ("name", "body"):
        refused = repository.call("POST", "releases", json={"tag_name": "v2", field: "a\0b"})
        assert refused.status_code == 422 and f"'{field}' has the character NUL" in refused.json()["message"]
    assert repository.call("GET", "releases/999").status_code == 404
    empty = Repository(server, "nothing-yet", empty=True)
    assert empty.call("POST", "releases", json={"tag_name": "v1"}).status_code == 422
    assert empty.call("GET", "releases/latest").status_code == 404


def test_a_refused_release_makes_no_tag(server):
    repository = Repository(server, "untagged")
    repository.release("v1", draft=True)
    other = repository.release("v2", draft=True)
    assert repository.call("POST", "releases", json={"tag_name": "v1"}).status_code == 422
    change = {"tag_name": "v1", "draft": False}
    assert repository.call("PATCH", f"releases/{other['id']}", json=change).status_code == 422
    assert repository.call("GET", "tags/v1").status_code == 404


def test_a_deleted_tag_does_not_come_back_with_another_name(server):
    repository = Repository(server, "detagged")
    release = repository.release("v1", name="One")
    assert repository.call("DELETE", "tags/v1").status_code == 204
    path = f"releases/{release['id']}"
    renamed = repository.call("PATCH", path, json={"name": "Two", "tag_name": "v1", "draft": False})
    assert renamed.json()["name"] == "Two" and repository.call("GET", "tags/v1").status_code == 404
    moved = repository.call("PATCH", path, json={"tag_name": "v2"})
    assert moved.json()["tag_name"] == "v2" and repository.call("GET", "tags/v2").status_code == 200


def test_files_are_sent_as_bodies_and_as_forms(server, tmp_path):
    repository = Repository(server, "files")
    release = repository.release("v1/x")
    large = os.urandom(5 << 20)
    assets = f"releases/{release['id']}/assets"
    plain = repository.call("POST", f"{assets}?name=a b.bin", data=large, headers=TOKEN)
    assert plain.status_code == 201, plain.text
    form = repository.call("POST", assets, files={"attachment": ("b.zip", large)}, headers=TOKEN)
    assert (form.status_code, form.json()["name"], form.json()["size"]) == (201, "b.zip", len(large)), form.text
    named = repository.call("POST", f"{assets}?name=c.txt", files={"attachment": ("x", b"c")}, headers=TOKEN)
    assert named.json()["name"] == "c.txt"

    address = plain.json()["browser_download_url"]
    assert address == f"{repository.page}/releases/download/v1/x/a%20b.bin"
    got = requests.get(address)
    assert got.content == large and "attachment" in got.headers["Content-Disposition"]
    part = requests.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, large[10:20])
    curl = tmp_path / "curl"
    subprocess.run(["curl", "-sfo", curl, form.json()["browser_download_url"]], check=True)
    assert hashlib.sha256(curl.read_bytes()).digest() == hashlib.sha256(large).digest()
    listed = repository.call("GET", assets).json()
    assert [(one["name"], one["download_count"]) for one in listed] == [("a b.bin", 1), ("b.zip", 1), ("c.txt", 0)]

    first = f"{assets}/{listed[0]['id']}"
    assert repository.call("PATCH", first, json={"name": "b.zip"}).status_code == 422
    assert repository.call("PATCH", first, json={"name": "d.bin"}).json()["name"] == "d.bin"
    assert repository.call("DELETE", first).status_code == 204
    assert repository.call("GET", first).status_code == 404
    assert requests.get(address).status_code == 404


def test_files_that_cannot_be_are_refused(server):
    repository = Repository(server, "refused-files")
    release = repository.release("v1")
    assets = f"releases/{release['id']}/assets"
    assert repository.call("POST", f"{assets}?name=a", data=b"a", headers=TOKEN).status_code == 201
    for query, options in (
        ("?name=a", {"data": b"b", "headers": TOKEN}),
        ("?name=a/b", {"data": b"b", "headers": TOKEN}),
        ("", {"data": b"b", "headers": TOKEN}),
        ("?name=b", {"data": b"b", "headers": {"Content-Type": "text/plain"}}),
        ("?name=b", {"files": {"attachment": ("b", b"b")}}),
        ("?name=b", {"data": b"no form", "headers": TOKEN | {"Content-Type": "multipart/form-data; boundary=x"}}),
        ("?name=b", {"data": b"b", "headers": TOKEN | {"Content-Type": "multipart/form-data"}}),
    ):
        refused = repository.call("POST", assets + query, **options)
        assert refused.status_code == 422, (query, options, refused.text)
    assert repository.call("POST", "releases/999/assets?name=a", data=b"a", headers=TOKEN).status_code == 404
    assert [one["name"] for one in repository.call("GET", assets).json()] == ["a"]


def test_releases_are_told_to_hooks(server):
    repository = Repository(server, "told-releases")
    with Receiver() as receiver:
        hook = {"type": "gitea", "events": ["release"], "config": {"url": receiver.url}}
        repository.call("POST", "hooks", json=hook).raise_for_status()
        draft = repository.release("v1", draft=True)
        repository.call("PATCH", f"releases/{draft['id']}", json={"draft": False}).raise_for_status()
        wait_until(lambda: len(receiver.heard) == 1, "the release is told")
        repository.call("PATCH", f"releases/{draft['id']}", json={"name": "One"}).raise_for_status()
        wait_until(lambda: len(receiver.heard) == 2, "the change is told")
        repository.call("DELETE", f"releases/{draft['id']}").raise_for_status()
        wait_until(lambda: len(receiver.heard) == 3, "the deletion is told")
    told = [one.message for one in receiver.heard]
    assert [one["action"] for one in told] == ["published", "updated", "deleted"]
    assert {one["release"]["tag_name"] for one in told} == {"v1"}
    assert told[1]["release"]["name"] == "One"
