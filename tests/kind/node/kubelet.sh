#!/bin/bash
# Runs kubelet as kubeadm configured it, once it has. kubeadm would have systemd do this.
set -euo pipefail

config=/var/lib/kubelet/config.yaml
flags=/var/lib/kubelet/kubeadm-flags.env

until [ -s "$config" ] && [ -s "$flags" ]; do sleep 0.2; done
# shellcheck disable=SC1090 # kubeadm writes it
. "$flags"
# resolv-conf: Docker's name server cannot be reached from Pods. fail-cgroupv1: this host has no other cgroups.
# cgroup-driver: kind's configuration says systemd, which is not here.
# shellcheck disable=SC2086 # several flags in one string
exec kubelet --config="$config" --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf \
  --kubeconfig=/etc/kubernetes/kubelet.conf --resolv-conf=/etc/resolv-pods.conf --fail-cgroupv1=false \
  --cgroup-driver=cgroupfs ${KUBELET_KUBEADM_ARGS:-}
