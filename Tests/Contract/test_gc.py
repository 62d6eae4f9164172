"""`roost gc`: what was deleted goes with its artifacts, the rest stays, whoever is killed in between."""

import json
import os
import pathlib
import random
import subprocess
import time

import mlflow
import pytest
import requests
from mlflow.entities import Metric, ViewType

from servers import Roost, wait_until


def gc_command(roost, *options):
    command = [Roost.binary(), "gc", "--json", "--database", roost.database, "--data", roost.data, *options]
    return [str(part) for part in command]


def gc(roost, *options):
    done = subprocess.run(gc_command(roost, *options), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def stored_files(roost):
    return [path for path in pathlib.Path(roost.data).glob("artifacts/objects/*/*") if path.is_file()]


def new_run(client, experiment, folder, content):
    run = client.create_run(experiment).info.run_id
    client.log_batch(run, metrics=[Metric("loss", step, step, step) for step in range(200)])
    for name, text in content.items():
        (folder / name).write_text(text)
        client.log_artifact(run, folder / name)
    return run


def large(text):
    """Too long to lie in the database."""
    return text * 100_000


def test_what_was_deleted_goes_and_the_rest_stays(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        iris, wine = client.create_experiment("iris"), client.create_experiment("wine")
        kept = new_run(client, iris, tmp_path, {"shared": large("s"), "own": large("k")})
        thrown = new_run(client, iris, tmp_path, {"shared": large("s"), "own": large("t")})
        within = new_run(client, wine, tmp_path, {"own": large("w")})
        client.delete_run(thrown)
        client.delete_experiment(wine)

        early = gc(roost, "--older-than", "1d")
        rehearsal = gc(roost, "--dry-run")
        seen = client.search_runs([iris, wine], run_view_type=ViewType.ALL)
        report = gc(roost)
        again = gc(roost)

        assert (early["runs"], early["experiments"], early["artifact_files"]) == (0, 0, 0)
        assert len(seen) == 3
        assert rehearsal == {**report, "dry_run": True}
        assert (report["runs"], report["experiments"], report["artifact_files"]) == (2, 1, 3)
        assert (report["objects_freed"], report["bytes_freed"]) == (2, 200_000)
        assert {value for key, value in again.items() if key != "dry_run"} == {0}
        assert [run.info.run_id for run in client.search_runs([iris], run_view_type=ViewType.ALL)] == [kept]
        for gone in [thrown, within]:
            with pytest.raises(mlflow.exceptions.RestException, match="not found"):
                client.get_run(gone)
        path = client.download_artifacts(kept, "shared", str(tmp_path / ""))
        assert pathlib.Path(path).read_text() == large("s")
        assert client.create_experiment("wine") == "3"


def test_what_a_model_version_names_stays_until_the_version_goes(new_roost, tmp_path):
    def upload(at, content):
        response = requests.put(f"{roost.url}/api/2.0/mlflow-artifacts/artifacts/{at}", data=content, timeout=30)
        assert response.status_code == 200

    def path_of(location):
        return location.removeprefix("mlflow-artifacts:/")

    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        iris = client.create_experiment("iris")
        run, named = (new_run(client, iris, tmp_path, {"log": large("l")}) for _ in range(2))
        roots = {each: client.get_run(each).info.artifact_uri for each in (run, named)}
        model = client.create_logged_model(iris, name="petal")
        folders = {
            "run": f"{roots[run]}/model",
            "named": f"{roots[named]}/model",
            "logged": model.artifact_location,
        }
        for name, folder in folders.items():
            upload(f"{path_of(folder)}/MLmodel", f"artifact_path: {name}\n")
            upload(f"{path_of(folder)}/weights", large(name))
        client.finalize_logged_model(model.model_id, "READY")
        client.create_registered_model("iris")
        client.create_model_version("iris", folders["run"], run_id=run)
        client.create_model_version("iris", f"runs:/{named}/model", run_id=named)
        client.create_model_version("iris", f"models:/{model.model_id}", model_id=model.model_id)
        client.delete_logged_model(model.model_id)
        client.delete_experiment(iris)

        rehearsal = gc(roost, "--dry-run")
        report = gc(roost)
        again = gc(roost)

        assert rehearsal == {**report, "dry_run": True}
        assert (report["runs"], report["logged_models"], report["experiments"]) == (2, 1, 1)
        assert (report["artifact_files"], report["versions_with_artifacts_kept"]) == (2, 3)
        assert (again["artifact_files"], again["versions_with_artifacts_kept"]) == (0, 3)
        for version, name in enumerate(folders, 1):
            address = client.get_model_version_download_uri("iris", str(version))
            folder = mlflow.artifacts.download_artifacts(
                address, dst_path=str(tmp_path / name), tracking_uri=roost.url
            )
            assert (pathlib.Path(folder) / "weights").read_text() == large(name)
            assert requests.get(
                f"{roost.url}/api/2.0/roost/model-versions/verify", {"uri": f"models:/iris/{version}"}, timeout=30
            ).json()["verified"]

        for version, files in ((1, 2), (2, 2), (3, 2)):
            client.delete_model_version("iris", str(version))
            report = gc(roost)
            assert (report["artifact_files"], report["versions_with_artifacts_kept"]) == (files, 3 - version)
        assert not stored_files(roost)


def test_only_what_is_named_goes(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        first, second, active = (new_run(client, "0", tmp_path, {}) for _ in range(3))
        client.delete_run(first)
        client.delete_run(second)

        report = gc(roost, "--run-ids", first)

        assert report["runs"] == 1
        assert client.get_run(second).info.lifecycle_stage == "deleted"
        for wrong, reason in [(active, "not in the `deleted` lifecycle stage"), (first, "not found")]:
            done = subprocess.run(gc_command(roost, "--run-ids", wrong), capture_output=True, text=True)
            assert done.returncode != 0
            assert reason in done.stderr
        done = subprocess.run(gc_command(roost, "--older-than", "soon"), capture_output=True, text=True)
        assert "'soon' is no age" in done.stderr


def test_nothing_goes_where_something_that_is_named_may_not(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        thrown, active = (new_run(client, "0", tmp_path, {"own": large(name)}) for name in "ta")
        iris, wine = client.create_experiment("iris"), client.create_experiment("wine")
        new_run(client, wine, tmp_path, {})
        client.delete_run(thrown)
        client.delete_experiment(wine)
        refused = [
            (("--run-ids", f"{thrown},nope"), "Run with id=nope not found"),
            (("--run-ids", f"{thrown},{active}"), "not in the `deleted` lifecycle stage"),
            (("--run-ids", thrown, "--experiment-ids", iris), "not in the `deleted` lifecycle stage"),
            (("--experiment-ids", wine, "--older-than", "1d"), "was not deleted long enough ago"),
        ]

        for options, reason in refused:
            for more in ([], ["--dry-run"]):
                done = subprocess.run(gc_command(roost, *options, *more), capture_output=True, text=True)
                assert done.returncode != 0
                assert reason in done.stderr and not done.stdout
        assert client.get_run(thrown).info.lifecycle_stage == "deleted"
        named = ("--run-ids", f"{thrown},{thrown}", "--experiment-ids", wine)
        rehearsal = gc(roost, *named, "--dry-run")
        report = gc(roost, *named)

        assert rehearsal == {**report, "dry_run": True}
        assert (report["runs"], report["experiments"], report["artifact_files"]) == (2, 1, 1)
        assert report["bytes_freed"] == 100_000


def test_all_files_of_many_runs_go_at_once(new_roost, tmp_path):
    """More than are deleted in one step, at a place of their own."""
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        many = client.create_experiment("many", artifact_location="mlflow-artifacts:/many")
        (tmp_path / "a.txt").write_text("a")
        for _ in range(25):
            client.log_artifact(client.create_run(many).info.run_id, tmp_path / "a.txt")
        client.delete_experiment(many)

        rehearsal = gc(roost, "--dry-run", "--experiment-ids", many)
        report = gc(roost, "--experiment-ids", many)
        again = gc(roost)

    assert (rehearsal["runs"], rehearsal["artifact_files"]) == (25, 25)
    assert (report["runs"], report["artifact_files"], again["artifact_files"]) == (25, 25, 0)


def test_a_database_that_knows_no_file_deletes_none(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        new_run(client, "0", tmp_path, {"own": large("k")})
    (file,) = stored_files(roost)
    os.utime(file, (time.time() - 10_000, time.time() - 10_000))
    # As where a server went from SQLite to PostgreSQL, and the file was left behind.
    other, empty = tmp_path / "left.db", tmp_path / "empty.db"
    empty.touch()
    command = [Roost.binary(), "serve", "--data", tmp_path / "other", "--database", f"sqlite:///{other}"]
    with subprocess.Popen([str(part) for part in [*command, "--port", "0"]], stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        server.terminate()

    def collect(database, *options):
        words = [Roost.binary(), "gc", "--data", roost.data, "--database", f"sqlite:///{database}", *options]
        return subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)

    for options in (["--dry-run"], []):
        done = collect(other, *options)
        assert done.returncode == 1 and "are not those of the database" in done.stderr
        done = collect(empty, *options)
        assert done.returncode == 1 and "There is no database of a server" in done.stderr
    # As servers of older versions have left it.
    (pathlib.Path(roost.data) / "artifacts" / "database-mark").unlink()
    for options in (["--dry-run"], []):
        assert "Left alone: 1 files of artifacts" in collect(other, *options).stdout
    assert file.exists() and empty.stat().st_size == 0


def test_data_that_is_not_there_is_told_and_not_made(new_roost):
    roost = new_roost()
    missing = roost.folder / "mistyped"
    with roost:
        for database in ([], ["--database", roost.database]):
            for more in ([], ["--dry-run"]):
                command = [Roost.binary(), "gc", "--data", missing, *database, *more]
                done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
                assert done.returncode != 0
                assert f"There is no data folder {missing}" in done.stderr
            for words in (["admin", "users", "list"], ["registry", "list"], ["registry", "webhooks", "rotate-key"]):
                command = [Roost.binary(), *words, "--data", missing, *database]
                done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
                assert done.returncode != 0
                assert f"There is no data folder {missing}" in done.stderr
        command = [Roost.binary(), "gc", "--data", roost.data, "--database", f"sqlite:///{missing}.db"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
        assert done.returncode != 0
        assert f"There is no database of a server at {missing}.db" in done.stderr
    assert not missing.exists() and not missing.with_suffix(".db").exists()


def test_a_server_with_other_folders_is_refused(new_roost, tmp_path):
    with new_roost() as roost:
        new_run(mlflow.MlflowClient(roost.url), "0", tmp_path, {"own": large("k")})
    other = new_roost(database=roost.database)

    with pytest.raises(RuntimeError, match="knows artifacts that lie in another folder"):
        other.start()

    done = subprocess.run(gc_command(other), capture_output=True, text=True)
    assert done.returncode != 0 and "There is no folder of artifacts" in done.stderr
    (other.data / "artifacts").mkdir()
    done = subprocess.run(gc_command(other), capture_output=True, text=True)
    assert done.returncode != 0 and "are not those of the database" in done.stderr
    other.options = ["--adopt-folder"]
    with other.start():
        run = mlflow.MlflowClient(other.url).search_runs(["0"])[0]
        path = run.info.artifact_uri.removeprefix("mlflow-artifacts:/")
        answer = requests.get(f"{other.url}/api/2.0/mlflow-artifacts/artifacts/{path}/own", timeout=30)
    assert answer.status_code == 500 and "its bytes are not where it keeps them" in answer.json()["message"]
    assert f"the file's bytes are not in {other.data}/artifacts" in other.log.read_text()


def test_missing_files_do_not_stop_it(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        run = new_run(client, "0", tmp_path, {"own": large("x")})
        client.delete_run(run)
        for path in stored_files(roost):
            path.unlink()

        assert gc(roost)["runs"] == 1


def test_it_may_be_killed_at_any_moment_beside_a_server(new_roost, tmp_path):
    with new_roost() as roost:
        client = mlflow.MlflowClient(roost.url)
        iris = client.create_experiment("iris")
        kept = [new_run(client, iris, tmp_path, {"own": large(f"k{number}")}) for number in range(3)]
        thrown = [new_run(client, iris, tmp_path, {"own": large(f"t{number}")}) for number in range(60)]
        for run in thrown:
            client.delete_run(run)
        seconds = 0.02
        kills = 0
        while True:
            process = subprocess.Popen(gc_command(roost), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            client.log_metric(kept[0], "beside", kills, timestamp=kills, step=kills)
            try:
                process.wait(seconds * random.uniform(0.5, 1.0))
                assert process.returncode == 0, process.stderr.read()
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                seconds *= 1.15
        # What a killed collection left without a row is freed once it is an hour old.
        an_hour_ago = time.time() - 7_200
        for path in stored_files(roost):
            os.utime(path, (an_hour_ago, an_hour_ago))
        gc(roost)

        assert kills > 2
        left = client.search_runs([iris], run_view_type=ViewType.ALL)
        assert {run.info.run_id for run in left} == set(kept)
        assert len(client.get_metric_history(kept[0], "beside")) == kills + 1
        assert len(stored_files(roost)) == len(kept)
        for number, run in enumerate(kept):
            path = client.download_artifacts(run, "own", str(tmp_path))
            assert pathlib.Path(path).read_text() == large(f"k{number}")


def deleted_repository(roost, name):
    """A deleted repository of the local person with a release that has a file; says where its folder is."""
    address = f"{roost.url}/api/v1"
    made = requests.post(f"{address}/user/repos", json={"name": name, "auto_init": True}).json()
    release = requests.post(f"{address}/repos/local/{name}/releases", json={"tag_name": "v1"}).json()
    file = requests.post(
        f"{address}/repos/local/{name}/releases/{release['id']}/assets?name=a.bin",
        data=large(name),
        headers={"Authorization": "token any"},
    )
    assert file.status_code == 201, file.text
    requests.delete(f"{address}/repos/local/{name}").raise_for_status()
    return roost.data / "repositories" / f"{made['id']}.git"


def test_deleted_repositories_go_where_they_are_named(new_roost):
    with new_roost() as roost:
        folder = deleted_repository(roost, "iris")
        assert gc(roost)["repositories"] == 0
        assert folder.exists()
        assert gc(roost, "--repositories", "--older-than", "1d")["repositories"] == 0
        assert gc(roost, "--repositories", "--dry-run")["repositories"] == 1
        assert folder.exists()
        report = gc(roost, "--repositories")
        assert report["repositories"] == 1 and report["objects_freed"] == 1
        assert not folder.exists() and not stored_files(roost)
        address = f"{roost.url}/api/v1/user/repos"
        assert requests.get(f"{address}/deleted").json() == []
        assert requests.post(address, json={"name": "iris"}).status_code == 201
        assert gc(roost, "--repositories")["repositories"] == 0


def test_a_server_purges_what_has_no_grace_any_more(new_roost):
    with new_roost(options=("--repository-grace-days", "0")) as roost:
        folder = deleted_repository(roost, "iris")
        assert folder.exists()
        roost.kill()
        roost.start()
        wait_until(lambda: not folder.exists() and not stored_files(roost), "the repository is purged", 30)
