"""An S3 server (PyPI: moto) that answers the probe and the scrape as SeaweedFS does: object_store.py PORT METRICS_PORT. It forgets all when it ends."""

import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
from werkzeug.wrappers import Response

buckets = DomainDispatcherApplication(create_backend_app)


def gateway(environ, start):
    if environ["PATH_INFO"] == "/status":
        return Response("{}", mimetype="application/json")(environ, start)
    return buckets(environ, start)


def metrics(environ, start):
    return Response("", mimetype="text/plain; version=0.0.4")(environ, start)


threading.Thread(target=run_simple, args=("0.0.0.0", int(sys.argv[2]), metrics), daemon=True).start()
run_simple("0.0.0.0", int(sys.argv[1]), gateway, threaded=True)
