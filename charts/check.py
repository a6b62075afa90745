"""Renders the chart in several forms and checks each. Called by check.sh."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

CHART = Path(sys.argv[1])
REPOSITORY = Path(__file__).parent.parent
EXTERNAL = [
    "rabbitmq.mode=external",
    "rabbitmq.external.host=broker.example",
    "rabbitmq.existingSecrets.operator=op",
    "rabbitmq.existingSecrets.worker=wk",
    "rabbitmq.existingSecrets.api=ap",
]
THREE = ["rabbitmq.replicas=3"]
FORMS = {
    "defaults": [],
    "external": EXTERNAL,
    "external with TLS": EXTERNAL + ["rabbitmq.external.tls.enabled=true", "rabbitmq.external.tls.caSecret=ca"],
    "without CRDs": ["crds.enabled=false"],
    "CRDs not kept": ["crds.keep=false"],
    "all extras": ["networkPolicy.enabled=true", "podDisruptionBudget.enabled=true", "worker.allowAddresses={10.0.0.0/8,fd00::/8}"],
    "all extras, external": EXTERNAL + ["networkPolicy.enabled=true", "podDisruptionBudget.enabled=true"],
    "own authority": ["worker.caBundle.configMap=authority"],
    "own authority in a Secret": ["worker.caBundle.secret=authority", "worker.caBundle.key=root.pem"],
    "proxy": ["worker.proxy.url=http://proxy.example:3128"],
    "proxy with all": ["worker.proxy.url=socks5://proxy.example", "worker.proxy.credentialsSecret=proxy", "worker.proxy.bypass={svc,10.0.0.0/8}",
                       "worker.proxy.resolves=true"],
    "own registry": ["global.imageRegistry=registry.example/mirror", "global.imagePullSecrets[0].name=pull"],
    "digest": [f"worker.image.digest=sha256:{'0' * 64}"],
    "given Secrets": [f"rabbitmq.existingSecrets.{role}={role}" for role in ("operator", "worker", "api", "definitions")] + ["taskKey.existingSecret=key"],
    "given Secrets without the api": [f"rabbitmq.existingSecrets.{role}={role}" for role in ("operator", "worker", "definitions")]
    + ["taskKey.existingSecret=key", "api.enabled=false"],
    "without the api": ["api.enabled=false", "networkPolicy.enabled=true", "podDisruptionBudget.enabled=true"],
    "external without the api": EXTERNAL[:-1] + ["api.enabled=false"],
    "looked at without a token": ["api.anonymous=view"],
    "edited without a token": ["api.anonymous=edit"],
    "edited without a token in two namespaces": ["api.anonymous=edit", "operator.watchNamespaces={a,b}", "api.namespace=b"],
    "the api for others": ["api.ingress.enabled=true", "api.ingress.host=crawl.example", "api.ingress.tlsSecret=tls", "api.httpRoute.enabled=true",
                           "api.httpRoute.parentRefs[0].name=gateway", "api.httpRoute.hostnames={crawls.example}", "api.allowedHosts={more.example}"],
    "the api at a port of the nodes": ["api.service.type=NodePort", "api.service.nodePort=30080", "api.service.annotations.note=text"],
    "a given task key": ["taskKey.existingSecret=key"],
    "reads Secrets": ["operator.readSecrets=true"],
    "reads Secrets of two namespaces": ["operator.readSecrets=true", "operator.watchNamespaces={a,b}"],
    "two namespaces": ["operator.watchNamespaces={a,b}"],
    "no right in the cluster": ["operator.watchNamespaces={a,b}", "operator.policies=false", "rbac.aggregate=false", "crds.enabled=false"],
    "scaled by others": ["worker.replicas=null"],
    "three nodes": THREE + ["networkPolicy.enabled=true", "rabbitmq.clusterDomain=corp.example"],
    "three nodes with a given cookie": THREE + ["rabbitmq.existingSecrets.erlangCookie=cookie"],
    "three nodes with given Secrets": THREE + [f"rabbitmq.existingSecrets.{role}={role}" for role in ("operator", "worker", "api", "definitions")]
    + ["taskKey.existingSecret=key"],
    "three nodes placed by hand": THREE + ["rabbitmq.affinity.nodeAffinity.x=y"],
    "three nodes elsewhere": EXTERNAL + THREE,
    "three nodes with a long name": THREE + ["fullnameOverride=" + "n" * 60],
    "long name": ["fullnameOverride=" + "n" * 60],
    "umbrella": ["global.somebodyElses.value=1"],
    "placement": [
        f"{part}.{value}"
        for part in ("operator", "worker", "api", "rabbitmq")
        for value in ("nodeSelector.disk=ssd", "tolerations[0].operator=Exists", "priorityClassName=high", "podLabels.team=web",
                      "podAnnotations.note=text", "extraEnv[0].name=A", "extraEnv[0].value=b", "affinity.podAntiAffinity.x=y",
                      "topologySpreadConstraints[0].maxSkew=1")
    ],
}
REFUSED = {
    "a word for a number": ["worker.replicas=two"],
    "an unknown value": ["worker.replica=2"],
    "an unknown part": ["workers.replicas=2"],
    "an unknown mode": ["rabbitmq.mode=cluster"],
    "two nodes": ["rabbitmq.replicas=2"],
    "a domain that is none": [*THREE, "rabbitmq.clusterDomain=.local"],
    "an address that is no range": ["worker.allowAddresses={10.0.0.1}"],
    "two authorities": ["worker.caBundle.configMap=a", "worker.caBundle.secret=b"],
    "a proxy's password in its URL": ["worker.proxy.url=http://user:password@proxy.example:3128"],
    "a proxy that is none": ["worker.proxy.url=proxy.example:3128"],
    "credentials for no proxy": ["worker.proxy.credentialsSecret=proxy"],
    "a third operator": ["operator.replicas=3"],
    "external without a host": ["rabbitmq.mode=external", *EXTERNAL[2:]],
    "external without Secrets": EXTERNAL[:2],
    "external without a Secret for the api": EXTERNAL[:-1],
    "Secrets given but the api's": [f"rabbitmq.existingSecrets.{role}={role}" for role in ("operator", "worker", "definitions")],
    "a word for what is allowed without a token": ["api.anonymous=admin"],
    "an Ingress without a host": ["api.ingress.enabled=true"],
    "an Ingress for all hosts": ["api.ingress.enabled=true", "api.ingress.host=*"],
    "a route of no Gateway": ["api.httpRoute.enabled=true"],
    "a Service that is none": ["api.service.type=ExternalName"],
    "some Secrets given and some not": ["rabbitmq.existingSecrets.worker=wk"],
    "a task key that is none": ["taskKey.existingSecret=7"],
    "a digest that is none": ["worker.image.digest=latest"],
}


def helm(settings):
    sets = [word for setting in settings for word in ("--set", setting)]
    return subprocess.run(
        # Without a cluster each Helm takes another version of Kubernetes for granted.
        ["helm", "template", "trial", str(CHART), "--namespace", "trial", "--kube-version", "1.35.0", *sets], capture_output=True, text=True, check=False
    )


def pod_specs(documents):
    for document in documents:
        if template := document.get("spec", {}).get("template", {}):
            yield f"{document['kind']} {document['metadata']['name']}", template["metadata"], template["spec"]


def violations(documents, settings):
    """What of the rendered objects breaks a promise of the chart."""
    for document in documents:
        name = f"{document['kind']} {document['metadata']['name']}"
        if document["kind"] == "Secret":
            yield f"{name}: the chart must not render Secrets"
        if len(document["metadata"]["name"]) > 63:
            yield f"{name}: the name is longer than 63 characters"
        cluster_wide = document["kind"] in ("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition")
        if cluster_wide == ("namespace" in document["metadata"]):
            yield f"{name}: the namespace is {'given' if cluster_wide else 'missing'}"
        if document["kind"].endswith("Role") and "bootstrap" not in name:
            granted = {"get"} if "operator.readSecrets=true" in settings and name.endswith("Role trial-crawl-operator") else set()
            if any("secrets" in rule["resources"] and set(rule["verbs"]) - granted or "*" in rule["verbs"] for rule in document["rules"]):
                yield f"{name}: has rights on Secrets, or all rights"
            writes = any("crawlpolicies" in rule["resources"] and set(rule["verbs"]) - {"get", "list", "watch"} for rule in document["rules"])
            added = any("aggregate-to" in label for label in document["metadata"]["labels"])
            if writes and (added or not name.endswith("-crawlpolicy-editor")):
                yield f"{name}: only a role that is added to no other may write CrawlPolicies"
            if name.endswith("Role trial-crawl-operator-api"):
                changes = ["create", "patch", "delete"] if "api.anonymous=edit" in settings else []
                if rights(document) != {"crawls": ["get", "list", "watch", *changes]}:
                    yield f"{name}: may do other things with Crawls than are allowed without a token"
    for name, metadata, spec in pod_specs(documents):
        labels = metadata["labels"]
        security = spec["securityContext"]
        if not security.get("runAsNonRoot") or security.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name}: the Pod is not restricted"
        if any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name}: shares something with its node"
        if any("hostPath" in volume for volume in spec.get("volumes", [])):
            yield f"{name}: mounts a path of its node"
        component = labels["app.kubernetes.io/component"]
        needs_token = component in ("operator", "api", "bootstrap")
        if not needs_token and spec.get("automountServiceAccountToken") is not False:
            yield f"{name}: gets a token of the cluster"
        if (component in ("operator", "worker")) != any(volume["name"] == "task-key" for volume in spec.get("volumes", [])):
            yield f"{name}: operator and workers need the task key, and nobody else may have it"
        for container in spec["containers"] + spec.get("initContainers", []):
            expected = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
            if container.get("securityContext") != expected:
                yield f"{name}: the container {container['name']} is not restricted"
            if not container.get("resources", {}).get("limits", {}).get("memory"):
                yield f"{name}: the container {container['name']} has no memory limit"


def find(documents, kind, suffix=""):
    return [d for d in documents if d["kind"] == kind and d["metadata"]["name"].endswith(suffix)]


def bound(documents):
    """What somebody may do in the whole cluster because of the chart."""
    return [binding["roleRef"]["name"] for binding in find(documents, "ClusterRoleBinding")]


def rights(role):
    """What a role may do with each resource."""
    return {resource: rule["verbs"] for rule in role["rules"] for resource in rule["resources"]}


def secrets_of(roles):
    """What roles may do with Secrets."""
    return [rule["verbs"] for role in roles for rule in role["rules"] if "secrets" in rule["resources"]]


def makes(documents):
    """The Secrets that the bootstrap Job makes, as its role and its arguments say."""
    _, _, spec = next(pod_specs(find(documents, "Job")))
    names = find(documents, "Role", "-bootstrap")[0]["rules"][0]["resourceNames"]
    told = [f"--broker-users={str(any('-amqp-' in name for name in names)).lower()}", f"--task-key={str(any('task-key' in name for name in names)).lower()}"]
    arguments = set(spec["containers"][0]["args"])
    cookie = any(name.endswith("-cookie") for name in names) == ("--erlang-cookie=true" in arguments)
    return names if cookie and set(told) <= arguments else []


def cluster(documents):
    """RabbitMQ's StatefulSet of three, when its nodes are called what their Pods can be found by and what each is told of the others; else nothing."""
    for broker in find(documents, "StatefulSet", "-rabbitmq"):
        name, service = broker["metadata"]["name"], broker["spec"]["serviceName"]
        governing = [s["spec"] for s in find(documents, "Service") if s["metadata"]["name"] == service]
        container = broker["spec"]["template"]["spec"]["containers"][0]
        own = next(variable["value"] for variable in container["env"] if variable["name"] == "RABBITMQ_NODENAME")
        nodes = [own.replace("$(POD_NAME)", f"{name}-{ordinal}") for ordinal in range(broker["spec"]["replicas"])]
        lines = find(documents, "ConfigMap", "-rabbitmq")[0]["data"]["rabbitmq.conf"].splitlines()
        told = [line.split(" = ")[1] for line in lines if line.startswith("cluster_formation.classic_config.nodes.")]
        named = own.startswith(f"rabbit@$(POD_NAME).{service}.trial.svc.") and f"first={nodes[0]}\n" in container["command"][-1]
        found = [(s["clusterIP"], s["publishNotReadyAddresses"]) for s in governing] == [("None", True)]
        if len(nodes) == 3 and nodes == told and named and found:
            return broker["spec"]
    return None


