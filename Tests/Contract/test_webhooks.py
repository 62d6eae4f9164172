"""What webhooks are told is what the original tells; nothing is lost, and nothing goes where it must not."""

import json
import pathlib
import random
import subprocess
import threading
import time

import pytest
from mlflow import MlflowClient
from mlflow.entities.webhook import VALID_ENTITY_ACTIONS, WebhookEvent
from mlflow.exceptions import MlflowException

from receiver import Receiver
from requests_by_hand import Line
from servers import Original, wait_until

OPEN = ("--webhook-allowed-schemes", "http,https", "--webhook-allow-private-ips")
EVENTS = [
    WebhookEvent(entity, action)
    for entity, actions in VALID_ENTITY_ACTIONS.items()
    for action in sorted(actions)
]
SECRET = "a quiet word"


class OpenOriginal(Original):
    """The original with the settings that let it ask receivers on this machine."""

    def environment(self):
        return super().environment() | {
            "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
            "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
            "MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES": "0",
        }


@pytest.fixture(scope="module")
def told_original(workshop):
    with OpenOriginal(workshop / "hooked-original") as server:
        yield server


@pytest.fixture
def server(new_roost):
    with new_roost(options=OPEN) as server:
        yield server


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def client_of(server):
    return MlflowClient(tracking_uri=server.url, registry_uri=server.url)


def subscribe(client, url, events=("registered_model.created",), **fields):
    return client.create_webhook(name="hook", url=url, events=list(events), **fields)


def deliveries(server, webhook, **query):
    line = Line(server)
    path = f"/api/2.0/roost/webhooks/{webhook.webhook_id}/deliveries"
    found = line.get(path + "?" + "&".join(f"{key}={value}" for key, value in query.items()))
    line.close()
    return found.get("deliveries", [])


class Outage:
    """A server whose receiver refuses every connection for a minute, beside the other tests, and then comes up."""

    SECONDS = 61

    def __init__(self, server):
        self.server = server
        self.client = client_of(server)
        self.receiver = Receiver().reserve()
        self.webhook = subscribe(self.client, self.receiver.url, secret=SECRET)
        self.names = [f"model {number}" for number in range(30)]
        self.began = time.time()
        for name in self.names:
            self.client.create_registered_model(name, tags={"of": name})
        self.end = threading.Timer(self.SECONDS, self.receiver.__enter__)
        self.end.start()

    def close(self):
        self.end.cancel()
        self.end.join()
        self.receiver.__exit__()


@pytest.fixture(scope="module")
def outage(new_roost):
    with new_roost(options=OPEN) as server:
        outage = Outage(server)
        yield outage
        outage.close()


# The first of this file; the last tells what came of it.
def test_what_a_receiver_that_is_down_is_to_be_told_waits(outage):
    def oldest():
        return deliveries(outage.server, outage.webhook)[-1]

    wait_until(lambda: oldest()["attempts"] >= 2, "it was tried again", 20)
    assert oldest()["error_message"].endswith("connection refused.")
    assert len(deliveries(outage.server, outage.webhook, status="PENDING")) == len(outage.names)


