import { useState } from "preact/hooks";
import { token } from "../../api/token";
import type { NewCrawl } from "../../api/types";
import { CodeBlock } from "../../components/code-block";
import { curlCreate, kubectlCreate, manifest } from "../../copy/crawl";

type Form = "YAML" | "kubectl" | "curl";

/** The crawl of the form, for those who go on elsewhere. */
export function SameElsewhere({ namespace, crawl }: { namespace: string; crawl: NewCrawl }) {
  const [shown, setShown] = useState<Form>("YAML");
  const text = {
    YAML: () => manifest(namespace, crawl),
    kubectl: () => kubectlCreate(namespace, crawl),
    curl: () => curlCreate(new URL(".", location.href.split("#")[0]).href, namespace, crawl, token.get() !== ""),
  }[shown]();
  return (
    <aside class="same" aria-label="The same crawl for other tools">
      <div class="segments" role="group" aria-label="Form">
        {(["YAML", "kubectl", "curl"] as const).map((form) => (
          <button type="button" key={form} aria-pressed={shown === form} onClick={() => setShown(form)}>
            {form}
          </button>
        ))}
      </div>
      <CodeBlock title={shown} text={text} />
    </aside>
  );
}
