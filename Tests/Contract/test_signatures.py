"""Versions are signed when they are registered, and whoever touches their bytes is told on, by name."""

import base64
import hashlib
import json
import pathlib
import stat
import subprocess

import mlflow
import pytest
from cryptography.hazmat.primitives import serialization
from model_signing._signing import sign_sigstore_pb, signing
from model_signing.hashing import Config as Hashing

from test_approvals import command


@pytest.fixture
def signed(new_roost, tmp_path):
    """A server with the version 1 of `iris`, whose file `weights` is too long to lie in the database."""
    (tmp_path / "weights").write_bytes(b"w" * 200_000)

    class Echo(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input: list[str]):
            return model_input

    with new_roost() as roost:
        mlflow.set_tracking_uri(roost.url)
        mlflow.set_registry_uri(roost.url)
        mlflow.pyfunc.log_model(
            name="echo",
            python_model=Echo(),
            artifacts={"weights": str(tmp_path / "weights")},
            registered_model_name="iris",
        )
        yield roost
        # Clients of later tests would go on to ask this server, which is stopped then.
        mlflow.set_tracking_uri("")
        mlflow.set_registry_uri("")


def verify(roost, uri, status=0):
    return command(roost, "models", "verify", uri, status=status)


def stored(roost, content):
    """Where a long content lies on the disk."""
    name = hashlib.sha256(content).hexdigest()
    (path,) = pathlib.Path(roost.data).glob(f"artifacts/objects/{name[:2]}/{name}-*")
    return path


def test_a_tampered_file_is_named(signed):
    assert verify(signed, "models:/iris/1").startswith("models:/iris/1 is verified: ")
    mlflow.MlflowClient().set_registered_model_alias("iris", "champion", "1")
    path = stored(signed, b"w" * 200_000)
    path.chmod(0o600)
    path.write_bytes(b"w" * 199_999 + b"x")

    told = verify(signed, "models:/iris@champion", status=1)
    assert "models:/iris@champion (version 1) is NOT verified" in told
    assert "  changed  artifacts/weights" in told.splitlines()
    live = subprocess.run(
        [signed.binary(), "models", "verify", "models:/iris/1", "--server", signed.url, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert live.returncode == 1, live.stderr
    assert json.loads(live.stdout)["changed"] == ["artifacts/weights"]
    path.unlink()
    assert "  missing  artifacts/weights" in verify(signed, "models:/iris/1", status=1).splitlines()


def test_a_copy_is_of_what_was_signed(signed):
    client = mlflow.MlflowClient()
    good = client.copy_model_version("models:/iris/1", "copied")
    assert verify(signed, f"models:/copied/{good.version}").startswith("models:/copied/1 is verified: ")
    path = stored(signed, b"w" * 200_000)
    path.chmod(0o600)
    path.write_bytes(b"w" * 199_999 + b"x")

    late = client.copy_model_version("models:/iris/1", "copied")
    told = verify(signed, f"models:/copied/{late.version}", status=1)
    assert "  changed  artifacts/weights" in told.splitlines()


def test_a_copy_of_what_was_overwritten_shows_it(signed, tmp_path):
    client = mlflow.MlflowClient()
    (tmp_path / "MLmodel").write_text("artifact_path: else\n")
    (model,) = client.search_logged_models(["0"])
    client.log_model_artifact(model.model_id, str(tmp_path / "MLmodel"))
    assert "  changed  MLmodel" in verify(signed, "models:/iris/1", status=1).splitlines()

    copy = client.copy_model_version("models:/iris/1", "copied")
    told = verify(signed, f"models:/copied/{copy.version}", status=1)
    assert "  changed  MLmodel" in told.splitlines()


def test_a_copy_of_what_waits_is_signed_with_it(signed, tmp_path):
    client = mlflow.MlflowClient()
    model = client.create_logged_model("0", name="late")
    client.create_registered_model("late")
    client.create_model_version("late", f"models:/{model.model_id}", model_id=model.model_id)
    for name in ["MLmodel", "weights"]:
        (tmp_path / name).write_text(name)
    client.log_model_artifact(model.model_id, str(tmp_path / "MLmodel"))
    client.create_registered_model("later")
    client.copy_model_version("models:/late/1", "later")
    assert "is not signed" in verify(signed, "models:/later/1", status=1)

    client.log_model_artifact(model.model_id, str(tmp_path / "weights"))
    client.finalize_logged_model(model.model_id, "READY")
    for name in ["late", "later"]:
        assert verify(signed, f"models:/{name}/1").startswith(f"models:/{name}/1 is verified: 2 files")


def test_a_file_that_came_later_is_named(signed, tmp_path):
    client = mlflow.MlflowClient()
    (model,) = client.search_logged_models(["0"])
    (tmp_path / "evil.py").write_text("import os")
    client.log_model_artifact(model.model_id, str(tmp_path / "evil.py"))

    assert "  added  evil.py" in verify(signed, "models:/iris/latest", status=1).splitlines()


def test_a_version_elsewhere_is_plainly_unsigned(signed):
    mlflow.MlflowClient().create_model_version("iris", "s3://bucket/model")
    told = verify(signed, "models:/iris/2", status=1)
    assert told == (
        "models:/iris/2 is not signed: its files lie at s3://bucket/model, which this server does not keep.\n"
    )


def test_the_key_is_private_and_rotates(signed):
    file = signed.data / "signing-key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (old,) = json.loads(command(signed, "models", "key", "--json"))["keys"]
    keys = json.loads(command(signed, "models", "key", "--rotate", "--json"))["keys"]

    assert len(keys) == 2 and {key["key_id"]: "retired_timestamp" in key for key in keys}[old["key_id"]]
    assert f"key {old['key_id']}" in verify(signed, "models:/iris/1")
    new = next(key["key_id"] for key in keys if key != old and key["key_id"] != old["key_id"])
    pinned = command(signed, "models", "verify", "models:/iris/1", "--key-id", new, status=1)
    assert "signed with another key" in pinned
    signed.stop()
    signed.start()
    (model,) = mlflow.MlflowClient().search_logged_models(["0"])
    mlflow.register_model(f"models:/{model.model_id}", "rose")
    assert f"key {new}" in verify(signed, "models:/rose/1")
    signed.stop()
    file.chmod(0o644)
    with pytest.raises(RuntimeError, match="can be read by others"):
        signed.start()


def test_the_tools_of_openssf_read_and_hold_the_envelope(signed, tmp_path):
    envelope = json.loads(command(signed, "models", "manifest", "models:/iris/1", "--envelope"))
    (known,) = json.loads(command(signed, "models", "key", "--json"))["keys"]
    payload = base64.b64decode(envelope["payload"])
    key = serialization.load_pem_public_key(known["public_key"].encode())
    (signature,) = envelope["signatures"]

    # The signature is that of the key, over what DSSE says; another payload raises.
    key.verify(base64.b64decode(signature["sig"]), sign_sigstore_pb.pae(payload))
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert signature["keyid"] == known["key_id"] == hashlib.sha256(der).hexdigest()
    # The manifest is theirs, and the files that a client downloads are those that it names.
    manifest = signing.dsse_payload_to_manifest(json.loads(payload))
    folder = mlflow.artifacts.download_artifacts("models:/iris/1", dst_path=str(tmp_path / "downloaded"))
    (pathlib.Path(folder) / "registered_model_meta").unlink(missing_ok=True)
    ours = {item.identifier: item.digest.digest_hex for item in manifest.resource_descriptors()}
    theirs = Hashing().hash(pathlib.Path(folder)).resource_descriptors()
    assert ours == {item.identifier: item.digest.digest_hex for item in theirs}
