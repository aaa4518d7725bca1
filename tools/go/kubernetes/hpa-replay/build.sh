#!/usr/bin/env bash
# Builds hpa-replay: build.sh OUT. Kubernetes' package is copied as it is, but for its clock and one file more.
set -euo pipefail
module=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$module/go.mod" "$module/go.sum" "$module/hpa-replay" "$work"
cd "$work"
go mod download k8s.io/kubernetes
package=$(go list -m -f '{{.Dir}}' k8s.io/kubernetes)/pkg/controller/podautoscaler
for file in horizontal replica_calculator rate_limiters; do
  sed 's/time\.Now()/replayClock()/g' "$package/$file.go" > "hpa-replay/podautoscaler/$file.go"
done
CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$1" ./hpa-replay
