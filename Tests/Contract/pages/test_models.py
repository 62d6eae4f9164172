"""The pages of registered models and prompts, in Chromium, on what the stock client registers."""

import mlflow
import pandas
import pytest
import requests
from looks import WIDTHS, assert_accessible, assert_fits
from mlflow.models import infer_signature


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


@pytest.fixture(scope="module")
def registry(web):
    """`iris` with three versions, one of them the champion, and the prompt `greet` with two."""
    mlflow.set_tracking_uri(web.url)
    mlflow.set_registry_uri(web.url)
    client = mlflow.MlflowClient()
    mlflow.set_experiment("irises")
    frame = pandas.DataFrame({"length": [1.0, 2.0]})
    signature = infer_signature(frame, frame * 2)
    for accuracy in (0.8, 0.9, 0.95):
        with mlflow.start_run(run_name=f"accuracy {accuracy}"):
            mlflow.log_param("depth", int(accuracy * 100))
            mlflow.log_param("kind", "tree")
            mlflow.log_metric("accuracy", accuracy)
            mlflow.pyfunc.log_model(
                name="model",
                python_model=Doubling(),
                signature=signature,
                pip_requirements=["mlflow"],
                registered_model_name="iris",
            )
    client.set_registered_model_alias("iris", "champion", "1")
    client.update_registered_model("iris", "Classifies **irises** by $x_1$. <script>alert(1)</script>")
    client.set_registered_model_tag("iris", "team", "<b>red</b>")
    mlflow.genai.register_prompt(name="greet", template="Hello {{name}}!\nHow are you?")
    mlflow.genai.register_prompt(
        name="greet",
        template="Good day {{name}}!\nHow are you?",
        commit_message="politer",
        response_format={"type": "object", "title": "Reply"},
        model_config={"temperature": 0.25},
    )
    return client


def open_disclosure(page, label, within="body"):
    page.locator(f"{within} summary", has_text=label).first.click()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_models_are_shown(open_page, registry, width, scheme):
    page = open_page("/models", width=width, scheme=scheme)
    assert page.locator("tbody tr").count() == 1
    assert "Version 3" in page.inner_text("tbody")
    assert "@champion" in page.inner_text("tbody")
    assert_accessible(page)
    assert_fits(page)
    page.click("text=iris")
    assert page.inner_text("h1") == "iris"
    assert page.locator(".description strong").inner_text() == "irises"
    page.wait_for_selector(".description .katex")
    assert page.locator(".versions tbody tr").count() == 3
    assert_accessible(page)
    assert_fits(page)
    page.click("text=Version 3")
    assert "length" in page.inner_text(".schema")
    assert "MLmodel" in page.inner_text(".files")
    assert_accessible(page)
    assert_fits(page)


def test_the_list_is_searched(open_page, registry):
    page = open_page("/models?filter=IRI")
    assert page.locator("tbody tr").count() == 1
    page = open_page("/models?filter=" + "name = 'other'")
    assert "Nothing has that name" in page.inner_text("main")
    page = open_page("/models?filter=" + "nme = 'other'")
    assert "Invalid attribute key" in page.inner_text("[role=alert]")


def test_an_alias_is_moved_rolled_back_and_asked(open_page, registry):
    page = open_page("/models/iris")
    open_disclosure(page, "Change", "aside li")
    page.fill("aside li [name=version]", "2")
    page.fill("aside li [name=comment]", "better in March")
    page.click("aside li >> text=Move")
    assert registry.get_model_version_by_alias("iris", "champion").version == "2"
    assert "moved @champion from version 1 to version 2" in page.inner_text(".timeline")
    assert "better in March" in page.inner_text(".timeline")
    open_disclosure(page, "Change", "aside li")
    page.click("text=Roll back")
    assert registry.get_model_version_by_alias("iris", "champion").version == "1"
    page.click("aside >> text=History")
    assert page.locator(".timeline li").count() == 3
    page.fill("[name=at]", "2200-01-01T00:00")
    page.click("text=Ask")
    assert "pointed at version 1" in page.inner_text(".note")


