"""Answers the calls that app/adapters/qdrant and the backups' scripts make of Qdrant's HTTP API, by Qdrant's own engine (PyPI: qdrant-edge-py).

    python qdrant-standin.py PORT FOLDER [ADDRESS]

Qdrant's server is not to be had from any package registry; its engine is. Requests and answers are as in the API's reference
(https://api.qdrant.tech); whatever is not here answers 501, so that a call that nobody has tried does not look tried. `GET /` says what this is.
Of snapshots the engine unpacks and loads; it writes none, so that one is here a tar of a shard's flushed files, as the engine reads it. As in
the server, QDRANT__SERVICE__API_KEY is the key that callers must have.
"""

import json
import os
import re
import shutil
import sys
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qdrant_edge import (
    CountRequest,
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    KeywordIndexParams,
    MatchValue,
    PayloadSchemaType,
    Point,
    Query,
    QueryRequest,
    RangeFloat,
    ScrollRequest,
    UpdateOperation,
)

DISTANCES = {name: getattr(Distance, name) for name in ("Cosine", "Dot", "Euclid")}
folder = sys.argv[2]
HOST = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
API_KEY = os.environ.get("QDRANT__SERVICE__API_KEY")
collections = {}
# One request at a time: the engine is a library for one user.
turn = threading.Lock()


class Refused(Exception):
    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


def condition(one):
    if "match" in one and "value" in one["match"]:
        return FieldCondition(key=one["key"], match=MatchValue(one["match"]["value"]))
    if "range" in one:
        return FieldCondition(key=one["key"], range=RangeFloat(**one["range"]))
    raise Refused(501, f"the stand-in knows no such condition: {one}")


def filter_of(body):
    given = body.get("filter")
    if given is None:
        return None
    unknown = set(given) - {"must", "must_not", "should"}
    if unknown:
        raise Refused(501, f"the stand-in knows no such part of a filter: {unknown}")
    return Filter(**{part: [condition(one) for one in conditions] for part, conditions in given.items()})


def shard(name):
    if name not in collections:
        raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
    return collections[name]


def names(_match, _body):
    return {"collections": [{"name": name} for name in collections]}


def exists(match, _body):
    return {"exists": match["name"] in collections}


def create(match, body):
    name = match["name"]
    if name in collections:
        raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
    vectors = body["vectors"]
    path = os.path.join(folder, name)
    os.makedirs(path)
    params = EdgeVectorParams(size=vectors["size"], distance=DISTANCES[vectors["distance"]])
    collections[name] = EdgeShard.create(path, EdgeConfig(vectors=params))
    return True


def index(match, body):
    schema = body["field_schema"]
    if schema == "integer":
        kind = PayloadSchemaType.Integer
    elif schema == "keyword":
        kind = PayloadSchemaType.Keyword
    elif schema.get("type") == "keyword":
        kind = KeywordIndexParams(is_tenant=schema.get("is_tenant"))
    else:
        raise Refused(501, f"the stand-in knows no such index: {schema}")
    shard(match["name"]).update(UpdateOperation.create_field_index(body["field_name"], kind))
    return {"operation_id": 0, "status": "completed"}


def upsert(match, body):
    points = [Point(id=one["id"], vector=one["vector"], payload=one["payload"]) for one in body["points"]]
    try:
        shard(match["name"]).update(UpdateOperation.upsert_points(points))
    except Refused:
        raise
    except Exception as error:  # the engine's own words, as the server gives them
        raise Refused(400, f"Wrong input: {error}") from error
    return {"operation_id": 0, "status": "completed"}


def delete(match, body):
    shard(match["name"]).update(UpdateOperation.delete_points_by_filter(filter_of(body)))
    return {"operation_id": 0, "status": "completed"}


def query(match, body):
    found = shard(match["name"]).query(
        QueryRequest(
            query=Query.Nearest(body["query"]),
            filter=filter_of(body),
            limit=body["limit"],
            score_threshold=body.get("score_threshold"),
            with_payload=body.get("with_payload", False),
        )
    )
    return {"points": [{"id": str(one.id), "version": 0, "score": one.score, "payload": one.payload} for one in found]}


def scroll(match, body):
    request = ScrollRequest(
        limit=body.get("limit", 10), with_payload=body.get("with_payload", True), with_vector=body.get("with_vector", False)
    )
    found, following = shard(match["name"]).scroll(request)
    points = [{"id": one.id, "payload": one.payload, "vector": one.vector} for one in found]
    return {"points": points, "next_page_offset": following}


def drop(match, _body):
    name = match["name"]
    if name not in collections:
        return False
    collections.pop(name).close()
    shutil.rmtree(os.path.join(folder, name))
    return True


def snapshot_path(name, snapshot=""):
    return os.path.join(folder, ".snapshots", name, snapshot)


