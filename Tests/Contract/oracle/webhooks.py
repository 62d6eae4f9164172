"""webhooks: create, list, get, update, delete, and what a test refuses.

Neither server sends anything here: the receivers are public addresses that are only named.
"""

from .session import LATER, Table

table = Table("webhooks")

URL = "https://8.8.8.8/hook"
MODEL = {"entity": "REGISTERED_MODEL", "action": "CREATED"}
PROMPT = {"entity": "PROMPT", "action": "CREATED"}
ENTITIES = [
    *["REGISTERED_MODEL", "MODEL_VERSION", "MODEL_VERSION_TAG", "MODEL_VERSION_ALIAS", "PROMPT"],
    *["PROMPT_VERSION", "PROMPT_TAG", "PROMPT_VERSION_TAG", "PROMPT_ALIAS", "BUDGET_POLICY"],
]
ACTIONS = ["CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED"]


def body(**fields):
    return {"name": "hook", "url": URL, "events": [MODEL], **fields}


def make_webhook(s, **fields):
    return s.must("POST", "webhooks", body(**fields))["webhook"]["webhook_id"]


@table.case
def create_and_read_back(s):
    made = s.post(
        "webhooks",
        body(
            description="what it is for",
            secret="quiet",
            events=[
                {"entity": "PROMPT_TAG", "action": "SET"},
                MODEL,
                {"entity": "PROMPT_TAG", "action": "DELETED"},
            ],
        ),
    )
    webhook = made["webhook"]["webhook_id"]
    s.get(f"webhooks/{webhook}")
    s.get(f"/ajax-api/2.0/mlflow/webhooks/{webhook}")
    s.delete(f"webhooks/{webhook}", {})
    s.get(f"webhooks/{webhook}")
    s.patch(f"webhooks/{webhook}", {"name": "other"})
    s.delete(f"webhooks/{webhook}", {})
    s.post(f"webhooks/{webhook}/test", {})


@table.each(
    {
        "nothing": {},
        "no body": LATER,
        "only a name": {"name": "a"},
        "no events": {"name": "a", "url": URL},
        "an empty name": body(name=""),
        "a null as name": body(name=None),
        "a number as name": body(name=5),
        "a name that begins with a dash": body(name="-a"),
        "a name that ends with a dot": body(name="a."),
        "a name with a space": body(name="a b"),
        "a name with quotes": body(name="a'b\""),
        "a name of one letter": body(name="a"),
        "a name of all signs": body(name="A-b_c.9"),
        "a name in capitals": body(name="HOOK"),
        "a name of 63": body(name="a" * 63),
        "a name of 64": body(name="a" * 64),
        "a name with a newline behind": body(name="a\n"),
        "a name in Greek": body(name="α"),
        "an empty url": body(url=""),
        "a blank url": body(url="  "),
        "a number as url": body(url=5),
        "an empty list of events": body(events=[]),
        "events that are text": body(events="x"),
        "events that are an object": body(events={}),
        "an event that is a number": body(events=[3]),
        "an event that is empty": body(events=[{}]),
        "an event without an action": body(events=[{"entity": "PROMPT"}]),
        "an event without an entity": body(events=[{"action": "CREATED"}]),
        "an unknown entity": body(events=[{"entity": "X", "action": "CREATED"}]),
        "an unknown action": body(events=[{"entity": "PROMPT", "action": "X"}]),
        "an unspecified entity": body(events=[{"entity": "ENTITY_UNSPECIFIED", "action": "CREATED"}]),
        "an entity in small letters": body(events=[{"entity": "prompt", "action": "CREATED"}]),
        "an event in numbers": body(events=[{"entity": 5, "action": 1}]),
        "an event twice": body(events=[MODEL, MODEL]),
        "the status active": body(status="ACTIVE"),
        "the status disabled": body(status="DISABLED"),
        "a status by its number": body(status=2),
        "an unknown status": body(status="X"),
        "an unknown number of a status": body(status=3),
        "a number as description": body(description=4),
        "an empty description": body(description=""),
        "a number as secret": body(secret=4),
        "an empty secret": body(secret=""),
        "an unknown field": body(colour="blue"),
    }
)
def create_with(s, body):
    s.post("webhooks", body)


@table.each({f"{entity} {action}": (entity, action) for entity in ENTITIES for action in ACTIONS})
def event(s, pair):
    s.post("webhooks", body(events=[{"entity": pair[0], "action": pair[1]}]))