def tell_everything(client):
    """Does each thing that webhooks are told of, to a model and to a prompt, and some that they are not."""
    client.create_registered_model("iris", tags={"team": "blue", "é": "ü"}, description="petals")
    client.create_registered_model("plain")
    client.create_model_version("iris", "s3://bucket/model", tags={"depth": "3"}, description="first")
    client.create_model_version("iris", "s3://bucket/model", run_id=None)
    client.set_registered_model_tag("iris", "of a model", "x")
    client.delete_registered_model_tag("iris", "of a model")
    client.set_model_version_tag("iris", "1", "kind", "tree")
    client.delete_model_version_tag("iris", "1", "kind")
    client.delete_model_version_tag("iris", "1", "never there")
    client.set_registered_model_alias("iris", "champion", "1")
    client.set_registered_model_alias("iris", "champion", "2")
    client.delete_registered_model_alias("iris", "champion")
    client.delete_registered_model_alias("iris", "never-there")
    client.transition_model_version_stage("iris", "1", "Production")
    client.update_model_version("iris", "1", "other words")
    client.rename_registered_model("plain", "plainer")
    client.copy_model_version("models:/iris/1", "copy")
    client.register_prompt("greeting", "Hello {{name}}!", commit_message="first", tags={"tone": "kind"})
    client.register_prompt("greeting", [{"role": "user", "content": "{{question}}"}])
    client.set_prompt_tag("greeting", "team", "red")
    client.delete_prompt_tag("greeting", "team")
    client.set_prompt_version_tag("greeting", "1", "checked", "yes")
    client.delete_prompt_version_tag("greeting", "1", "checked")
    client.set_prompt_alias("greeting", "live", 1)
    client.delete_prompt_alias("greeting", "live")
    client.delete_model_version("iris", "1")
    client.delete_registered_model("iris")


def test_every_event_is_told_as_the_original_tells_it(server, told_original):
    told = []
    for each in (told_original, server):
        with Receiver() as receiver:
            client = client_of(each)
            subscribe(client, receiver.url, EVENTS, secret=SECRET)
            tell_everything(client)
            client.create_registered_model("the last")
            wait_until(lambda: "the last" in receiver.names(), "the last thing was told", 30)
            time.sleep(0.5 if each is told_original else 0)
            assert all(request.is_signed_with(SECRET) for request in receiver.heard)
            assert {request.headers["Content-Type"] for request in receiver.heard} == {"application/json"}
            assert all(
                set(request.message) == {"entity", "action", "timestamp", "data"}
                for request in receiver.heard
            )
            told.append(
                sorted(
                    json.dumps([request.message[key] for key in ("entity", "action", "data")])
                    for request in receiver.heard
                )
            )
    original, roost = told
    assert roost == original
    kinds = {tuple(json.loads(text)[:2]) for text in roost}
    assert kinds == {(event.entity, event.action) for event in EVENTS} - {("budget_policy", "exceeded")}


def test_examples_are_the_originals(server, told_original):
    examples = []
    for each in (told_original, server):
        with Receiver() as receiver:
            client = client_of(each)
            webhook = subscribe(client, receiver.url, EVENTS, secret=SECRET)
            for event in EVENTS:
                result = client.test_webhook(webhook.webhook_id, event)
                assert (result.success, result.response_status) == (True, 200)
            assert all(request.is_signed_with(SECRET) for request in receiver.heard)
            examples.append(
                [[request.message[key] for key in ("entity", "action", "data")] for request in receiver.heard]
            )
            client.delete_webhook(webhook.webhook_id)
    assert examples[0] == examples[1]


def test_the_stock_client_keeps_webhooks(server, receiver):
    client = client_of(server)
    made = subscribe(client, receiver.url, EVENTS[:2], description="d", secret=SECRET)
    assert client.get_webhook(made.webhook_id).events == made.events
    assert [webhook.webhook_id for webhook in client.list_webhooks()] == [made.webhook_id]

    changed = client.update_webhook(
        made.webhook_id, name="other", description="", events=["prompt.created"], status="DISABLED"
    )
    assert (changed.name, changed.description, changed.status) == ("other", None, "DISABLED")
    assert [str(event) for event in changed.events] == ["prompt.created"]

    receiver.answer = lambda number: (500, {})
    result = client.test_webhook(made.webhook_id)
    assert (result.success, result.response_status, result.response_body) == (False, 500, None)

    client.delete_webhook(made.webhook_id)
    with pytest.raises(MlflowException, match="not found"):
        client.get_webhook(made.webhook_id)


