{{- define "crawl.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* 40 characters leave room for the longest suffix, with which a name must still fit a label. */}}
{{- define "crawl.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "crawl.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list $ "worker"): what selects a component's Pods; never changes, as selectors cannot. */}}
{{- define "crawl.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "crawl.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "crawl.labels" -}}
{{- $root := index . 0 -}}
{{ include "crawl.selector" . }}
app.kubernetes.io/part-of: crawl-operator
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{/* (list $ .Values.worker.image) */}}
{{- define "crawl.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with $root.Values.global.imageRegistry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* (list $ "worker" .Values.worker): a Pod template's metadata. Without versions: a new chart alone restarts nothing. */}}
{{- define "crawl.podMetadata" -}}
{{- $component := index . 2 -}}
labels:
  {{- include "crawl.selector" . | nindent 2 }}
  {{- with $component.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ index . 1 }}
  {{- with $component.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* (list $ .Values.worker): where a component's Pods may run. */}}
{{- define "crawl.placement" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- with $root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* A user's number: what the Pod Security Standard "restricted" asks of a Pod. */}}
{{- define "crawl.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
# The data's owner is looked at once, not file by file at every start.
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "crawl.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The namespace of the api's /crawls, and with which the user interface begins. */}}
{{- define "crawl.api.namespace" -}}
{{- .Values.api.namespace | default (first .Values.operator.watchNamespaces) | default "default" -}}
{{- end -}}

{{- define "crawl.rabbitmq.fullname" -}}
{{ include "crawl.fullname" . }}-rabbitmq
{{- end -}}

{{/* (list $ "operator"): the Secret with a role's keys username and password. */}}
{{- define "crawl.amqpSecret" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
{{- $existing := get $root.Values.rabbitmq.existingSecrets $role -}}
{{- if $existing -}}
{{- $existing -}}
{{- else if eq $root.Values.rabbitmq.mode "external" -}}
{{- fail (printf "rabbitmq.mode is external, so rabbitmq.existingSecrets.%s must name a Secret with the keys username and password" $role) -}}
{{- else -}}
{{- printf "%s-amqp-%s" (include "crawl.fullname" $root) $role -}}
{{- end -}}
{{- end -}}

{{- define "crawl.definitionsSecret" -}}
{{- .Values.rabbitmq.existingSecrets.definitions | default (include "crawl.rabbitmq.fullname" .) -}}
{{- end -}}

{{/* The Secret with the key by which operator and workers seal headers. */}}
{{- define "crawl.taskKeySecret" -}}
{{- .Values.taskKey.existingSecret | default (printf "%s-task-key" (include "crawl.fullname" .)) -}}
{{- end -}}

{{/* Not empty when some Secret is nobody's: then the Job makes it. */}}
{{- define "crawl.bootstrap" -}}
{{- include "crawl.bootstrap.users" . -}}
{{- if not .Values.taskKey.existingSecret }}yes{{ end -}}
{{- include "crawl.bootstrap.cookie" . -}}
{{- end -}}

{{/* Not empty when some Secret of the embedded RabbitMQ is. */}}
{{- define "crawl.bootstrap.users" -}}
{{- if eq .Values.rabbitmq.mode "embedded" -}}
{{- $secrets := .Values.rabbitmq.existingSecrets -}}
{{- $needed := ternary (list "operator" "worker" "api" "definitions") (list "operator" "worker" "definitions") .Values.api.enabled -}}
{{- $missing := list -}}
{{- range $needed -}}
{{- if not (get $secrets .) -}}
{{- $missing = append $missing . -}}
{{- end -}}
{{- end -}}
{{- if eq (len $missing) (len $needed) -}}
yes
{{- else if $missing -}}
{{- /* RabbitMQ knows only the users of its definitions: Secrets made apart would hold passwords of nobody. */ -}}
{{- fail (printf "rabbitmq.existingSecrets needs all of %s, or none of them; missing: %s" (join ", " $needed) (join ", " $missing)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list $ "operator"): how a role reaches the broker. */}}
{{- define "crawl.amqpEnv" -}}
{{- $root := index . 0 -}}
{{- $rabbitmq := $root.Values.rabbitmq -}}
{{- if eq $rabbitmq.mode "external" -}}
{{- $tls := $rabbitmq.external.tls -}}
- name: AMQP_HOST
  value: {{ required "rabbitmq.mode is external, so rabbitmq.external.host must name the broker" $rabbitmq.external.host | quote }}
- name: AMQP_PORT
  value: {{ $rabbitmq.external.port | default (ternary 5671 5672 $tls.enabled) | int | quote }}
- name: AMQP_TLS
  value: {{ $tls.enabled | quote }}
{{- if and $tls.enabled $tls.caSecret }}
- name: AMQP_CA_FILE
  value: /etc/crawl/amqp-ca/{{ $tls.caKey }}
{{- end }}
{{- else -}}
- name: AMQP_HOST
  value: {{ include "crawl.rabbitmq.fullname" $root }}
- name: AMQP_PORT
  value: "5672"
- name: AMQP_TLS
  value: "false"
{{- end }}
- name: AMQP_VHOST
  value: {{ $rabbitmq.vhost | quote }}
- name: AMQP_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ include "crawl.amqpSecret" . }}
      key: username
- name: AMQP_PASSWORD_FILE
  value: /etc/crawl/amqp/password
{{- end -}}

{{- define "crawl.amqpMounts" -}}
- name: amqp
  mountPath: /etc/crawl/amqp
  readOnly: true
{{- if include "crawl.amqpCa" . }}
- name: amqp-ca
  mountPath: /etc/crawl/amqp-ca
  readOnly: true
{{- end }}
{{- end -}}

{{/* (list $ "operator"): until the Secrets exist its Pods wait in ContainerCreating, and start by themselves after that. */}}
{{- define "crawl.amqpVolumes" -}}
- name: amqp
  secret:
    secretName: {{ include "crawl.amqpSecret" . }}
    defaultMode: 0440
    items:
      - {key: password, path: password}
{{- with include "crawl.amqpCa" (index . 0) }}
- name: amqp-ca
  secret:
    secretName: {{ . }}
    defaultMode: 0444
{{- end }}
{{- end -}}

{{/* Where the operator and workers, and nobody else, find the key of sealed headers. */}}
{{- define "crawl.taskKeyEnv" -}}
- name: TASK_KEY_FILE
  value: /etc/crawl/task-key/task.key
{{- end -}}

{{- define "crawl.taskKeyMount" -}}
- name: task-key
  mountPath: /etc/crawl/task-key
  readOnly: true
{{- end -}}

{{- define "crawl.taskKeyVolume" -}}
- name: task-key
  secret:
    secretName: {{ include "crawl.taskKeySecret" . }}
    defaultMode: 0440
    items:
      - {key: task.key, path: task.key}
{{- end -}}

{{- define "crawl.amqpCa" -}}
{{- if and (eq .Values.rabbitmq.mode "external") .Values.rabbitmq.external.tls.enabled -}}
{{- .Values.rabbitmq.external.tls.caSecret -}}
{{- end -}}
{{- end -}}

{{/* A memory quantity in bytes; rabbitmq.conf knows no Mi. */}}
{{- define "crawl.bytes" -}}
{{- $text := toString . -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "" 1 -}}
{{- $unit := regexReplaceAll "^[0-9.]+" $text "" -}}
{{- if not (hasKey $units $unit) -}}
{{- fail (printf "rabbitmq.resources.limits.memory is %s; write for example 1Gi or 768Mi" $text) -}}
{{- end -}}
{{- mulf (float64 (trimSuffix $unit $text)) (get $units $unit) | int64 -}}
{{- end -}}
