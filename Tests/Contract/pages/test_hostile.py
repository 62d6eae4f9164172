"""A page of another server, open in the browser of somebody who is signed in here, gets nothing and changes nothing."""

import contextlib
import http.client
import http.server
import json
import re
import shutil
import threading

import pytest
import requests
from accounts import Members

from servers import free_port

#: Names that only this browser knows: of another server, and of one that leads to Roost itself.
EVIL, REBOUND = "evil.example", "rebound.example"

FORM = "application/x-www-form-urlencoded"
#: What changes something, of every kind: the method, the address, and what is sent.
CHANGES = [
    ("POST", "/-/theme", {"theme": "dark"}),
    ("POST", "/logout", {}),
    (
        "POST",
        "/settings/profile",
        {"full_name": "Owned", "description": "", "website": "", "location": "", "email": ""},
    ),
    ("POST", "/settings/tokens", {"do": "make", "name": "owned", "role": "admin", "days": ""}),
    ("POST", "/settings/keys", {"do": "add", "key": "ssh-ed25519 AAAA owned", "title": "owned"}),
    ("POST", "/settings/sessions", {"do": "others"}),
    ("POST", "/new", {"do": "make", "name": "owned", "visibility": "public", "owner": ""}),
    ("POST", "/orgs/new", {"name": "owned"}),
    ("POST", "/{owner}/iris/settings", {"do": "show", "visibility": "public"}),
    ("POST", "/{owner}/iris/settings/access", {"do": "set", "login": "eve", "role": "admin"}),
    (
        "POST",
        "/{owner}/iris/settings/rules",
        {"do": "set", "kind": "branch", "pattern": "owned", "push": "nobody"},
    ),
    (
        "POST",
        "/{owner}/iris/settings/mirrors",
        {"do": "set", "direction": "push", "address": "https://evil.example/x"},
    ),
    ("POST", "/{owner}/iris/settings/hooks", {"do": "add", "kind": "gitea", "url": "https://evil.example/x"}),
    (
        "POST",
        "/{owner}/iris/settings/model-hooks",
        {"do": "add", "name": "owned", "url": "https://evil.example/x"},
    ),
    ("POST", "/{owner}/iris/settings/danger", {"do": "delete", "confirmed": "{owner}/iris"}),
    ("POST", "/admin/users", {"do": "make", "login": "owned"}),
    ("POST", "/{owner}/iris/models", {"name": "owned"}),
    (
        "POST",
        "/{owner}/iris/runs/{run}/register",
        {"name": "owned", "source": "models:/{model}", "aliases": "owned"},
    ),
    (
        "POST",
        "/{owner}/iris/logged-models/{model}/register",
        {"name": "owned", "source": "models:/{model}"},
    ),
    ("POST", "/{owner}/iris/runs/{run}/note", {"note": "owned"}),
    ("POST", "/{owner}/iris/runs/{run}/delete", {}),
    ("POST", "/{owner}/iris/branches", {"name": "owned", "from": "main"}),
    ("POST", "/{owner}/iris/releases", {"tag": "owned", "title": "owned"}),
    ("POST", "/api/2.0/mlflow/experiments/create", {"name": "owned"}),
    ("POST", "/ajax-api/2.0/mlflow/runs/create", {"experiment_id": "0"}),
    ("POST", "/{owner}/iris.mlflow/api/2.0/mlflow/experiments/create", {"name": "owned"}),
    ("POST", "/api/v1/user/repos", {"name": "owned"}),
    ("POST", "/api/v1/sign-out", {}),
    ("PATCH", "/api/v1/user/settings", {"full_name": "Owned"}),
    ("PATCH", "/api/v1/repos/{owner}/iris", {"private": False}),
    ("PUT", "/api/v1/user/starred/{owner}/iris", {}),
    ("PUT", "/api/v1/repos/{owner}/iris/collaborators/eve", {"permission": "admin"}),
    ("DELETE", "/api/v1/repos/{owner}/iris", {}),
    ("DELETE", "/api/v1/user/keys/1", {}),
    ("POST", "/{owner}/iris.git/git-receive-pack", {}),
]
#: What somebody who is signed in may read.
SECRETS = [
    "/",
    "/settings/profile",
    "/settings/tokens",
    "/admin/users",
    "/admin/jobs.json",
    "/{owner}",
    "/{owner}/iris",
    "/{owner}/iris/settings",
    "/{owner}/iris/models",
    "/{owner}/iris/runs/{run}",
    "/{owner}/iris/runs/{run}/register",
    "/{owner}/iris/runs/{run}/raw/notes.txt",
    "/{owner}/iris/logged-models/{model}",
    "/{owner}/iris/commits",
    "/api/v1/user",
    "/api/v1/user/repos",
    "/api/2.0/mlflow/experiments/get?experiment_id=0",
    "/{owner}/iris.mlflow/api/2.0/mlflow/experiments/get?experiment_id=0",
    "/login",
]