def take_snapshot(match, _body):
    name = match["name"]
    shard(name).flush()
    os.makedirs(snapshot_path(name), exist_ok=True)
    snapshot = f"{name}-{len(os.listdir(snapshot_path(name)))}.snapshot"
    with tarfile.open(snapshot_path(name, snapshot), "w") as tar:
        # All that its log held has been flushed.
        for entry in set(os.listdir(os.path.join(folder, name))) - {"wal"}:
            tar.add(os.path.join(folder, name, entry), entry)
    return {"name": snapshot, "size": os.path.getsize(snapshot_path(name, snapshot))}


def snapshots(match, _body):
    shard(match["name"])
    path = snapshot_path(match["name"])
    return [{"name": snapshot} for snapshot in (os.listdir(path) if os.path.exists(path) else [])]


def snapshot(match, _body):
    try:
        with open(snapshot_path(match["name"], match["snapshot"]), "rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise Refused(404, f"Not found: Snapshot {match['snapshot']} not found") from error


def drop_snapshot(match, _body):
    snapshot(match, _body)
    os.remove(snapshot_path(match["name"], match["snapshot"]))
    return True


def recover(match, content):
    """What a snapshot holds takes the collection's place, or makes it."""
    name = match["name"]
    uploaded, unpacked = (os.path.join(folder, f".{name}.{kind}") for kind in ("snapshot", "unpacked"))
    with open(uploaded, "wb") as file:
        file.write(content)
    try:
        EdgeShard.unpack_snapshot(uploaded, unpacked)
    except Exception as error:
        raise Refused(400, f"Bad request: {error}") from error
    finally:
        os.remove(uploaded)
    drop(match, None)
    shutil.move(unpacked, os.path.join(folder, name))
    collections[name] = EdgeShard.load(os.path.join(folder, name))
    return True


def count(match, body):
    return {"count": shard(match["name"]).count(CountRequest(exact=True, filter=filter_of(body)))}


ROUTES = [
    (method, re.compile(path), answer)
    for method, path, answer in [
        ("GET", r"/collections", names),
        ("GET", r"/collections/(?P<name>[\w-]+)/exists", exists),
        ("PUT", r"/collections/(?P<name>[\w-]+)", create),
        ("DELETE", r"/collections/(?P<name>[\w-]+)", drop),
        ("PUT", r"/collections/(?P<name>[\w-]+)/index", index),
        ("PUT", r"/collections/(?P<name>[\w-]+)/points", upsert),
        ("POST", r"/collections/(?P<name>[\w-]+)/points/delete", delete),
        ("POST", r"/collections/(?P<name>[\w-]+)/points/query", query),
        ("POST", r"/collections/(?P<name>[\w-]+)/points/count", count),
        ("POST", r"/collections/(?P<name>[\w-]+)/points/scroll", scroll),
        ("GET", r"/collections/(?P<name>[\w-]+)/snapshots", snapshots),
        ("POST", r"/collections/(?P<name>[\w-]+)/snapshots", take_snapshot),
        ("GET", r"/collections/(?P<name>[\w-]+)/snapshots/(?P<snapshot>[\w.-]+)", snapshot),
        ("DELETE", r"/collections/(?P<name>[\w-]+)/snapshots/(?P<snapshot>[\w.-]+)", drop_snapshot),
        ("POST", r"/collections/(?P<name>[\w-]+)/snapshots/upload", recover),
    ]
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: without this the second waits for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, *_arguments):
        pass

    def handle_any(self):
        body = self.body()
        path = self.path.split("?")[0].rstrip("/")
        if path in ("/readyz", "/healthz", "/livez"):
            return self.answer(200, b"all shards are ready", "text/plain")
        if path == "":
            return self.tell(200, {"title": "stand-in over qdrant-edge-py", "version": "0.9.0"})
        if API_KEY is not None and self.headers.get("api-key") != API_KEY:
            return self.answer(401, b"Must provide an API key or an Authorization bearer token", "text/plain")
        for method, pattern, answer in ROUTES:
            match = pattern.fullmatch(path)
            if match and method == self.command:
                try:
                    with turn:
                        result = answer(match, body)
                except Refused as refused:
                    return self.tell(refused.status, {"status": {"error": str(refused)}, "time": 0})
                if isinstance(result, bytes):
                    return self.answer(200, result, "application/octet-stream")
                return self.tell(200, {"result": result, "status": "ok", "time": 0})
        return self.tell(501, {"status": {"error": f"the stand-in knows no {self.command} {path}"}, "time": 0})

    def body(self):
        """What JSON says, or the one file of a form."""
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        form = re.fullmatch(r"multipart/form-data; boundary=(.+)", self.headers.get("content-type") or "")
        if form is None:
            return json.loads(content or "{}")
        file = content[content.index(b"\r\n\r\n") + 4 :]
        return file[: file.rindex(b"\r\n--" + form[1].encode())]

    def tell(self, status, value):
        # As the server writes it, without spaces.
        self.answer(status, json.dumps(value, separators=(",", ":")).encode(), "application/json")

    def answer(self, status, content, kind):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = handle_any


ThreadingHTTPServer((HOST, int(sys.argv[1])), Handler).serve_forever()
