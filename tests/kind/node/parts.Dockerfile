# What runs in the cluster's own Pods: the control plane, the proxy, the Pod network, DNS and the storage provisioner.
# One image, so that a node unpacks one: the names that kubeadm wants are put on it afterwards.
ARG BASE
FROM ${BASE}
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iptables iproute2 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY bin/ /usr/local/bin/
RUN cd /usr/local/bin \
 && for part in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubeadm kubectl etcd; do \
      ln -s kubernetes "$part"; \
    done