class EvilServer:
    """Answers every address with an empty page, under whatever name it is called."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>evil</title><body></body>")

        def log_message(self, *_):
            pass

    def __enter__(self):
        self.port = free_port()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self.Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Target:
    """A Roost with something to lose, and the session of who would lose it."""

    def __init__(self, server, owner, members=None):
        self.server = server
        self.owner = owner
        self.members = members
        self.cookies = [members.cookie(owner)] if members else []
        self.run = self.model = ""
        self.call("POST", "/api/v1/user/repos", {"name": "iris", "private": True, "auto_init": True})
        calls = "/{owner}/iris.mlflow/api/2.0/mlflow"
        made = self.call("POST", f"{calls}/runs/create", {"experiment_id": "0", "run_name": "secret"})
        info = json.loads(made[1])["run"]["info"]
        self.run = info["run_id"]
        fields = {"experiment_id": "0", "name": "secret", "source_run_id": self.run}
        made = self.call("POST", f"{calls}/logged-models", fields)
        self.model = json.loads(made[1])["model"]["info"]["model_id"]
        file = info["artifact_uri"].removeprefix("mlflow-artifacts:/") + "/notes.txt"
        assert self.call("PUT", f"{calls}-artifacts/artifacts/{file}", "secret")[0] == 200

    def path(self, text):
        return text.replace("{owner}", self.owner).replace("{run}", self.run).replace("{model}", self.model)

    def call(self, method, path, fields=None):
        headers = {"X-Roost-Request": "test", "Content-Type": "application/json"}
        if self.cookies:
            headers["Cookie"] = f"{self.cookies[0]['name']}={self.cookies[0]['value']}"
        body = None if fields is None else json.dumps(fields)
        return self.ask(method, self.path(path), body, headers)

    def ask(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def set_cookie(self, path):
        with requests.get(self.server.url + path, headers={"Accept": "text/html"}, timeout=60) as answer:
            return answer.headers.get("Set-Cookie")

    def state(self):
        """Everything that the changes above would change."""
        asked = [
            ("GET", "/api/v1/user"),
            ("GET", "/api/v1/user/repos"),
            ("GET", "/api/v1/user/keys"),
            ("GET", "/api/v1/user/tokens"),
            ("GET", "/api/v1/user/orgs"),
            ("GET", "/api/v1/repos/{owner}/iris"),
            ("GET", "/api/v1/repos/{owner}/iris/collaborators"),
            ("GET", "/api/v1/repos/{owner}/iris/rules"),
            ("GET", "/api/v1/repos/{owner}/iris/mirrors"),
            ("GET", "/api/v1/repos/{owner}/iris/stargazers"),
            ("GET", "/api/v1/repos/{owner}/iris/hooks"),
            ("GET", "/{owner}/iris.mlflow/api/2.0/mlflow/webhooks"),
            ("GET", "/{owner}/iris.mlflow/api/2.0/mlflow/registered-models/search"),
            ("GET", "/{owner}/iris.mlflow/api/2.0/mlflow/runs/get?run_id={run}"),
            ("GET", "/api/v1/repos/{owner}/iris/branches"),
            ("GET", "/api/v1/repos/{owner}/iris/releases"),
            ("GET", "/api/2.0/mlflow/experiments/search?max_results=100"),
            ("GET", "/{owner}/iris.mlflow/api/2.0/mlflow/experiments/search?max_results=100"),
            ("GET", "/api/2.0/mlflow/runs/search"),
            ("GET", "/api/v1/users/search"),
        ]
        answers = {
            path: self.call(method, path) for method, path in asked if not path.endswith("runs/search")
        }
        answers["runs"] = self.call("POST", "/api/2.0/mlflow/runs/search", {"experiment_ids": ["0"]})
        wrong = {path: answer for path, answer in answers.items() if answer[0] != 200}
        assert not wrong
        return answers


@pytest.fixture(scope="module")
def evil():
    with EvilServer() as server:
        yield server


@pytest.fixture(scope="module", params=["loopback", "accounts"])
def target(request, new_roost):
    accounts = ["--auth"] if request.param == "accounts" else []
    with new_roost(options=accounts) as server:
        if accounts:
            members = Members(server)
            members.add("eve")
            yield Target(server, "ann", members)
        else:
            yield Target(server, "local")


@pytest.fixture(scope="module")
def chromium(browser):
    """A browser that believes that the made-up names lead here."""
    rules = f"MAP {EVIL} 127.0.0.1, MAP {REBOUND} 127.0.0.1"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    other = browser.browser_type.launch(
        executable_path=program, args=["--no-sandbox", f"--host-resolver-rules={rules}"]
    )
    yield other
    other.close()


@pytest.fixture
def hostile(chromium, evil, target):
    """Opens a page of the other server in a browser in which somebody is signed in at Roost."""
    with contextlib.ExitStack() as stack:

        def open_(host=EVIL):
            context = chromium.new_context()
            stack.callback(context.close)
            context.add_cookies(
                [{"url": target.server.url, "sameSite": "Lax", **cookie} for cookie in target.cookies]
            )
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(f"http://{host}:{evil.port}/")
            return page

        yield open_


SEND = """async ([url, method, fields]) => {
    const form = new URLSearchParams(fields);
    const json = JSON.stringify(fields);
    const tries = [
        ["cors", { "Content-Type": "application/json" }, json],
        ["cors", { "Content-Type": "application/json", "X-Roost-Request": "page" }, json],
        ["cors", {}, form],
    ];
    if (method === "POST") {
        tries.push(["no-cors", {}, form]);
        tries.push(["no-cors", { "Content-Type": "text/plain" }, json]);
        tries.push(["no-cors", {}, new Blob([json])]);
    }
    const read = [];
    for (const credentials of ["include", "omit"]) {
        for (const [mode, headers, body] of tries) {
            try {
                const answer = await fetch(url, { method, mode, credentials, headers, body });
                if (answer.type !== "opaque") read.push([mode, credentials, answer.status]);
            } catch { /* Refused, as it should be. */ }
        }
    }
    if (method === "POST") {
        navigator.sendBeacon(url, form);
        const xhr = new XMLHttpRequest();
        xhr.open("POST", url);
        xhr.withCredentials = true;
        await new Promise((done) => { xhr.onloadend = done; xhr.send(form); });
        if (xhr.status) read.push(["xhr", "include", xhr.status]);
    }
    return read;
}"""


def test_no_change_is_made_by_fetch(hostile, target):
    before = target.state()
    page = hostile()
    for method, path, fields in CHANGES:
        sent = {key: target.path(value) if isinstance(value, str) else value for key, value in fields.items()}
        read = page.evaluate(SEND, [target.server.url + target.path(path), method, sent])
        assert read == [], (method, path)
    assert target.state() == before


SUBMIT = """([url, fields, enctype]) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: url, enctype, target: "sink" });
    for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement("input");
        Object.assign(input, { name, value });
        form.append(input);
    }
    const sink = document.createElement("iframe");
    sink.name = "sink";
    document.body.replaceChildren(sink, form);
    return new Promise((done) => { sink.onload = () => done(); form.submit(); setTimeout(done, 3000); });
}"""


@pytest.mark.parametrize("host", [EVIL, "127.0.0.1"])
def test_no_change_is_made_by_forms(hostile, target, host):
    before = target.state()
    page = hostile(host)
    statuses = []
    page.on(
        "response", lambda answer: statuses.append(answer.status) if answer.request.method == "POST" else None
    )
    posts = [change for change in CHANGES if change[0] == "POST" and "api" not in change[1]]
    for _, path, fields in posts:
        sent = {key: target.path(value) for key, value in fields.items()}
        page.evaluate(SUBMIT, [target.server.url + target.path(path), sent, FORM])
    page.evaluate(
        SUBMIT,
        [
            target.server.url + "/api/2.0/mlflow/experiments/create",
            {'{"name": "owned", "x": "': '"}'},
            "text/plain",
        ],
    )
    assert target.state() == before
    # Each was answered, with a refusal; a session goes along to another port of the same name.
    assert len(statuses) == len(posts) + 1
    assert all(400 <= status < 500 or status == 303 for status in statuses), statuses


READ = """async (url) => {
    const got = [];
    for (const credentials of ["include", "omit"]) {
        try {
            const answer = await fetch(url, { credentials });
            got.push(`${credentials}: ${answer.status}`);
        } catch { /* Refused, as it should be. */ }
    }
    const opaque = await fetch(url, { mode: "no-cors", credentials: "include" }).catch(() => null);
    if (opaque && (opaque.type !== "opaque" || (await opaque.text()) !== "")) got.push("opaque");
    for (const kind of ["img", "script"]) {
        const element = document.createElement(kind);
        const isLoaded = await new Promise((done) => {
            element.onload = () => done(true);
            element.onerror = () => done(false);
            element.src = url;
            document.body.append(element);
        });
        if (isLoaded) got.push(kind);
    }
    return got;
}"""


def test_nothing_is_read(hostile, target):
    page = hostile()
    for path in SECRETS:
        assert page.evaluate(READ, target.server.url + target.path(path)) == [], path


STREAM = """(url) => new Promise((done) => {
    const source = new EventSource(url, { withCredentials: true });
    source.onopen = () => done("open");
    source.onmessage = () => done("message");
    source.onerror = () => done("refused");
    setTimeout(() => done("nothing"), 3000);
})"""
SOCKET = """(url) => new Promise((done) => {
    const socket = new WebSocket(url);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
    setTimeout(() => done("nothing"), 3000);
})"""


def test_streams_tell_nothing(hostile, target):
    page = hostile()
    for path in ["/live?experiment=0", "/{owner}/iris/live?experiment=0"]:
        assert page.evaluate(STREAM, target.server.url + target.path(path)) == "refused"
        assert page.evaluate(SOCKET, f"ws://127.0.0.1:{target.server.port}{target.path(path)}") == "refused"


FRAME = """(url) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => done();
    frame.src = url;
    document.body.replaceChildren(frame);
    setTimeout(done, 3000);
})"""


def test_no_page_is_framed(hostile, target):
    page = hostile()
    for path in SECRETS:
        page.evaluate(FRAME, target.server.url + target.path(path))
        page.frames[-1].wait_for_url(re.compile("^chrome-error:"), wait_until="commit")


def test_another_name_that_leads_here_opens_nothing(chromium, target):
    """DNS rebinding: to the browser the page and the server are of one origin."""
    before = target.state()
    context = chromium.new_context()
    page = context.new_page()
    url = f"http://{REBOUND}:{target.server.port}"
    for path in [*SECRETS, "/live?experiment=0"]:
        answer = page.goto(url + target.path(path))
        assert answer.status == 403 and "DNS rebinding" in answer.text(), path
    for method, path, fields in CHANGES:
        statuses = page.evaluate(
            """async ([url, method, fields]) => {
                const send = (type, body) => fetch(url, { method, body, headers: { "Content-Type": type, "X-Roost-Request": "page" } });
                return [
                    (await send("application/json", JSON.stringify(fields))).status,
                    (await send("application/x-www-form-urlencoded", new URLSearchParams(fields))).status,
                ];
            }""",
            [url + target.path(path), method, fields],
        )
        assert statuses == [403, 403], (method, path)
    context.close()
    assert target.state() == before


def test_a_link_from_elsewhere_opens_a_page_but_changes_nothing(hostile, target):
    before = target.state()
    page = hostile()
    # The session goes along with a link: somebody who follows one is not signed out by it.
    page.goto(target.server.url + target.path("/{owner}/iris/settings"))
    assert page.locator("h1").inner_text() == "General"
    for path in ["/logout", "/settings/tokens?do=make&name=owned", "/{owner}/iris/settings/danger?do=delete"]:
        page.goto(target.server.url + target.path(path))
    assert target.state() == before


def test_the_session_cookie_is_for_this_server_alone(target):
    if not target.members:
        assert target.set_cookie("/") is None
        return
    _, headers, _ = target.members.submit("/login", login=target.owner, password="a grey heron stands")
    words = {word.strip() for word in headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= words
    assert not any(word.startswith("Domain") for word in words)


def test_every_page_says_what_may_frame_and_run_it(target):
    for path in SECRETS:
        if "api" in path or path.endswith(".json") or "/raw/" in path:
            continue
        headers = {"Accept": "text/html"}
        if target.cookies:
            headers["Cookie"] = f"{target.cookies[0]['name']}={target.cookies[0]['value']}"
        connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=60)
        connection.request("GET", target.path(path), headers=headers)
        answer = connection.getresponse()
        answer.read()
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy, path
        assert "frame-ancestors" in policy and "base-uri 'none'" in policy, path
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        connection.close()
