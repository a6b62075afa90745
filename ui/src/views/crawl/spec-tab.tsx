import { CodeBlock } from "../../components/code-block";
import { Badge } from "../../components/badge";
import { manifest } from "../../copy/crawl";
import { moment } from "../../format/times";
import type { Condition } from "../../api/types";
import type { TabProps } from "./tab-props";

/** What was asked for, and what the operator says of it. */
export function SpecTab({ crawl: { namespace, name, spec, conditions, generation } }: TabProps) {
  return (
    <div class="spec">
      <section class="card">
        <h2>Conditions</h2>
        {conditions.length === 0 ? <p class="quiet">The operator has not looked at it yet.</p> : <Conditions conditions={conditions} />}
      </section>
      <CodeBlock title={`Manifest, generation ${generation}`} text={manifest(namespace, { name, spec })} />
    </div>
  );
}

function Conditions({ conditions }: { conditions: Condition[] }) {
  return (
    <div class="table-box" role="region" aria-label="Conditions" tabIndex={0}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Status</th>
            <th scope="col">Reason</th>
            <th scope="col">Message</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map((condition) => (
            <tr key={condition.type}>
              <th scope="row">{condition.type}</th>
              <td>
                <Badge tone={condition.status === "True" ? "active" : "neutral"}>{condition.status}</Badge>
              </td>
              <td>{condition.reason}</td>
              <td class="wrap">{condition.message}</td>
              <td class="nowrap">{moment(condition.lastTransitionTime)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
