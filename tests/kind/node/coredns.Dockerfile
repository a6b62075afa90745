# kubeadm's manifest gives CoreDNS its arguments and leaves the program to the image.
ARG PARTS
FROM ${PARTS}
ENTRYPOINT ["/usr/local/bin/coredns"]