@table.each(
    {
        "plain http": "http://8.8.8.8/",
        "ftp": "ftp://8.8.8.8/",
        "a file": "file:///etc/passwd",
        "no scheme": "8.8.8.8/hook",
        "only a host": "//8.8.8.8/",
        "no host": "https://",
        "a path without a host": "https:///x",
        "only a port": "https://:80/",
        "capitals": "HTTPS://8.8.8.8/",
        "a port": "https://8.8.8.8:8443/x?y=z#w",
        "a port of zero": "https://8.8.8.8:0/",
        "a port beyond": "https://8.8.8.8:99999/",
        "a port that is text": "https://8.8.8.8:port/",
        "a user": "https://user:word@8.8.8.8/",
        "a user that looks like a host": "https://8.8.8.8@127.0.0.1/",
        "a backslash": "https://8.8.8.8\\@127.0.0.1/",
        "a space": "https://8.8.8.8 /x",
        "a bracket that is not closed": "https://[::1",
        "a name that nobody has": "https://nope.invalid/",
        "an empty label": "https://a..b/",
        "a percent sign in the host": "https://%31/",
        "a zone": "https://[fe80::1%25eth0]/",
        "digits in circles": "https://①②⑦.0.0.1/",
        "IPv6": "https://[2001:4860:4860::8888]/",
        **{
            f"the address {place}": f"https://{place}/"
            for place in (
                *("localhost", "127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0.0.0.0"),
                *("10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "192.0.2.1"),
                *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.9", "192.88.99.1"),
                *("[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]"),
                *("[64:ff9b::808:808]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[100::1]"),
                *("[fc00::1]", "[fe80::1]", "[ff02::1]", "[::8.8.8.8]"),
            )
        },
    }
)
def url(s, url):
    s.post("webhooks", body(url=url))


@table.each(
    {
        "nothing": {},
        "no body": LATER,
        "a name": {"name": "other"},
        "an empty name": {"name": ""},
        "a broken name": {"name": "!"},
        "a description": {"description": "d"},
        "an empty description": {"description": ""},
        "a url": {"url": "https://1.1.1.1/"},
        "an empty url": {"url": ""},
        "a private url": {"url": "https://10.0.0.1/"},
        "plain http": {"url": "http://8.8.8.8/"},
        "no events": {"events": []},
        "other events": {"events": [PROMPT]},
        "an event twice": {"events": [PROMPT, PROMPT]},
        "a wrong event": {"events": [{"entity": "PROMPT", "action": "SET"}]},
        "a secret": {"secret": "other"},
        "an empty secret": {"secret": ""},
        "disabled": {"status": "DISABLED"},
        "an unknown status": {"status": "X"},
        "nulls": {"name": None, "description": None, "status": None, "events": None},
        "a number as name": {"name": 5},
    }
)
def update_to(s, change):
    webhook = make_webhook(s, description="before", secret="quiet")
    s.patch(f"webhooks/{webhook}", change)
    s.get(f"webhooks/{webhook}")


@table.each({"no id": "nope", "a number": "5", "a space": "%20", "a percent sign": "%25"})
def nobody(s, webhook):
    s.get(f"webhooks/{webhook}")
    s.patch(f"webhooks/{webhook}", {"name": "!"})
    s.delete(f"webhooks/{webhook}", {})
    s.post(f"webhooks/{webhook}/test", {})


@table.case
def list_page_by_page(s):
    for webhook in s.must("GET", "webhooks", query={"max_results": "1000"}).body.get("webhooks", ()):
        s.must("DELETE", f"webhooks/{webhook['webhook_id']}", {})
    s.get("webhooks")
    for name in ("a", "b", "c"):
        make_webhook(s, name=name)
    s.get("webhooks", show=lambda answer: len(answer["webhooks"]))
    names = []
    query = {"max_results": "2"}
    for _ in range(2):
        page = s.ask("GET", "webhooks", query=query)
        names += [webhook["name"] for webhook in page["webhooks"]]
        query["page_token"] = page.body.get("next_page_token", "")
    s.note("the names", sorted(names))
    s.note("the end", query["page_token"])


@table.each(
    {"0": "0", "1000": "1000", "1001": "1001", "negative": "-1", "text": "x", "empty": "", "a float": "1.5"}
)
def list_with_max_results(s, limit):
    s.get(
        "webhooks",
        {"max_results": limit},
        show=lambda answer: "accepted" if answer.status == 200 else [answer.status, answer.kind, answer.body],
    )


@table.each({"not base64": "zz!", "of nothing": "e30="})
def list_with_a_page_token(s, token):
    s.get("webhooks", {"page_token": token})


@table.each(
    {
        "no body": LATER,
        "an event that does not happen": {"event": {"entity": "PROMPT", "action": "SET"}},
        "an empty event": {"event": {}},
        "an event that is a number": {"event": 3},
        "an unknown entity": {"event": {"entity": "X", "action": "CREATED"}},
    }
)
def test_refuses(s, body):
    s.post(f"webhooks/{make_webhook(s)}/test", body)


@table.each({"PUT webhooks": "PUT", "DELETE webhooks": "DELETE"})
def wrong_method(s, method):
    s.send(method, "webhooks", body={}, show=lambda answer: answer.status)
