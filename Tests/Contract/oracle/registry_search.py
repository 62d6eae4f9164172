"""registered-models/search and model-versions/search: filters, orders, pages, and what is a prompt."""

from .registered_models import MARK, title
from .session import Table

table = Table("registry search")

MODELS = "registered-models/search"
VERSIONS = "model-versions/search"


def plant(s):
    """Three models with two versions each, and a prompt; the stem of their names."""
    stem = title(s)
    for label, team in (("a", "blue"), ("b", "Red"), ("c", None)):
        name = f"{stem}-{label}"
        tags = [{"key": "team", "value": team}, {"key": "a b", "value": "1"}] if team else []
        s.must("POST", "registered-models/create", {"name": name, "tags": tags})
        for number in (1, 2):
            body = {
                "name": name,
                "source": f"s3://{label}/{number}",
                "run_id": f"{stem}-run-{number}",
                "tags": tags,
            }
            s.must("POST", "model-versions/create", body)
    s.must("POST", "registered-models/create", {"name": f"{stem}-p", "tags": [MARK]})
    body = {"name": f"{stem}-p", "source": "dummy-source", "tags": [MARK]}
    s.must("POST", "model-versions/create", body)
    s.must("POST", "model-versions/create", {**body, "source": "s3://p/2", "tags": []})
    return stem


def models(answer):
    if answer.status != 200:
        return [answer.status, answer.kind, answer.body]
    return [model["name"][-2:] for model in answer.body.get("registered_models", [])]


def versions(answer):
    if answer.status != 200:
        return [answer.status, answer.kind, answer.body]
    return [f"{found['name'][-1]}{found['version']}" for found in answer.body.get("model_versions", [])]


def ask(s, path, stem, filter="", **query):
    mine = f"name LIKE '{stem}%'"
    filter = f"{mine} AND {filter.replace('STEM', stem)}" if filter else mine
    query = {"order_by": ["name ASC", "version_number ASC"] if path == VERSIONS else ["name"], **query}
    s.get(path, {"filter": filter, **query}, show=versions if path == VERSIONS else models)


@table.each(
    {
        "all": "",
        "name": "name = 'STEM-a'",
        "not a name": "name != 'STEM-a'",
        "attribute": "attribute.name = 'STEM-a'",
        "LIKE": "name LIKE '%-b'",
        "LIKE in another case": "name LIKE '%-B'",
        "ILIKE": "name ILIKE '%-B'",
        "IN": "name IN ('STEM-a', 'STEM-c')",
        "NOT IN": "name NOT IN ('STEM-a', 'STEM-c')",
        "tag": "tags.team = 'blue'",
        "tag in another case": "tags.team = 'red'",
        "tag ILIKE": "tags.team ILIKE 'RED'",
        "not a tag": "tags.team != 'blue'",
        "tag LIKE": "tag.team LIKE '%e%'",
        "a tag that nobody has": "tags.nobody = 'x'",
        "a quoted tag": "tags.`a b` = '1'",
        "two tags": "tags.`a b` = '1' AND tags.team = 'blue'",
        "a tag twice": "tags.team != 'x' AND tags.team LIKE 'b%'",
        "prompts": "tags.`mlflow.prompt.is_prompt` = 'true'",
        "prompts in capitals": "tags.`mlflow.prompt.is_prompt` = 'TRUE'",
        "not no prompts": "tags.`mlflow.prompt.is_prompt` != 'false'",
        "no prompts": "tags.`mlflow.prompt.is_prompt` != 'true'",
        "models": "tags.`mlflow.prompt.is_prompt` = 'false'",
        "the mark by LIKE": "tags.`mlflow.prompt.is_prompt` LIKE 'true'",
        "the mark and a tag": "tags.`mlflow.prompt.is_prompt` != 'true' AND tags.team = 'blue'",
        "the prompt by name": "name = 'STEM-p'",
    }
)
def filter(s, text):
    stem = plant(s)
    ask(s, MODELS, stem, text)
    ask(s, VERSIONS, stem, text)


