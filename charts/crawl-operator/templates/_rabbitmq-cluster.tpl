{{- /*
What three nodes of RabbitMQ have that one alone has not. With rabbitmq.replicas=1 nothing of this is rendered: the node of a release
that exists must keep its name, with which its data is found.
*/ -}}

{{/* Not empty when there are three. */}}
{{- define "crawl.rabbitmq.clustered" -}}
{{- if and (eq .Values.rabbitmq.mode "embedded") (eq (int .Values.rabbitmq.replicas) 3) }}yes{{ end -}}
{{- end -}}

{{/* The Service that a StatefulSet cannot change once it is there. */}}
{{- define "crawl.rabbitmq.governing" -}}
{{ include "crawl.rabbitmq.fullname" . }}{{ if include "crawl.rabbitmq.clustered" . }}-nodes{{ end }}
{{- end -}}

{{/* Seen only where Helm talks to a cluster. Elsewhere the API server refuses the change, in its own words. */}}
{{- define "crawl.rabbitmq.refuseOtherReplicas" -}}
{{- with lookup "apps/v1" "StatefulSet" .Release.Namespace (include "crawl.rabbitmq.fullname" .) -}}
{{- if ne .spec.serviceName (include "crawl.rabbitmq.governing" $) -}}
{{- fail (printf "rabbitmq.replicas of this release cannot be changed to %d: its nodes would have other names and start empty. Remove the Crawls, the release and the PersistentVolumeClaims of its RabbitMQ first, or install another release" (int $.Values.rabbitmq.replicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What hosts' names end with. In full, as the kubelet writes them into the Pod's own /etc/hosts: a node finds itself without DNS. */}}
{{- define "crawl.rabbitmq.domain" -}}
{{ include "crawl.rabbitmq.governing" . }}.{{ .Release.Namespace }}.svc.{{ .Values.rabbitmq.clusterDomain }}
{{- end -}}

{{/* (list $ "0"): the name of one node. */}}
{{- define "crawl.rabbitmq.node" -}}
rabbit@{{ include "crawl.rabbitmq.fullname" (index . 0) }}-{{ index . 1 }}.{{ include "crawl.rabbitmq.domain" (index . 0) }}
{{- end -}}

{{- define "crawl.rabbitmq.clusterConf" -}}
cluster_formation.peer_discovery_backend = rabbit_peer_discovery_classic_config
{{- range $ordinal := list "0" "1" "2" }}
cluster_formation.classic_config.nodes.{{ add1 $ordinal }} = {{ include "crawl.rabbitmq.node" (list $ $ordinal) }}
{{- end }}
# Once a second. A node that finds no other is alone for good after that; the startup probe ends it before.
cluster_formation.discovery_retry_limit = 3600
# Seconds after which a node that says nothing is given up; all wait for it as long. By default a minute.
net_ticktime = 20
# Else all queues would be led by the node that the operator is connected to.
queue_leader_locator = balanced
{{- end -}}

{{/*
Its first start decides for ever which cluster a node is in. Two that start before they see each other would be two clusters, so
those that have never run wait for the first one: then it is the oldest, which is the one that all others join.
*/}}
{{- define "crawl.rabbitmq.start" -}}
# Erlang wants a cookie that nobody else can read, and the kubelet opens what it mounts to the group.
install -m 0400 /etc/crawl/erlang/erlang.cookie "$HOME/.erlang.cookie"
first={{ include "crawl.rabbitmq.node" (list . "0") }}
if [ "$RABBITMQ_NODENAME" != "$first" ] && [ ! -d "/var/lib/rabbitmq/mnesia/$RABBITMQ_NODENAME" ]; then
  until rabbitmq-diagnostics -q -n "$first" ping >/dev/null 2>&1; do sleep 1; done
fi
exec docker-entrypoint.sh rabbitmq-server
{{- end -}}

{{/*
Whoever could connect before all three are one cluster would declare queues that are only on those that are. A node that is down is still
one of the three. And what there is, queues and who may use them, is kept by majority: RabbitMQ 4.2 does it by itself, those before it
when told. Their own way, Mnesia, forgot a queue here after a node had stood still for a while. With Khepri cluster_partition_handling means
nothing: a node that is cut off goes on, can change nothing, and its clients leave it because it does not answer.
*/}}
{{- define "crawl.rabbitmq.formed" -}}
true = length(rabbit_nodes:list_members()) >= 3, rabbit_feature_flags:is_enabled(khepri_db) orelse (ok = rabbit_feature_flags:enable(khepri_db)).
{{- end -}}

{{/* The Secret with what nodes prove to each other that they belong together. */}}
{{- define "crawl.rabbitmq.cookieSecret" -}}
{{- .Values.rabbitmq.existingSecrets.erlangCookie | default (printf "%s-cookie" (include "crawl.rabbitmq.fullname" .)) -}}
{{- end -}}

{{/* Not empty when the Job makes it. */}}
{{- define "crawl.bootstrap.cookie" -}}
{{- if and (include "crawl.rabbitmq.clustered" .) (not .Values.rabbitmq.existingSecrets.erlangCookie) }}yes{{ end -}}
{{- end -}}

{{/* Each on a machine of its own, and in a zone of its own, where there are enough of them. */}}
{{- define "crawl.rabbitmq.apart" -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    {{- range $key, $weight := dict "kubernetes.io/hostname" 100 "topology.kubernetes.io/zone" 50 }}
    - weight: {{ $weight }}
      podAffinityTerm:
        topologyKey: {{ $key }}
        labelSelector:
          matchLabels:
            {{- include "crawl.selector" (list $ "rabbitmq") | nindent 12 }}
    {{- end }}
{{- end -}}
