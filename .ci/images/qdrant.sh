#!/bin/sh
# Stands where Qdrant's entrypoint does; takes its port from the same configuration: entrypoint.sh --config-path FILE
set -eu
port=$(sed -n 's/^  http_port: //p' "$2")
exec python3 /standin/qdrant.py "$port" /data/standin 0.0.0.0
