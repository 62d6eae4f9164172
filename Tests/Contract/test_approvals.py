"""Approvals, history and the registry's commands, seen by a stock client and at the command line."""

import json
import subprocess

import mlflow
import pytest
from mlflow.exceptions import RestException

from servers import Roost


def command(roost, *words, status=0):
    """Runs `roost …` on the data of a server that runs; what it prints."""
    place = ["--database", roost.database, "--data", roost.data]
    done = subprocess.run(
        [str(part) for part in [Roost.binary(), *words, *place]], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout if status == 0 else done.stdout + done.stderr


def registry(roost, *words):
    return json.loads(command(roost, "registry", *words, "--json"))


@pytest.fixture
def client(roost):
    return mlflow.MlflowClient(roost.url, registry_uri=roost.url)


def new_model(client, name, versions):
    client.create_registered_model(name)
    for _ in range(versions):
        client.create_model_version(name, "s3://bucket/model")
    return name


def test_an_alias_is_denied_approved_and_set(roost, client):
    name = new_model(client, "denied", 2)
    client.set_registered_model_alias(name, "champion", "1")
    command(roost, "registry", "approvals", "rule", name, "--alias", "champion", "--approvals", 2)

    with pytest.raises(RestException) as denied:
        client.set_registered_model_alias(name, "champion", "2")
    assert denied.value.error_code == "PERMISSION_DENIED"
    request = registry(roost, "approvals", "list", name)["requests"][0]["id"]
    words = f"Setting the alias 'champion' of {name} to version 2 needs 2 approvals and has "
    assert f"{words}0; request {request} is open." in denied.value.message

    own = command(roost, "registry", "approvals", "approve", request, status=1)
    assert "is your own" in own
    print_first = command(
        roost, "registry", "approvals", "approve", request, "--as", "bob", "--comment", "ok"
    )
    assert print_first == f"Request {request} has 1 of 2 approvals.\n"
    with pytest.raises(RestException, match=f"{words}1; request {request} is open."):
        client.set_registered_model_alias(name, "champion", "2")
    with pytest.raises(RestException, match="Removing the alias 'champion'"):
        client.delete_registered_model_alias(name, "champion")
    assert client.get_model_version_by_alias(name, "champion").version == "1"
    done = command(roost, "registry", "approvals", "approve", request, "--as", "cid")
    assert done == f"Request {request} is approved and carried out.\n"

    client.set_registered_model_alias(name, "champion", "2")
    assert client.get_model_version_by_alias(name, "champion").version == "2"


def test_a_stage_is_denied_approved_and_entered(roost, client):
    name = new_model(client, "staged", 2)
    command(roost, "registry", "approvals", "rule", name, "--stage", "Production", "--approvals", 1)
    client.transition_model_version_stage(name, "1", "Staging")

    with pytest.raises(RestException, match="needs 1 approval and has 0") as denied:
        client.transition_model_version_stage(name, "1", "Production")
    assert denied.value.get_http_status_code() == 403
    request = registry(roost, "approvals", "list", name, "--state", "open")["requests"][0]
    assert (request["deed"], request["version"], request["needed"]) == ("move", "1", 1)
    command(roost, "registry", "approvals", "approve", request["id"], "--as", "bob")
    version = client.transition_model_version_stage(name, "1", "Production")

    assert version.current_stage == "Production"
    with pytest.raises(RestException, match="cannot be deleted: it is in Production"):
        client.delete_model_version(name, "1")
    with pytest.raises(RestException, match="has approval rules"):
        client.delete_registered_model(name)
    client.delete_model_version(name, "2")


def test_a_refusal_closes_the_request(roost, client):
    name = new_model(client, "refused", 1)
    command(roost, "registry", "approvals", "rule", name, "--alias", "*", "--approvals", 1)
    for _ in range(2):
        with pytest.raises(RestException, match="request .* is open"):
            client.set_registered_model_alias(name, "any", "1")
    (request,) = registry(roost, "approvals", "list", name)["requests"]
    command(roost, "registry", "approvals", "refuse", request["id"], "--as", "bob", "--comment", "no")

    with pytest.raises(RestException, match="request .* is open"):
        client.set_registered_model_alias(name, "any", "1")
    states = [request["state"] for request in registry(roost, "approvals", "list", name)["requests"]]
    assert states == ["open", "refused"]


def test_the_commands_tell_and_undo(roost, client):
    name = new_model(client, "told", 3)
    for version in "123":
        command(roost, "registry", "alias", "set", name, "champion", version, "--comment", f"is {version}")
    events = registry(roost, "history", name, "--alias", "champion")["events"]

    assert [event["details"]["comment"] for event in events] == ["is 3", "is 2", "is 1"]
    times = [event["timestamp"] for event in events]
    assert registry(roost, "alias", "at", name, "champion", times[1])["version"] == "2"
    assert command(roost, "registry", "alias", "at", name, "champion", "1990-01-01T00:00:00Z") == (
        f"{name}@champion pointed at no version.\n"
    )
    back = command(roost, "registry", "alias", "rollback", name, "champion", "--comment", "drift")
    assert back == f"{name}@champion is version 2.\n"
    assert client.get_model_version_by_alias(name, "champion").version == "2"
    refused = command(roost, "registry", "delete", name, "--version", 2, status=1)
    assert "the alias 'champion' points at it" in refused
    command(roost, "registry", "delete", name, "--version", 2, "--force")
    command(roost, "registry", "stage", name, 3, "production", "--archive-existing")
    assert client.get_model_version(name, "3").current_stage == "Production"

    listed = command(roost, "registry", "list", "--filter", f"name = '{name}'")
    assert "3 Production" in listed.splitlines()[1]
    assert "stages: None 1, Production 3" in command(roost, "registry", "show", name)
    assert [line.split()[0] for line in command(roost, "registry", "versions", name).splitlines()] == [
        *("VERSION", "3", "1")
    ]
    assert "model_version.deleted" in command(roost, "registry", "history", name)
    shown = subprocess.run(
        [Roost.binary(), "registry", "show", name, "--server", roost.url],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0 and f"name: {name}" in shown.stdout, shown.stderr
    command(roost, "registry", "alias", "set", name, "live", 3, "--server", roost.url)
    assert client.get_model_version_by_alias(name, "live").version == "3"
    denied = command(roost, "registry", "alias", "set", name, "live", 9, "--server", roost.url, status=1)
    assert f"RESOURCE_DOES_NOT_EXIST: Model Version (name={name}, version=9) not found" in denied
    with_as = command(roost, "registry", "list", "--server", roost.url, "--as", "bob", status=1)
    assert "--as goes with the data" in with_as


def test_what_the_commands_make_a_stock_client_sees(roost, client):
    command(roost, "registry", "create", "made", "--tag", "team=red", "--description", "by hand")
    command(roost, "registry", "register", "made", "s3://bucket/model", "--tag", "a=b=c")
    command(roost, "registry", "create", "copied", "--server", roost.url)
    command(roost, "registry", "register", "copied", "models:/made/1", "--server", roost.url)
    command(roost, "registry", "describe", "copied", "a copy", "--version", 1)
    command(roost, "registry", "tag", "made", "team", "--remove")
    command(roost, "registry", "rename", "made", "renamed")

    renamed, version = client.get_registered_model("renamed"), client.get_model_version("copied", "1")
    assert (renamed.description, renamed.tags) == ("by hand", {})
    assert client.get_model_version("renamed", "1").tags == {"a": "b=c"}
    assert (version.source, version.description) == ("models:/made/1", "a copy")
    assert client.get_model_version_download_uri("copied", "1") == "s3://bucket/model"


@pytest.fixture
def at_roost(roost):
    """For what has no client of its own; later tests find no address set."""
    mlflow.set_tracking_uri(roost.url)
    mlflow.set_registry_uri(roost.url)
    yield
    mlflow.set_tracking_uri("")
    mlflow.set_registry_uri("")


def test_prompts_of_the_commands_are_those_of_a_stock_client(roost, at_roost):
    command(roost, "registry", "prompts", "register", "greet", "Hello {{name}}!\nBye.")
    command(
        roost,
        "registry",
        "prompts",
        "register",
        "greet",
        "Hi {{name}}",
        "--message",
        "shorter",
        *("--server", roost.url),
    )
    mlflow.genai.register_prompt(name="greet", template="Hey {{name}}")

    prompt = mlflow.genai.load_prompt("prompts:/greet/2")
    assert (prompt.format(name="Ann"), prompt.commit_message) == ("Hi Ann", "shorter")
    assert command(roost, "registry", "prompts", "show", "greet", 1) == "Hello {{name}}!\nBye.\n"
    assert command(roost, "registry", "prompts", "show", "greet", 3) == "Hey {{name}}\n"
    assert command(roost, "registry", "prompts", "list").splitlines()[1].split()[:2] == ["greet", "3"]


def test_webhooks_of_the_commands_are_those_of_a_stock_client(roost, client):
    # An address that is public and asked by nobody: the webhook is deleted before anything happens.
    words = ["ci", "https://93.184.216.34/hook", "--event", "model_version_tag.set", "--secret", "s"]
    made = registry(roost, "webhooks", "create", *words)["webhook"]["webhook_id"]
    command(roost, "registry", "webhooks", "update", made, "--status", "disabled", "--server", roost.url)

    hook = client.get_webhook(made)
    assert (hook.name, str(hook.status), [str(event) for event in hook.events]) == (
        *("ci", "DISABLED"),
        ["model_version_tag.set"],
    )
    assert made in command(roost, "registry", "webhooks", "list")
    assert registry(roost, "webhooks", "deliveries", made).get("deliveries", []) == []
    command(roost, "registry", "webhooks", "delete", made)
    assert made not in {hook.webhook_id for hook in client.list_webhooks()}


def test_the_commands_keep_prompts_and_models_apart(roost, client, at_roost):
    name = new_model(client, "petals", 2)
    refused = command(
        roost, "registry", "prompts", "register", name, "Hi", "--server", roost.url, status=1
    )
    assert "petals is a registered model and no prompt" in refused
    assert registry(roost, "versions", name)["model_versions"][0]["version"] == "2"

    for template in ["Hello {{name}}!", "Hi {{name}}"]:
        mlflow.genai.register_prompt(name="hello", template=template)
    mlflow.genai.set_prompt_alias("hello", alias="prod", version=1)
    assert [v["version"] for v in registry(roost, "versions", "hello")["model_versions"]] == ["2", "1"]
    assert command(roost, "registry", "prompts", "show", "hello", "@prod") == "Hello {{name}}!\n"
    assert command(roost, "registry", "prompts", "show", "hello", "latest") == "Hi {{name}}\n"
    assert "not found" in command(roost, "registry", "versions", "nothing", status=1)


def test_the_commands_show_a_version_and_page_through_lists(roost, client):
    name = new_model(client, "shown", 3)
    client.set_registered_model_alias(name, "champion", "2")
    client.set_model_version_tag(name, "2", "tried", "yes")
    client.update_model_version(name, "2", "The second.")

    assert command(roost, "registry", "alias", "get", name, "champion") == "shown@champion is version 2.\n"
    lines = command(roost, "registry", "show", name, "--version", "@champion").splitlines()
    expected = ["version: 2", "description: The second.", "aliases: champion", "tags: tried=yes"]
    assert set(expected) < set(lines) and "files: s3://bucket/model" in lines
    tried = registry(roost, "versions", name, "--filter", "tags.tried = 'yes'")
    assert [v["version"] for v in tried["model_versions"]] == ["2"]
    first = command(roost, "registry", "versions", name, "--limit", 2)
    token = first.splitlines()[-1].removeprefix("There is more: --page-token ")
    rest = registry(roost, "versions", name, "--limit", 2, "--page-token", token)
    assert [v["version"] for v in rest["model_versions"]] == ["1"] and "next_page_token" not in rest


def test_a_model_in_use_is_deleted_by_force_alone(roost, client):
    name = new_model(client, "used", 1)
    client.set_registered_model_alias(name, "champion", "1")
    for place in [[], ["--server", roost.url]]:
        told = command(roost, "registry", "delete", name, *place, status=1)
        assert "is in use: the alias 'champion' points at version 1" in told
    assert client.get_model_version_by_alias(name, "champion").version == "1"
    command(roost, "registry", "delete", name, "--force", "--comment", "moved")
    # As the original has it for its own clients.
    again = new_model(client, "used", 1)
    client.set_registered_model_alias(again, "champion", "1")
    client.delete_registered_model(again)


def test_why_a_change_was_made_is_in_the_history(roost):
    name = "reasons"
    for words in [
        ["create", name],
        ["register", name, "s3://bucket/model"],
        ["describe", name, "A model."],
        ["tag", name, "team", "red"],
        ["tag", name, "team", "--remove"],
        ["rename", name, "reasoned"],
    ]:
        command(roost, "registry", *words, "--comment", "audit 7")
    events = registry(roost, "history", "reasoned")["events"]
    assert len(events) == 6 and {event["details"]["comment"] for event in events} == {"audit 7"}
