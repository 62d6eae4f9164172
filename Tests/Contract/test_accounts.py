"""Who may call: every form of credentials, by stock clients and by hand, against a server with accounts."""

import base64
import concurrent.futures
import http.client
import json
import os
import re
import subprocess
import time
import urllib.parse

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from mlflow.server import get_app_client

from servers import Roost, wait_until

PASSWORD = "a grey heron stands"
EXPERIMENT = "/api/2.0/mlflow/experiments/get?experiment_id=0"
CURRENT = "/api/2.0/mlflow/users/current"
CREATE = "/api/2.0/mlflow/experiments/create"
EVENT = {"entity": "MODEL_VERSION", "action": "CREATED"}


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


class Team:
    """A server with accounts, and who is on it."""

    def __init__(self, server):
        self.server = server

    def ask(self, method, path, headers=None, body=None, form=None):
        """Status, headers and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = dict(headers or {})
        content = None
        if body is not None:
            content = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if form is not None:
            content = urllib.parse.urlencode(form)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def status(self, *arguments, **more):
        return self.ask(*arguments, **more)[0]

    @property
    def ours(self):
        return {"Origin": self.server.url}

    def submit(self, path, headers=None, **form):
        return self.ask("POST", path, self.ours | (headers or {}), form=form)

    def command(self, *words):
        """What became of `roost admin ...`."""
        command = [
            *(Roost.binary(), "admin", *words, "--json"),
            *("--database", self.server.database, "--data", self.server.data),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def admin(self, *words):
        """The answer of `roost admin ...`."""
        done = self.command(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def token(self, login, *options):
        return self.admin("tokens", "create", login, "a token", *options)["secret"]

    def add(self, login, *options):
        link = self.admin("users", "create", login, *options)["link"]
        status, _, _ = self.submit(urllib.parse.urlsplit(link).path, password=PASSWORD)
        assert status == 303

    def cookie(self, login="ann", headers=None):
        status, answer, text = self.submit("/login", headers, login=login, password=PASSWORD)
        assert status == 303, text
        return {"Cookie": answer["Set-Cookie"].split(";")[0]}


def set_up_link(server):
    return re.findall(r"/set-up/link_[0-9a-f]+", server.log.read_text())[-1]


@pytest.fixture(scope="module")
def team(new_roost):
    with new_roost(options=("--auth",)) as server:
        team = Team(server)
        wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
        status, _, text = team.submit(set_up_link(server), login="ann", password=PASSWORD)
        assert status == 303, text
        team.add("bob")
        yield team


def test_a_server_is_set_up_once_and_nobody_has_a_default_password(new_roost):
    server = new_roost(options=("--auth",)).start()
    team = Team(server)
    wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
    old = set_up_link(server)
    for name, password in [("admin", "password1234"), ("admin", "admin"), ("local", ""), ("root", "root")]:
        assert team.status("GET", CURRENT, basic(name, password)) == 401
    server.stop()
    server.start()
    wait_until(lambda: set_up_link(server) != old, "a new link is printed")
    link = set_up_link(server)
    assert team.status("GET", old) == 404
    assert team.submit(link, login="ann", password="short")[0] == 400
    assert team.submit(link, login="ann", password=" " * 20)[0] == 400
    assert team.submit(link, login="../x", password=PASSWORD)[0] == 400
    assert team.status("POST", link, form={"login": "ann", "password": PASSWORD}) == 403
    assert team.submit(link, {"Origin": "http://evil.example"}, login="ann", password=PASSWORD)[0] == 403
    assert team.submit(link, login="ann", password=PASSWORD)[0] == 303
    assert team.submit(link, login="eve", password=PASSWORD)[0] == 404
    assert [line for line in server.log.read_text().splitlines() if "path=" in line and link in line] == []
    server.stop()
    printed = server.log.read_text().count("/set-up/")
    server.start()
    wait_until(lambda: server.log.read_text().count("Log a first run") == 3, "it has started")
    assert server.log.read_text().count("/set-up/") == printed
    server.stop()


def test_each_form_of_credentials_shows_its_owner(team):
    token = team.token("bob")
    forms = [
        basic("bob", PASSWORD),
        basic("BOB", PASSWORD),
        basic("bob", token),
        basic("anything", token),
        basic(token, token),
        basic(token, ""),
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"bearer {token}"},
        {"Authorization": f"token {token}"},
        team.cookie("bob"),
    ]
    for headers in forms:
        status, _, text = team.ask("GET", CURRENT, headers)
        assert (status, json.loads(text)["user"]["username"]) == (200, "bob"), headers
    assert team.status("GET", f"{CURRENT}?token={token}") == 200


def test_wrong_credentials_are_refused_and_not_forgotten(team):
    token = team.token("bob")
    wrong = [
        basic("bob", "a grey heron flies"),
        basic("bob", ""),
        basic("", ""),
        basic("nobody", PASSWORD),
        basic("bob", token[:-1] + ("0" if token[-1] != "0" else "1")),
        {"Authorization": f"Bearer {token}0"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic !!!"},
        {"Authorization": f"Digest {token}"},
        {"Authorization": ""},
    ]
    for headers in wrong:
        status, answer, _ = team.ask("GET", EXPERIMENT, headers)
        assert status == 401, headers
        assert answer["WWW-Authenticate"].startswith("Basic ")
    # Also beside a good cookie.
    assert team.status("GET", EXPERIMENT, team.cookie("bob") | basic("bob", "wrong wrong wrong")) == 401
    assert team.status("GET", EXPERIMENT) == 401
    assert team.status("GET", "/health") == 200


def test_stock_mlflow_logs_with_a_password_and_with_a_token(team, monkeypatch):
    token = team.token("bob", "--role", "write")
    for variables in [
        {"MLFLOW_TRACKING_USERNAME": "bob", "MLFLOW_TRACKING_PASSWORD": PASSWORD},
        {"MLFLOW_TRACKING_USERNAME": "bob", "MLFLOW_TRACKING_PASSWORD": token},
        {"MLFLOW_TRACKING_TOKEN": token},
    ]:
        with monkeypatch.context() as context:
            for name, value in variables.items():
                context.setenv(name, value)
            client = mlflow.MlflowClient(team.server.url)
            run = client.create_run("0")
            client.log_metric(run.info.run_id, "loss", 0.5)
            assert client.get_run(run.info.run_id).data.metrics == {"loss": 0.5}
            assert run.info.user_id is not None
    with monkeypatch.context() as context:
        context.setenv("MLFLOW_TRACKING_TOKEN", token + "0")
        with pytest.raises(MlflowException, match="UNAUTHENTICATED"):
            mlflow.MlflowClient(team.server.url).create_run("0")


def test_a_token_does_not_exceed_its_role_and_ends_when_it_is_revoked(team):
    reader = {"Authorization": "Bearer " + team.token("ann", "--role", "read")}
    writer = {"Authorization": "Bearer " + team.token("ann", "--role", "write")}
    admin = {"Authorization": "Bearer " + team.token("ann", "--role", "admin", "--reaches-account")}

    assert team.status("GET", EXPERIMENT, reader) == 200
    assert team.status("POST", CREATE, reader, body={"name": "by a reader"}) == 403
    assert team.status("POST", CREATE, writer, body={"name": "by a writer"}) == 200
    new = {"username": "carl", "password": "two grey herons fly"}
    assert team.status("POST", "/api/2.0/mlflow/users/create", writer, body=new) == 403
    assert team.status("POST", "/api/2.0/mlflow/users/create", admin, body=new) == 200
    for token in team.admin("tokens", "list", "ann")["tokens"]:
        team.admin("tokens", "revoke", "ann", str(token["id"]))
    for headers in (reader, writer, admin):
        assert team.status("GET", EXPERIMENT, headers) == 401


def test_a_program_sees_what_the_tokens_of_its_person_may(team):
    bob, day_ms = basic("bob", PASSWORD), 86_400_000

    def make(**fields):
        status, _, text = team.ask("POST", "/api/v1/user/tokens", bob, fields)
        return status, json.loads(text)

    end_ms = int(time.time() * 1000) + 3_000 * day_ms
    for wrong in (1 << 62, 1, -1, end_ms + 700 * day_ms):
        status, told = make(name="ci", expires_ms=wrong)
        assert status == 422 and "token" in told["message"]
    assert make(name="  ")[0] == 422
    status, made = make(name="ci", role="read", expires_ms=end_ms)
    assert status == 201 and made["sha1"].startswith("roost_")
    (listed,) = [t for t in json.loads(team.ask("GET", "/api/v1/user/tokens", bob)[2]) if t["id"] == made["id"]]
    assert made == listed | {"sha1": made["sha1"]} and listed["sha1"] == ""
    assert (listed["role"], listed["repository"], listed["last_used_at"]) == ("read", None, None)
    assert listed["hint"] == made["sha1"][-4:] and listed["expires_at"].endswith("Z")
    assert team.status("DELETE", f"/api/v1/user/tokens/{made['id']}", bob) == 204


def test_a_form_that_is_sent_again_makes_no_second_token(team):
    cookie, path = team.cookie("bob"), "/settings/tokens"
    mark = re.search(r'name="once" value="([^"]+)"', team.ask("GET", path, cookie)[2])[1]
    form = {"do": "make", "name": "reloaded", "role": "read", "days": "7", "repository": "", "once": mark}
    assert team.submit(path, cookie, **form, current_password="not the password")[0] == 403
    status, _, text = team.submit(path, cookie, **form, current_password=PASSWORD)
    assert status == 200 and re.search("roost_[0-9a-f]{64}", text)
    status, _, text = team.submit(path, cookie, **form, current_password=PASSWORD)
    assert status == 400 and "was sent before" in text and not re.search("roost_[0-9a-f]{64}", text)
    assert team.submit(path, cookie, **form | {"once": ""}, current_password=PASSWORD)[0] == 400
    names = [token["name"] for token in team.admin("tokens", "list", "bob")["tokens"]]
    assert names.count("reloaded") == 1


def test_a_form_that_does_not_say_what_is_to_be_done_changes_nothing(team):
    bob, cookie = basic("bob", PASSWORD), team.cookie("bob")
    new = {"name": "glade", "description": "between the trees"}
    assert team.status("POST", "/api/v1/user/repos", bob, new) == 201
    fields = {"role": "admin", "kind": "branch", "pattern": "main", "push": "nobody", "direction": "push"}
    places = ["", "/access", "/rules", "/mirrors", "/keys", "/danger"]
    for path in [f"/bob/glade/settings{place}" for place in places] + [
        *("/bob/glade/arrival", "/settings/keys", "/settings/tokens", "/settings/sessions", "/new"),
    ]:
        for deed in ({"do": "nope"}, {}):
            status, _, text = team.submit(path, cookie, **fields, **deed)
            assert status == 400 and "does not say what is to be done" in text, path
    told = json.loads(team.ask("GET", "/api/v1/repos/bob/glade", bob)[2])
    assert told["description"] == "between the trees"
    assert team.status("DELETE", "/api/v1/repos/bob/glade", bob) == 204


def test_a_token_is_bound_to_a_repository_by_any_name_that_it_had(team):
    bob = basic("bob", PASSWORD)
    assert team.status("POST", "/api/v1/user/repos", bob, {"name": "meadow"}) == 201
    assert team.status("PATCH", "/api/v1/repos/bob/meadow", bob, {"name": "pond"}) == 200
    for name in ("bob/pond", "BOB/meadow"):
        made = team.admin("tokens", "create", "bob", "bound", "--repository", name)
        assert made["token"]["repository"] == "bob/pond"
    for name in ("bob/nope", "nobody/pond", "/pond"):
        done = team.command("tokens", "create", "bob", "bound", "--repository", name)
        assert done.returncode != 0 and f"No repository '{name}' is here." in done.stderr
    assert team.status("DELETE", "/api/v1/repos/bob/pond", bob) == 204


def test_strangers_read_of_accounts_what_is_public(team):
    ann, bob = basic("ann", PASSWORD), basic("bob", PASSWORD)

    def get(path, headers=None):
        status, _, text = team.ask("GET", f"/api/v1/{path}", headers)
        return status, json.loads(text)

    for name, private in (("shown", False), ("unshown", True)):
        made = team.status("POST", "/api/v1/user/repos", ann, body={"name": name, "private": private})
        assert made == 201
    assert team.status("POST", "/api/v1/user/repos", bob, body={"name": "unshown", "private": True}) == 201
    for name, private in (("open-lab", False), ("closed-lab", True)):
        assert team.status("POST", "/api/v1/user/orgs", ann, body={"username": name}) == 201
        repository = {"name": "iris", "private": private}
        assert team.status("POST", f"/api/v1/orgs/{name}/repos", ann, body=repository) == 201

    status, profile = get("users/ann")
    assert (status, profile["login"], profile["email"]) == (200, "ann", "")
    assert "is_admin" not in profile
    status, repositories = get("users/ann/repos")
    assert (status, [one["name"] for one in repositories]) == (200, ["shown"])
    assert get("orgs/open-lab")[1]["type"] == "Organization"
    assert [one["full_name"] for one in get("orgs/open-lab/repos")[1]] == ["open-lab/iris"]
    for name in ("bob", "closed-lab", "nobody"):
        for path in (f"users/{name}", f"users/{name}/repos", f"orgs/{name}", f"orgs/{name}/repos"):
            assert get(path) == (404, {
                "error_code": "RESOURCE_DOES_NOT_EXIST",
                "message": f"No account '{name}' is here.",
            }), path
    # Whoever shows something wrong is told so, and whoever is known sees more.
    assert get("users/ann", {"Authorization": "Bearer token_" + "0" * 64})[0] == 401
    assert get("users/bob", ann)[0] == 200 and get("users/ann/repos", bob)[0] == 200
    for path in ("orgs/open-lab/members", "users/ann/orgs", "users/search?q=a", "users/ann/starred"):
        assert get(path)[0] == 401, path


def test_scopes_that_only_read_make_a_token_that_only_reads(team):
    own = basic("ann", PASSWORD)

    def make(**fields):
        return team.ask("POST", "/api/v1/user/tokens", own, body={"name": "scoped"} | fields)

    status, _, text = make(scopes=["read:user", "read:repository"])
    assert status == 201, text
    reader = {"Authorization": "Bearer " + json.loads(text)["sha1"]}
    assert team.status("GET", EXPERIMENT, reader) == 200
    assert team.status("POST", CREATE, reader, body={"name": "by scopes"}) == 403
    assert team.status("POST", "/api/v1/user/repos", reader, body={"name": "scoped"}) == 403
    for scopes in (["read:user"], ["read:repository", "write:issue"], ["all"], []):
        status, _, text = make(scopes=scopes)
        assert status == 422 and "'role' (read, write, admin)" in json.loads(text)["message"], text


def test_a_cookie_changes_something_only_from_a_page_of_this_server(team):
    cookie = team.cookie("bob")
    url, host = team.server.url, f"127.0.0.1:{team.server.port}"
    refused = [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{host}.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "X-Roost-Request": "1"},
        {"Sec-Fetch-Site": "none"},
    ]
    for number, headers in enumerate(refused):
        assert team.status("POST", CREATE, cookie | headers, body={"name": f"csrf {number}"}) == 403, headers
    allowed = [
        {"Origin": url},
        {"Sec-Fetch-Site": "same-origin", "Origin": url},
        {"X-Roost-Request": "1"},
    ]
    for number, headers in enumerate(allowed):
        assert team.status("POST", CREATE, cookie | headers, body={"name": f"ours {number}"}) == 200, headers
    assert team.status("GET", EXPERIMENT, cookie) == 200


def test_a_session_is_made_by_the_server_and_ends_with_sign_out(team):
    planted = "session_" + "ab" * 32
    status, answer, _ = team.submit(
        "/login", {"Cookie": f"roost_session={planted}"}, login="bob", password=PASSWORD
    )
    set_cookie = answer["Set-Cookie"]
    assert status == 303 and planted not in set_cookie
    for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in set_cookie
    assert team.status("GET", EXPERIMENT, {"Cookie": f"roost_session={planted}"}) == 401
    first = {"Cookie": set_cookie.split(";")[0]}
    second = team.cookie("bob", first)
    assert first != second
    assert team.status("GET", EXPERIMENT, first) == 401
    assert team.status("POST", "/logout", second, form={}) == 403
    assert team.submit("/logout", second)[0] == 303
    assert team.status("GET", EXPERIMENT, second) == 401


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/x", ""])
def test_sign_in_leads_nowhere_else(team, address):
    _, answer, _ = team.submit("/login", login="bob", password=PASSWORD, return_to=address)
    assert answer["Location"] == "/"


def test_a_browser_is_shown_where_to_sign_in_and_goes_on_from_there(team):
    status, answer, _ = team.ask("GET", EXPERIMENT, {"Accept": "text/html,*/*"})
    assert status == 303
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(answer["Location"]).query)
    _, answer, page = team.ask("GET", answer["Location"])
    assert "script" not in page and "default-src 'none'" in answer["Content-Security-Policy"]
    _, answer, _ = team.submit("/login", login="bob", password=PASSWORD, return_to=query["return_to"][0])
    assert answer["Location"] == EXPERIMENT
    page = team.ask("GET", "/login?return_to=" + urllib.parse.quote('/"><script>alert(1)</script>'))[2]
    assert "<script>" not in page


def test_a_suspended_person_is_nobody_at_once(team):
    team.add("dora")
    token = {"Authorization": "Bearer " + team.token("dora")}
    cookie, password = team.cookie("dora"), basic("dora", PASSWORD)
    shown = [token, cookie, password]
    assert [team.status("GET", EXPERIMENT, headers) for headers in shown] == [200, 200, 200]
    team.admin("users", "suspend", "dora")
    assert [team.status("GET", EXPERIMENT, headers) for headers in shown] == [401, 401, 401]
    team.admin("users", "resume", "dora")
    assert [team.status("GET", EXPERIMENT, headers) for headers in shown] == [200, 401, 200]


def test_guesses_lock_a_login_and_then_the_address(new_roost):
    with new_roost(options=("--auth", "--behind-proxy")) as server:
        team = Team(server)
        wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
        team.submit(set_up_link(server), login="ann", password=PASSWORD)

        def guess(login, password, address):
            headers = basic(login, password) | {"X-Forwarded-For": f"10.1.1.1, {address}"}
            return team.ask("GET", CURRENT, headers)[:2]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            guesses = pool.map(lambda n: guess("ann", f"guess number {n}", "192.0.2.1")[0], range(20))
            assert set(guesses) == {401}
        assert guess("ann", PASSWORD, "192.0.2.1")[0] == 401
        assert guess("ann", PASSWORD, "192.0.2.2")[0] == 200
        failures = team.admin("audit", "--kind", "session.sign_in_failed")["events"]
        assert len(failures) == 10 and failures[0]["details"]["address"] == "192.0.2.1"
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: guess(f"login{n}", "a guess at it", "192.0.2.3"), range(50)))
        status, headers = guess("ann", PASSWORD, "192.0.2.3")
        assert status == 429 and 0 < int(headers["Retry-After"]) <= 900
        assert team.status("GET", "/health", {"X-Forwarded-For": "192.0.2.3"}) == 200


def test_a_right_password_that_comes_many_times_at_once_is_right_each_time(new_roost):
    with new_roost(options=("--auth",)) as server:
        team = Team(server)
        team.add("ann")
        for _ in range(2):
            # What was remembered of passwords is gone.
            server.stop()
            server.start()
            with concurrent.futures.ThreadPoolExecutor(32) as pool:
                asked = pool.map(lambda _: team.status("GET", "/api/v1/user", basic("ann", PASSWORD)), range(96))
                assert set(asked) == {200}


def test_a_server_for_this_machine_takes_unknown_credentials_for_the_local_person(new_roost):
    with new_roost() as server:
        team = Team(server)
        link = team.admin("users", "create", "ann")["link"]
        assert team.submit(urllib.parse.urlsplit(link).path, password=PASSWORD)[0] == 303
        stale = [{}, basic("somebody", "else"), {"Authorization": "Bearer stale"}, basic("ann", "stale stale")]
        for headers in stale:
            status, _, text = team.ask("GET", "/api/v1/user", headers)
            assert (status, json.loads(text)["login"]) == (200, "local"), headers
            # MLflow's pages would offer the local person to sign out.
            assert team.ask("GET", CURRENT, headers)[0] == 404
        for headers in (basic("ann", PASSWORD), {"Authorization": "Bearer " + team.token("ann")}):
            assert json.loads(team.ask("GET", CURRENT, headers)[2])["user"]["username"] == "ann"


def test_mlflows_client_of_users_works(team, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ann")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    client = get_app_client("basic-auth", tracking_uri=team.server.url)
    user = client.create_user("greta", "two grey herons fly")
    assert (user.username, user.is_admin) == ("greta", False)
    assert client.get_user("greta").id == user.id
    for password in ("", "short", "password1234", "hans-hans-hans"):
        with pytest.raises(MlflowException):
            client.create_user("hans", password)
    with pytest.raises(MlflowException, match="RESOURCE_ALREADY_EXISTS"):
        client.create_user("Greta", "two grey herons fly")
    client.update_user_password("greta", "three grey herons")
    assert team.status("GET", CURRENT, basic("greta", "two grey herons fly")) == 401
    client.update_user_admin("greta", True)
    assert client.get_user("greta").is_admin
    client.grant_user_permission("greta", "experiment", "0", "MANAGE")
    with pytest.raises(MlflowException, match="own account"):
        client.delete_user("ann")
    client.update_user_admin("greta", False)

    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "greta")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "three grey herons")
    assert client.get_user("greta").username == "greta"
    for forbidden in (
        lambda: client.get_user("ann"),
        lambda: client.create_user("hans", "two grey herons fly"),
        lambda: client.update_user_admin("greta", True),
        lambda: client.update_user_password("ann", "two grey herons fly"),
        lambda: client.delete_user("ann"),
    ):
        with pytest.raises(MlflowException, match="PERMISSION_DENIED|403"):
            forbidden()
    client.update_user_password("greta", "two grey herons fly", current_password="three grey herons")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ann")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    client.delete_user("greta")
    with pytest.raises(MlflowException, match="RESOURCE_DOES_NOT_EXIST"):
        client.get_user("greta")


def test_a_program_gets_a_token_when_its_person_agrees(team):
    cookie = team.cookie("bob")
    request, state, client = "5" * 64, "a-state-that-nobody-guesses", "c1"
    asked = {"middleman_request_id": request, "state": state, "client_id": client}
    page = "/login/oauth/authorize"
    query = f"{page}?{urllib.parse.urlencode(asked)}"
    _, answer, _ = team.ask("GET", query, {"Accept": "text/html"})
    assert answer["Location"].startswith("/login?return_to=")
    assert "bob" in team.ask("GET", query, cookie)[2]
    assert team.status("GET", page, cookie) == 400
    for method in ("GET", "POST"):
        status, answer, text = team.ask(method, page, cookie | team.ours | {"Accept": "text/html"}, form={})
        assert status == 400 and answer["Content-Type"].startswith("text/html"), text
        assert "cannot be read: begin again" in text
    token = {"Authorization": "Bearer " + team.token("bob", "--role", "admin", "--reaches-account")}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(team.ask, "POST", "/login/oauth/middleman", form={"request_id": request})
        assert team.status("POST", page, cookie, form=asked) == 403
        assert team.status("POST", page, token | team.ours, form=asked) == 403
        assert not waiting.done()
        assert team.submit(page, cookie, **asked)[0] == 200
        assert team.submit(page, cookie, **asked)[0] == 400
        status, _, text = waiting.result(30)
    assert status == 200
    code = json.loads(text)

    def redeem(code, state=state):
        form = {"client_id": client, "code": code, "state": state}
        return team.ask("POST", "/login/oauth/access_token", form=form)

    assert redeem(code[:-1] + "x")[0] == 400
    status, _, text = redeem(code)
    made = json.loads(text)
    assert status == 200 and made["token_type"] == "bearer" and made["expiry"].endswith("Z")
    assert redeem(code)[0] == 400
    headers = {"Authorization": f"Bearer {made['access_token']}"}
    assert json.loads(team.ask("GET", CURRENT, headers)[2])["user"]["username"] == "bob"


def test_git_says_why_it_is_refused(team, tmp_path):
    def call(method, path, **fields):
        status, _, text = team.ask(method, f"/api/v1/{path}", basic("ann", PASSWORD), fields)
        assert status < 300, text

    def git(login, secret, *words):
        address = f"http://{login}:{urllib.parse.quote(secret)}@127.0.0.1:{team.server.port}/ann/reasons.git"
        return subprocess.run(
            ["git", *(address if word == "ADDRESS" else word for word in words)],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_TERMINAL_PROMPT": "0"},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def refused_push(login, secret):
        done = git(login, secret, "-C", "reasons", "push", "ADDRESS", "HEAD:topic")
        assert done.returncode != 0
        return done.stderr

    call("POST", "user/repos", name="reasons", private=True, auto_init=True)
    call("PUT", "repos/ann/reasons/collaborators/bob", permission="read")
    assert git("bob", PASSWORD, "clone", "ADDRESS").returncode == 0
    reader = "remote: You may read 'ann/reasons'; this needs the right to write it."
    assert reader in refused_push("bob", PASSWORD)
    assert reader in refused_push("ann", team.token("ann", "--role", "read"))
    assert "remote: Sign in: send a token or a name with its password." in refused_push("bob", "no word of his")
    call("PATCH", "repos/ann/reasons", archived=True)
    assert "remote: The repository 'ann/reasons' is archived: it is only read." in refused_push("ann", PASSWORD)
    call("DELETE", "repos/ann/reasons")
    done = git("bob", PASSWORD, "-C", "reasons", "fetch", "ADDRESS")
    assert "not found" in done.stderr

    # Programs that speak LFS below the same address are told in JSON still.
    status, headers, text = team.ask("GET", "/ann/reasons.git/info/lfs/locks", basic("bob", PASSWORD))
    assert status == 404 and "json" in headers["Content-Type"] and json.loads(text)["message"]


def test_a_fork_takes_only_from_a_parent_that_its_person_may_read(team):
    def call(login, method, path, **fields):
        status, _, text = team.ask(method, f"/api/v1/{path}", basic(login, PASSWORD), fields)
        return status, json.loads(text) if text else None

    def sync():
        status, answer = call("bob", "POST", "repos/bob/above/merge-upstream", branch="main")
        return status, answer.get("merge_type", answer.get("message"))

    assert call("ann", "POST", "user/repos", name="above", auto_init=True)[0] == 201
    assert call("bob", "POST", "repos/ann/above/forks")[0] == 202
    assert call("ann", "POST", "repos/ann/above/contents/a.txt", content="YQ==")[0] == 201
    assert call("ann", "PATCH", "repos/ann/above", private=True)[0] == 200
    status, message = sync()
    assert status == 404 and "not for you" in message
    assert call("ann", "PUT", "repos/ann/above/collaborators/bob", permission="read")[0] < 300
    assert sync() == (200, "fast-forward")
    assert call("ann", "DELETE", "repos/ann/above")[0] == 204
    assert sync()[0] == 404


@pytest.fixture(scope="module")
def lab(team):
    """A call to the registry of a private repository of ann's, in which bob and cid write."""

    def call(login, method, path, **fields):
        query = "?" + urllib.parse.urlencode(fields) if method == "GET" else ""
        body = None if method == "GET" else fields
        address = f"/ann/lab.mlflow/api/2.0/{path}{query}"
        status, _, text = team.ask(method, address, basic(login, PASSWORD), body)
        return status, json.loads(text) if text else None

    def hub(method, path, **fields):
        return team.ask(method, f"/api/v1/{path}", basic("ann", PASSWORD), fields)[0]

    team.add("cid")
    assert hub("POST", "user/repos", name="lab", private=True) == 201
    for login in ["bob", "cid"]:
        assert hub("PUT", f"repos/ann/lab/collaborators/{login}", permission="write") < 300
    yield call, hub
    assert hub("DELETE", "repos/ann/lab") == 204


