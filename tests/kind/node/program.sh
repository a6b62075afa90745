#!/usr/bin/env bash
# Builds one of the Go programs of this module.
#
# usage: program.sh PACKAGE FILE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR/.. source=versions.env
. "$here/../versions.env"

minor=${KUBERNETES#v1.}
version=k8s.io/component-base/version
# Without their version kubeadm and kubelet refuse to work; without cgo the programs run in any image.
cd "$here"
CGO_ENABLED=0 nice -n 5 go build -trimpath -o "$2" -ldflags \
  "-s -w -X $version.gitVersion=$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=${minor%%.*}" "$1"