def test_a_rule_makes_changes_ask(open_page, registry, web):
    page = open_page("/models/iris")
    open_disclosure(page, "Set a rule")
    page.select_option("[name=kind]", "stage")
    page.fill("[name=name]", "Production")
    page.check("[name=allow_own]")
    page.click("text=Set the rule")
    page.goto("/models/iris/versions/3")
    open_disclosure(page, "Move to a stage")
    page.select_option("[name=stage]", "Production")
    page.click("button:text-is('Move')")
    assert "Nothing is changed yet" in page.inner_text("[role=status].note")
    assert "Needs 1 approval, has 0: 1 more" in page.inner_text(".request")
    assert registry.get_model_version("iris", "3").current_stage == "None"
    page.fill(".verdict [name=comment]", "seen the report")
    page.click("text=Approve")
    assert "approved and carried out" in page.inner_text("[role=status].note")
    assert registry.get_model_version("iris", "3").current_stage == "Production"
    page.goto("/models/iris/versions/3")
    assert "cannot be deleted while it is in use" in page.inner_text("aside")
    page.goto("/models/iris")
    page.click("[aria-label='Remove the rule for Production']")
    rules = requests.get(f"{web.url}/api/2.0/roost/approval-rules/list", {"name": "iris"}, timeout=10).json()
    assert rules == {"rules": []}


def test_a_version_is_verified(open_page, registry):
    page = open_page("/models/iris/versions/2")
    page.click("[data-action=verify]")
    page.wait_for_selector("text=files are as they were signed")


def test_two_versions_are_compared(open_page, registry):
    page = open_page("/models/iris")
    page.click("text=Compare the chosen two")
    text = page.inner_text("main")
    assert "+0.05" in text
    rows = page.locator(".comparison tr.differs th").all_inner_texts()
    assert any("depth" in row for row in rows)
    assert not any("kind" in row for row in rows)
    assert_accessible(page)
    assert_fits(page)


def test_words_are_edited(open_page, registry):
    page = open_page("/models/iris/versions/1")
    open_disclosure(page, "Describe")
    page.fill("[name=description]", "# First\n\n| a |\n|---|\n| 1 |")
    page.click("text=Save")
    assert page.locator(".description table").count() == 1
    open_disclosure(page, "Set a tag")
    page.fill("[name=key]", "checked by")
    page.fill("[name=value]", "<i>bob</i>")
    page.click("button:text-is('Set the tag')")
    assert "<i>bob</i>" in page.inner_text(".tag-list")
    page.click("[aria-label='Delete the tag checked by']")
    assert registry.get_model_version("iris", "1").tags == {}


def test_a_model_is_made_renamed_and_deleted(open_page, registry):
    page = open_page("/models?new=1")
    page.fill("[name=name]", "odd name #1?")
    page.click("text=Create the model")
    assert page.inner_text("h1") == "odd name #1?"
    open_disclosure(page, "Rename")
    page.fill("[name=new_name]", "temporary")
    page.click("button:text-is('Rename')")
    assert page.inner_text("h1") == "temporary"
    registry.create_model_version("temporary", "s3://bucket/model")
    registry.set_registered_model_alias("temporary", "champion", "1")
    page.reload()
    open_disclosure(page, "Delete")
    assert "the alias 'champion' points at version 1" in page.inner_text(".disclosure[open]")
    page.click("text=Delete temporary")
    # The browser asks for the tick first.
    assert page.inner_text("h1") == "temporary"
    page.check("[name=force]")
    page.click("text=Delete temporary")
    assert page.url.endswith("/models")
    assert "temporary" not in page.inner_text("main")


def test_a_run_is_registered(open_page, registry):
    run = registry.search_runs([registry.get_experiment_by_name("irises").experiment_id])[0]
    page = open_page(f"/runs/{run.info.run_id}/register")
    assert_accessible(page)
    page.fill("[name=name]", "petals")
    page.click("button:text-is('Register')")
    page.wait_for_url("**/models/petals/versions/1")
    assert registry.get_model_version("petals", "1").run_id == run.info.run_id
    assert "Signed" in page.inner_text(".signature")
    registry.delete_registered_model("petals")


def test_prompts_are_apart(open_page, registry):
    page = open_page("/models?show=prompts")
    assert page.locator("tbody tr").count() == 1
    page.click("text=greet")
    assert page.locator(".versions tbody tr").count() == 2
    page.click("text=Version 2")
    assert "Good day {{name}}!" in page.inner_text(".copy-block >> nth=0")
    assert '"Reply"' in page.inner_text("h2:text-is('Response format') + .copy-block")
    assert "0.25" in page.inner_text("h2:text-is('Model and its parameters') + .copy-block")
    assert f"prompts show greet 2 --server {page.url.split('/models')[0]}" in page.content()
    assert page.locator(".line-difference del").inner_text().endswith("Hello {{name}}!")
    assert page.locator(".line-difference ins").inner_text().endswith("Good day {{name}}!")
    assert_accessible(page)
    assert_fits(page)