def test_webhooks_are_for_who_administers_the_repository(lab):
    call, _ = lab
    hook = {"name": "ci", "url": "https://93.184.216.34/hook", "events": [EVENT]}
    status, made = call("ann", "POST", "mlflow/webhooks", **hook)
    assert status == 200, made
    path = f"mlflow/webhooks/{made['webhook']['webhook_id']}"
    for method, address in [
        ("GET", "mlflow/webhooks"),
        ("POST", "mlflow/webhooks"),
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        ("POST", f"{path}/test"),
        ("GET", path.replace("mlflow", "roost") + "/deliveries"),
    ]:
        status, told = call("bob", method, address, **(hook if method == "POST" else {}))
        assert (status, told["error_code"]) == (403, "PERMISSION_DENIED"), (method, address)
    assert call("ann", "GET", path)[1]["webhook"]["url"] == hook["url"]
    assert call("ann", "DELETE", path)[0] == 200


def test_an_approval_counts_as_long_as_who_gave_it_may_write(team, lab):
    call, hub = lab
    assert call("ann", "POST", "mlflow/registered-models/create", name="iris")[0] == 200
    for _ in range(2):
        version = {"name": "iris", "source": "s3://bucket/model"}
        assert call("ann", "POST", "mlflow/model-versions/create", **version)[0] == 200
    rule = {"name": "iris", "alias": "champion", "approvals": 2}
    assert call("ann", "POST", "roost/approval-rules/set", **rule)[0] == 200
    alias = {"name": "iris", "alias": "champion", "version": "1"}
    assert call("bob", "POST", "mlflow/registered-models/alias", **alias)[0] == 403
    (request,) = call("bob", "GET", "roost/approval-requests/list", name="iris")[1]["requests"]
    approve = ("POST", "roost/approval-requests/approve")
    assert call("cid", *approve, request_id=request["id"])[1]["request"]["state"] == "open"
    assert hub("DELETE", "repos/ann/lab/collaborators/cid") == 204

    after = call("ann", *approve, request_id=request["id"])[1]["request"]
    assert (after["state"], after["approvals"]) == ("open", 1)
    assert [vote.get("counts", True) for vote in after["votes"]] == [False, True]
    status, told = call("bob", "POST", "mlflow/registered-models/alias", **alias)
    assert status == 403 and "needs 2 approvals and has 1" in told["message"]
    assert hub("PUT", "repos/ann/lab/collaborators/cid", permission="write") < 300
    assert call("bob", "POST", "mlflow/registered-models/alias", **alias)[0] == 200

    alias["version"] = "2"
    assert call("bob", "POST", "mlflow/registered-models/alias", **alias)[0] == 403
    _, found = call("bob", "GET", "roost/approval-requests/list", name="iris", states="open")
    assert call("cid", *approve, request_id=found["requests"][0]["id"])[0] == 200
    team.admin("users", "suspend", "cid")
    assert call("ann", *approve, request_id=found["requests"][0]["id"])[1]["request"]["state"] == "open"
    team.admin("users", "resume", "cid")