@table.each(
    {
        "run": "run_id = 'STEM-run-1'",
        "runs": "run_id IN ('STEM-run-1', 'x')",
        "not runs": "run_id NOT IN ('STEM-run-1')",
        "run LIKE": "run_id LIKE '%-run-2'",
        "source": "source_path = 's3://a/1'",
        "source LIKE": "source_path LIKE 's3://b/%'",
        "number": "version_number = 2",
        "number as text": "version_number = '2'",
        "a larger number": "version_number > 1",
        "not a number": "version_number != 2",
        "at most a number": "attribute.version_number <= 1",
    }
)
def filter_of_versions(s, text):
    ask(s, VERSIONS, plant(s), text)


@table.each(
    {
        "an unknown key": "x = 'a'",
        "a stage": "current_stage = 'None'",
        "an unknown entity": "params.x = 'a'",
        "attributes": "attributes.name = 'a'",
        "a number for a name": "name = 5",
        "a number for a tag": "tags.x = 5",
        "no quotes": "name = a",
        "larger than a name": "name > 'a'",
        "larger than a tag": "tags.x > 'a'",
        "a list for a tag": "tags.x IN ('a')",
        "a list of sources": "source_path IN ('a')",
        "a list of numbers": "version_number IN ('1')",
        "an empty list": "name IN ()",
        "numbers in a list": "name IN (1)",
        "a word as number": "version_number = 'x'",
        "a half number": "version_number = 1.5",
        "a number by LIKE": "version_number LIKE '1'",
        "IS NULL": "name IS NULL",
        "a name alone": "name",
        "no value": "name =",
        "two statements": "name = 'a'; name = 'b'",
        "a creation time": "creation_timestamp > 1",
    }
)
def refuse(s, text):
    s.get(MODELS, {"filter": text}, show=models)
    s.get(VERSIONS, {"filter": text}, show=versions)


@table.each(
    {
        "name": "name",
        "name down": "name DESC",
        "updated": "last_updated_timestamp ASC",
        "updated down": "last_updated_timestamp DESC",
        "small letters": "name desc",
        "backticks": "`name` DESC",
    }
)
def order(s, text):
    stem = plant(s)
    ask(s, MODELS, stem, order_by=[text])
    ask(s, VERSIONS, stem, order_by=[text, "version_number"])


@table.each(
    {
        "unknown": ["x"],
        "a tag": ["tags.x"],
        "an attribute": ["attribute.name"],
        "a wrong word": ["name foo"],
        "too many words": ["name ASC foo"],
        "twice": ["name", "name DESC"],
        "the same time twice": ["timestamp", "last_updated_timestamp"],
        "empty": [""],
        "timestamp": ["timestamp"],
        "creation": ["creation_timestamp"],
        "number": ["version_number DESC"],
    }
)
def order_that_not_both_know(s, texts):
    stem = plant(s)
    ask(s, MODELS, stem, order_by=texts)
    ask(s, VERSIONS, stem, order_by=[*texts, "version_number"] if texts != ["version_number DESC"] else texts)


@table.each(
    {"0": "0", "-1": "-1", "1000": "1000", "1001": "1001", "200001": "200001", "a word": "x", "none": ""}
)
def limit(s, text):
    for path, show in ((MODELS, models), (VERSIONS, versions)):
        s.get(path, {"filter": "name = 'nobody'", "max_results": text}, show=show)


@table.case
def pages(s):
    stem = plant(s)
    for path, show in ((MODELS, models), (VERSIONS, versions)):
        token = None
        for _ in range(4):
            query = {"filter": f"name LIKE '{stem}%'", "max_results": 2, "order_by": "name"}
            answer = s.get(path, {**query, **({"page_token": token} if token else {})}, show=show)
            token = answer.body.get("next_page_token")
            s.note(f"{path}: another page", token is not None)
            if not token:
                break
        for wrong in ("%%%", "aGVsbG8="):
            s.get(path, {"filter": f"name LIKE '{stem}%'", "page_token": wrong}, show=show)


@table.case
def whole_answers(s):
    stem = plant(s)
    s.must("POST", "registered-models/alias", {"name": f"{stem}-a", "alias": "champion", "version": "2"})
    s.get(MODELS, {"filter": f"name = '{stem}-a'"})
    s.get(VERSIONS, {"filter": f"name = '{stem}-a'", "order_by": "version_number"})
    s.get(MODELS, {"filter": "name = 'nobody'"})
    s.get(VERSIONS, {"filter": "name = 'nobody'"})
