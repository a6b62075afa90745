# A node as kind expects it: containerd and the Kubernetes programs, with the cluster's own images inside.
ARG PARTS
FROM ${PARTS}
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      containerd runc containernetworking-plugins ethtool procps socat \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /etc/cni/net.d/*
COPY containerd.toml /etc/containerd/config.toml
COPY entrypoint.sh kubelet.sh /usr/local/bin/
COPY images.tar version /kind/
COPY manifests/ /kind/manifests/
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