def test_what_is_told_is_counted(server, receiver):
    client = client_of(server)
    statuses = [503, 200, 404, 200]
    receiver.answer = lambda number: (statuses[number], {})
    told = subscribe(client, receiver.url)
    for name in ("tried again", "refused", "taken"):
        client.create_registered_model(name)
    wait_until(lambda: not deliveries(server, told, status="PENDING"), "all was told", 20)
    down = Receiver().reserve()
    subscribe(client, down.url, events=("model_version.created",))
    client.create_model_version("taken", "s3://bucket/model")

    def measures():
        line = Line(server)
        _, text = line.send("GET", "/metrics")
        line.close()
        lines = [line.rsplit(" ", 1) for line in text.decode().splitlines() if line.startswith("roost_webhook")]
        return {name: float(number) for name, number in lines}

    wait_until(lambda: measures().get("roost_webhook_queue_length") == 1, "the queue was counted", 15)
    found = measures()
    assert found['roost_webhook_deliveries_total{outcome="delivered"}'] == 2
    assert found['roost_webhook_deliveries_total{outcome="given_up"}'] == 1
    # One that was made again, one that was the last, and those of what waits.
    assert found["roost_webhook_failed_attempts_total"] > 2
    down.__exit__()


def test_a_receiver_that_hangs_holds_up_no_other(server, receiver):
    client = client_of(server)
    over = threading.Event()
    with Receiver() as slow:
        slow.answer = lambda number: (over.wait(30), (200, {}))[1]
        subscribe(client, slow.url)
        subscribe(client, receiver.url)
        for number in range(5):
            client.create_registered_model(f"model {number}")
        wait_until(lambda: len(receiver.heard) == 5, "the other was told", 10)
        assert len(slow.heard) == 1
        over.set()
        wait_until(lambda: len(slow.heard) == 5, "both were told", 10)


def test_a_server_that_stops_does_not_wait_for_a_receiver_that_hangs(server):
    client = client_of(server)
    over = threading.Event()
    with Receiver() as receiver:
        receiver.answer = lambda number: (over.wait(60) and 200, {})
        webhook = subscribe(client, receiver.url)
        client.create_registered_model("iris")
        wait_until(lambda: receiver.heard, "it was told")
        server.stop()
        over.set()

        server.process = None
        server.start()
        wait_until(lambda: deliveries(server, webhook, status="DELIVERED"), "it was told again", 20)
        assert len(receiver.heard) == 2
        assert receiver.heard[0].id == receiver.heard[1].id


@pytest.mark.slow
def test_kill_loses_no_delivery(server, receiver):
    client = client_of(server)
    # Every third time it is in trouble, and it takes its time.
    receiver.answer = lambda number: (time.sleep(0.02), (503 if number % 3 == 2 else 200, {}))[1]
    subscribe(client, receiver.url, secret=SECRET)
    acknowledged = []
    stopped = threading.Event()

    def write(number):
        line = Line(server)
        step = 0
        while not stopped.is_set():
            name = f"model {number} {step}"
            try:
                status, _ = line.send("POST", "registered-models/create", {"name": name})
            except Exception:
                time.sleep(0.05)
                continue
            if status == 200:
                acknowledged.append(name)
            step += 1
            time.sleep(0.3)
        line.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        before = len(receiver.heard)
        wait_until(lambda before=before: len(receiver.heard) > before + 5, "something was told", 90)
        server.kill()
        server.start()
    stopped.set()
    for writer in writers:
        writer.join()

    receiver.answer = lambda number: (200, {})
    wait_until(lambda: set(acknowledged) <= set(receiver.names()), "all that was acknowledged was told", 90)
    bodies = {}
    for told in receiver.heard:
        assert told.is_signed_with(SECRET)
        assert bodies.setdefault(told.id, told.body) == told.body
    assert len(bodies) == len(set(receiver.names()))