def budgets(documents):
    return sorted(budget["metadata"]["name"].removeprefix("trial-crawl-operator-") for budget in find(documents, "PodDisruptionBudget"))


def cookie(documents):
    """The Secrets from which RabbitMQ has its cookie."""
    return [v["secret"]["secretName"] for v in cluster(documents)["template"]["spec"]["volumes"] if v["name"] == "erlang"]


def images(documents):
    return {container["image"] for _, _, spec in pod_specs(documents) for container in spec["containers"]}


def environment(documents, suffix):
    _, _, spec = next(pod_specs(find(documents, "Deployment", suffix)))
    return {variable["name"]: variable.get("value") for variable in spec["containers"][0]["env"]}


def volumes(documents, suffix):
    _, _, spec = next(pod_specs(find(documents, "Deployment", suffix)))
    return spec["volumes"]


def unread(documents):
    """Variables that a Deployment sets and its program does not read."""
    for program in ("operator", "worker", "api"):
        arguments = (REPOSITORY / program / "src/args.rs").read_text()
        for name, metadata, spec in pod_specs(find(documents, "Deployment")):
            if metadata["labels"]["app.kubernetes.io/component"] == program:
                for variable in spec["containers"][0]["env"]:
                    # MALLOC_ is the C library's.
                    if f'env = "{variable["name"]}"' not in arguments and not variable["name"].startswith("MALLOC_"):
                        yield f"{name}: {program}/src/args.rs does not read {variable['name']}"


