#!/bin/sh
# Stands where SeaweedFS's `weed server` does; takes its ports from the same arguments.
set -eu
for argument; do
  case $argument in
    -s3.port=*) port=${argument#*=} ;;
    -metricsPort=*) metrics_port=${argument#*=} ;;
  esac
done
exec python3 /standin/object_store.py "$port" "$metrics_port"