def test_a_receiver_that_takes_its_time_is_told_once(server, receiver):
    client = client_of(server)
    # Longer than what was taken is held without being held on to.
    receiver.answer = lambda number: (time.sleep(18), (200, {}))[1]
    webhook = subscribe(client, receiver.url)
    client.create_registered_model("slow")
    wait_until(lambda: deliveries(server, webhook, status="DELIVERED"), "it was told", 29)
    assert receiver.names() == ["slow"]
    (delivery,) = deliveries(server, webhook)
    assert delivery["attempts"] == 1


def test_a_delivery_is_sent_again(server, receiver):
    client = client_of(server)
    receiver.answer = lambda number: (404 if number == 0 else 200, {})
    webhook = subscribe(client, receiver.url)
    client.create_registered_model("iris")
    wait_until(lambda: deliveries(server, webhook, status="FAILED"), "it was given up")
    (failed,) = deliveries(server, webhook)
    assert failed["response_status"] == 404
    assert "secret" not in json.dumps(failed)

    line = Line(server)
    path = f"/api/2.0/roost/webhooks/{webhook.webhook_id}/deliveries/{failed['delivery_id']}"
    line.post(f"{path}/send-again", {})
    wait_until(lambda: deliveries(server, webhook, status="DELIVERED"), "it was told")
    assert line.get(path)["delivery"]["payload"] == receiver.heard[0].message
    line.close()
    assert [told.id for told in receiver.heard] == [failed["delivery_id"]] * 2


def test_a_redirect_is_not_followed(server, receiver):
    client = client_of(server)
    with Receiver() as inner:
        for status in (301, 302, 303, 307, 308):
            receiver.answer = lambda number, status=status: (status, {"Location": inner.url})
            webhook = subscribe(client, receiver.url)
            result = client.test_webhook(webhook.webhook_id)
            assert (result.success, result.response_status) == (False, status)
            client.delete_webhook(webhook.webhook_id)
        assert not inner.heard


def test_nothing_goes_to_addresses_that_are_not_public(new_roost, receiver):
    with new_roost(options=("--webhook-allowed-schemes", "http,https")) as server:
        client = client_of(server)
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):
            with pytest.raises(MlflowException, match="must not resolve to a non-public IP address"):
                subscribe(client, f"http://{host}:{receiver.port}/")
        for host in ("127.1", "2130706433", "0x7f.1", "0177.0.0.1"):
            with pytest.raises(MlflowException, match="not a canonical IP address"):
                subscribe(client, f"http://{host}:{receiver.port}/")
    assert not receiver.heard


def test_the_address_is_checked_again_when_something_is_sent(new_roost, receiver):
    server = new_roost(options=OPEN)
    with server:
        client = client_of(server)
        webhook = subscribe(client, f"http://localhost:{receiver.port}/")
    server.options = ["--webhook-allowed-schemes", "http"]
    server.process = None
    with server:
        client.create_registered_model("iris")
        wait_until(lambda: deliveries(server, webhook, status="FAILED"), "it was given up")
        assert "not a public address" in deliveries(server, webhook)[0]["error_message"]
        result = client.test_webhook(webhook.webhook_id)
        assert "not a public address" in result.error_message
    assert not receiver.heard


def test_secrets_are_nowhere_to_be_read(new_roost, receiver):
    server = new_roost(options=(*OPEN, "--log-level", "trace"))
    with server:
        client = client_of(server)
        webhook = subscribe(client, receiver.url, secret=SECRET)
        client.create_registered_model("iris")
        wait_until(lambda: receiver.heard, "it was told")
        line = Line(server)
        assert SECRET not in json.dumps(line.get(f"webhooks/{webhook.webhook_id}"))
        line.close()
    key = server.data / "webhook-secrets.key"
    assert key.stat().st_mode & 0o777 == 0o600
    for path in pathlib.Path(server.folder).rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path