# What a form is for; nothing here repeats a template.
EXPECTATIONS = {
    "defaults": lambda d: find(d, "StatefulSet") and find(d, "Job") and not find(d, "NetworkPolicy")
    and environment(d, "trial-crawl-operator")["POLICIES"] == environment(d, "-api")["POLICIES"] == "true"
    and environment(d, "-api")["ANONYMOUS"] == "none" and not find(d, "Ingress") and not find(d, "HTTPRoute")
    and {service["spec"].get("type", "ClusterIP") for service in find(d, "Service")} == {"ClusterIP"}
    and {subject["name"] for binding in find(d, "ClusterRoleBinding", "-reader") for subject in binding["subjects"]}
    == {"trial-crawl-operator", "trial-crawl-operator-api"}
    and [crd["metadata"]["annotations"] for crd in find(d, "CustomResourceDefinition")] == 2 * [{"helm.sh/resource-policy": "keep"}],
    "external": lambda d: not find(d, "StatefulSet") and makes(d) == ["trial-crawl-operator-task-key"]
    and environment(d, "-worker-default")["AMQP_PORT"] == "5672",
    "external with TLS": lambda d: environment(d, "-worker-default")["AMQP_PORT"] == "5671"
    and environment(d, "trial-crawl-operator")["AMQP_CA_FILE"] == "/etc/crawl/amqp-ca/ca.crt",
    "without CRDs": lambda d: not find(d, "CustomResourceDefinition"),
    "CRDs not kept": lambda d: not [crd for crd in find(d, "CustomResourceDefinition") if "annotations" in crd["metadata"]],
    "all extras": lambda d: len(find(d, "NetworkPolicy")) == 3 and len(find(d, "PodDisruptionBudget")) == 3
    and environment(d, "-worker-default")["ALLOW_ADDRESS"] == "10.0.0.0/8,fd00::/8",
    "all extras, external": lambda d: len(find(d, "NetworkPolicy")) == 2,
    "without the api": lambda d: not [x for x in d if "-api" in x["metadata"]["name"]] and len(find(d, "NetworkPolicy")) == 2
    and [len(binding["subjects"]) for binding in find(d, "ClusterRoleBinding", "-reader")] == [1],
    "looked at without a token": lambda d: environment(d, "-api")["ANONYMOUS"] == "view",
    "edited without a token in two namespaces": lambda d: environment(d, "-api")["NAMESPACE"] == "b" and not find(d, "ClusterRole", "-api")
    and {r["metadata"]["namespace"] for r in find(d, "Role", "-api")} == {"a", "b"},
    "the api for others": lambda d: environment(d, "-api")["ALLOWED_HOSTS"] == "more.example,crawl.example,crawls.example"
    and find(d, "Ingress") and find(d, "HTTPRoute"),
    "the api at a port of the nodes": lambda d: [port["nodePort"] for port in find(d, "Service", "-api")[0]["spec"]["ports"]] == [30080],
    "own authority": lambda d: environment(d, "-worker-default")["CA_FILE"] == "/etc/crawl/ca/ca.crt"
    and {"name": "ca", "configMap": {"name": "authority", "items": [{"key": "ca.crt", "path": "ca.crt"}]}} in volumes(d, "-worker-default"),
    "own authority in a Secret": lambda d: [v["secret"]["items"] for v in volumes(d, "-worker-default") if v["name"] == "ca"]
    == [[{"key": "root.pem", "path": "ca.crt"}]],
    "proxy": lambda d: environment(d, "-worker-default")["PROXY_RESOLVES"] == "false"
    and not [name for name in ("PROXY_BYPASS", "PROXY_CREDENTIALS_FILE") if name in environment(d, "-worker-default")],
    "proxy with all": lambda d: environment(d, "-worker-default")["PROXY_BYPASS"] == "svc,10.0.0.0/8"
    and [v["secret"]["secretName"] for v in volumes(d, "-worker-default") if v["name"] == "proxy"] == ["proxy"],
    "own registry": lambda d: all(image.startswith("registry.example/mirror/") for image in images(d))
    and all(spec["imagePullSecrets"] == [{"name": "pull"}] for _, _, spec in pod_specs(d)),
    "digest": lambda d: any(image.endswith("worker@sha256:" + "0" * 64) for image in images(d)),
    "given Secrets": lambda d: not find(d, "Job"),
    "given Secrets without the api": lambda d: not find(d, "Job"),
    "a given task key": lambda d: len(makes(d)) == 4 and not any("task-key" in name for name in makes(d))
    and {"key"} == {v["secret"]["secretName"] for _, _, spec in pod_specs(find(d, "Deployment")) for v in spec["volumes"] if v["name"] == "task-key"},
    "reads Secrets": lambda d: secrets_of(find(d, "ClusterRole", "trial-crawl-operator")) == [["get"]],
    "reads Secrets of two namespaces": lambda d: secrets_of(find(d, "Role", "trial-crawl-operator")) == 2 * [["get"]]
    and not secrets_of(find(d, "ClusterRole")),
    "two namespaces": lambda d: bound(d) == ["trial-crawl-operator-crawlpolicy-reader"]
    and {r["metadata"]["namespace"] for r in find(d, "Role", "trial-crawl-operator")} == {"a", "b"}
    and (environment(d, "-api")["WATCH_NAMESPACES"], environment(d, "-api")["NAMESPACE"]) == ("a,b", "a"),
    "no right in the cluster": lambda d: not find(d, "ClusterRole") and not bound(d) and not find(d, "CustomResourceDefinition")
    and environment(d, "trial-crawl-operator")["POLICIES"] == "false",
    "three nodes": lambda d: cluster(d)["podManagementPolicy"] == "Parallel" and budgets(d) == ["rabbitmq"]
    and cookie(d) == ["trial-crawl-operator-rabbitmq-cookie"] and cookie(d)[0] in makes(d)
    and ".svc.corp.example" in find(d, "ConfigMap", "-rabbitmq")[0]["data"]["rabbitmq.conf"]
    and "podAntiAffinity" in cluster(d)["template"]["spec"]["affinity"]
    # Nobody but themselves reaches what nodes say to each other.
    and [source["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for policy in find(d, "NetworkPolicy")
         for rule in policy["spec"].get("ingress", []) if {4369, 25672} & {port["port"] for port in rule["ports"]}
         for source in rule["from"]] == ["rabbitmq"],
    "three nodes with a given cookie": lambda d: cookie(d) == ["cookie"] and makes(d) and not any("cookie" in name for name in makes(d)),
    "three nodes with given Secrets": lambda d: makes(d) == ["trial-crawl-operator-rabbitmq-cookie"],
    "three nodes placed by hand": lambda d: cluster(d)["template"]["spec"]["affinity"] == {"nodeAffinity": {"x": "y"}},
    "three nodes elsewhere": lambda d: not find(d, "StatefulSet") and not budgets(d) and makes(d) == ["trial-crawl-operator-task-key"],
    "three nodes with a long name": cluster,
    "scaled by others": lambda d: "replicas" not in find(d, "Deployment", "-worker-default")[0]["spec"],
    "placement": lambda d: all(
        spec["nodeSelector"] == {"disk": "ssd"} and spec["priorityClassName"] == "high" for _, _, spec in pod_specs(d)
    ) and all(m["labels"]["team"] == "web" and m["annotations"]["note"] == "text" for n, m, _ in pod_specs(d) if "Job" not in n),
}


def unknown_to_schema(values, schema, path=""):
    """The values that the schema does not name; they would be refused, so the defaults would be."""
    for key, value in values.items():
        known = schema.get("properties", {}).get(key)
        if known is None:
            yield f"{path}{key}"
        elif isinstance(value, dict) and known.get("properties"):
            yield from unknown_to_schema(value, known, f"{path}{key}.")


def main():
    problems = []
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = json.loads((CHART / "values.schema.json").read_text())
    problems += [f"values.schema.json: {path} is missing" for path in unknown_to_schema(values, schema)]
    for form, settings in FORMS.items():
        rendered = helm(settings)
        if rendered.returncode:
            problems.append(f"{form}: {rendered.stderr.strip()}")
            continue
        documents = [document for document in yaml.safe_load_all(rendered.stdout) if document]
        problems += [f"{form}: {violation}" for violation in violations(documents, settings)]
        if form != "placement":  # it sets variables of its own
            problems += [f"{form}: {problem}" for problem in unread(documents)]
        if not EXPECTATIONS.get(form, lambda _: True)(documents):
            problems.append(f"{form}: the objects are not those expected")
    problems += [f"{what}: was not refused" for what, settings in REFUSED.items() if helm(settings).returncode == 0]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"chart: {len(FORMS)} forms rendered, {len(REFUSED)} wrong ones tried, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
