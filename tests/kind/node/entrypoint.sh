#!/bin/bash
# The node's first process: prepares what kubelet and containerd take for granted, then keeps both running.
#
# It stands in for systemd in kind's own node image. It must know nothing of the cluster: that comes from kubeadm, which
# kind runs in here once this script says that it is ready.
set -euo pipefail

prepare_mounts() {
  # Volumes that a Pod mounts must show up in its containers.
  mount --make-rshared /
}

# kind tells kubelet to put everything below /kubelet, which has to exist in each hierarchy.
prepare_cgroups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo 'this node image is made for cgroup v1 hosts: on others, pull the official one' >&2
    exit 1
  fi
  local hierarchy file
  for hierarchy in /sys/fs/cgroup/*/; do
    mkdir -p "$hierarchy/kubelet" 2>/dev/null || continue # the v2 tree beside them may be read-only
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/kubelet/$file"
    done
  done
}

# kubelet tells one node from another by it.
prepare_identity() {
  [ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
}

# A worker has no Pods of its own, and kubelet asks for the folder once a second.
prepare_manifests() { mkdir -p /etc/kubernetes/manifests; }

# Docker's own name server answers at an address that exists in this network namespace only. For Pods, the Pod network's
# program answers at the node's.
prepare_dns() {
  echo "nameserver $(address_of "$(hostname)")" >/etc/resolv-pods.conf
}

# Pods in the host network have this node's hosts file and no other way to find the control plane.
prepare_hosts() {
  local control_plane
  control_plane=$(hostname | sed -E 's/-(worker|control-plane)[0-9]*$//')-control-plane
  until address_of "$control_plane" >/dev/null; do sleep 0.2; done
  grep -qw "$control_plane" /etc/hosts || echo "$(address_of "$control_plane") $control_plane" >>/etc/hosts
}

address_of() {
  local found
  found=$(getent ahostsv4 "$1" | head -n 1)
  [ -n "$found" ] && echo "${found%% *}"
}

# keep NAME COMMAND...: starts it again whenever it ends.
keep() {
  local name=$1
  shift
  while true; do
    "$@" >>"/var/log/$name.log" 2>&1 || true
    sleep 1
  done
}

load_images() {
  until ctr version >/dev/null 2>&1; do sleep 0.2; done
  # /var is a volume: a node that starts again has them.
  [ -e /var/lib/kind-images-loaded ] && return
  ctr --namespace k8s.io images import /kind/images.tar >/var/log/images.log
  touch /var/lib/kind-images-loaded
}

trap 'kill $(jobs -p) 2>/dev/null; exit 0' TERM INT

prepare_mounts
prepare_cgroups
prepare_identity
prepare_manifests
prepare_dns
keep containerd containerd &
until ctr version >/dev/null 2>&1; do sleep 0.2; done
# The line that kind waits for, and not for long: kubelet is held back until the images are there.
echo 'detected cgroup v1'
prepare_hosts
load_images
keep kubelet kubelet.sh &
# wait returns for a signal, which sleep would put off.
while true; do wait || true; sleep 1; done