def test_the_key_of_secrets_is_replaced_beside_a_server_whoever_is_killed(server, receiver):
    client = client_of(server)
    hooks = [subscribe(client, receiver.url, secret=SECRET) for _ in range(60)]
    command = [
        *(server.binary(), "registry", "webhooks", "rotate-key", "--json"),
        *("--database", server.database, "--data", server.data),
    ]
    command = [str(part) for part in command]

    def told(some):
        before = len(receiver.heard)
        assert all(client.test_webhook(hook.webhook_id).success for hook in some)
        assert all(request.is_signed_with(SECRET) for request in receiver.heard[before:])
        return len(receiver.heard) - before

    kills, seconds = 0, 0.01
    while True:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            answer, errors = process.communicate(timeout=seconds * random.uniform(0.5, 1.0))
            assert process.returncode == 0, errors
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            seconds *= 1.2
            assert told(random.sample(hooks, 3)) == 3
    assert json.loads(answer) == {"secrets": len(hooks), "unreadable": []}
    assert kills > 2
    assert (server.data / "webhook-secrets.key").stat().st_size == 64
    assert told(hooks) == len(hooks)

    server.stop()
    server.process = None
    server.start()
    assert told(hooks) == len(hooks)


def has_port(process, port):
    """Whether a process has a connection from this port of this machine."""
    lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{line[9]}]" for line in lines if int(line[1].split(":")[1], 16) == port}
    for file in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            if str(file.readlink()) in sockets:
                return True
        except FileNotFoundError:
            continue
    return False


def test_several_servers_share_the_work(new_roost, receiver):
    first = new_roost(options=OPEN)
    with first:
        second = new_roost(options=OPEN, database=first.database, data=first.data)
        with second:
            clients = [client_of(first), client_of(second)]
            others = [Receiver() for _ in range(4)]
            tellers, hooks = set(), []

            def answer(number, told):
                port = told[number].caller_port
                tellers.update(each for each in (first, second) if has_port(each.process, port))
                return 200, {}

            for each in (receiver, *others):
                each.answer = lambda number, told=each.heard: answer(number, told)
            for number, other in enumerate(others):
                other.__enter__()
                hooks.append(subscribe(clients[number % 2], other.url, secret=SECRET))
            hooks.append(subscribe(clients[0], receiver.url, secret=SECRET))
            names = [f"model {number}" for number in range(40)]
            for number, name in enumerate(names):
                clients[number % 2].create_registered_model(name)
                if number < 2:
                    # Where nothing is under way, who made the change tells it.
                    wait_until(lambda: not any(deliveries(first, hook, status="PENDING") for hook in hooks), "done")
            for each in (receiver, *others):
                wait_until(lambda each=each: len(each.heard) >= len(names), "all was told", 60)
                assert each.names() == names
                assert len({told.id for told in each.heard}) == len(names)
                assert all(told.is_signed_with(SECRET) for told in each.heard)
            assert tellers == {first, second}
    # Nothing was told a second time until both had stopped.
    assert [len(each.heard) for each in (receiver, *others)] == [len(names)] * 5
    for other in others:
        other.__exit__()


@pytest.mark.slow
def test_a_receiver_that_was_down_for_a_minute_gets_each_thing_once_as_it_was_signed(outage):
    receiver = outage.receiver
    wait_until(lambda: len(receiver.heard) >= len(outage.names), "all was told", Outage.SECONDS + 90)
    wait_until(lambda: not deliveries(outage.server, outage.webhook, status="PENDING"), "all is done")

    # Nobody was there for a minute: the first that came is the first that happened, as it was then.
    assert int(receiver.heard[0].headers["X-MLflow-Timestamp"]) - outage.began >= 60
    assert receiver.names() == outage.names
    assert [told.message["data"]["tags"] for told in receiver.heard] == [{"of": name} for name in outage.names]
    assert all(told.is_signed_with(SECRET) for told in receiver.heard)
    log = {delivery["delivery_id"]: delivery for delivery in deliveries(outage.server, outage.webhook)}
    assert set(log) == {told.id for told in receiver.heard}
    assert {delivery["status"] for delivery in log.values()} == {"DELIVERED"}
    assert log[receiver.heard[0].id]["attempts"] > 5
