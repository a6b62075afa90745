import { ChoiceField, LinesField, TextField } from "../../components/field";
import type { Errors, Form } from "./form";

interface Props {
  form: Form;
  errors: Errors;
  namespaces: string[];
  open: boolean;
  set(field: keyof Form): (value: string) => void;
}

const MORE: (keyof Form)[] = ["moreSeeds", "name", "namespace", "maxDepth", "scope", "include", "exclude", "delay", "perHostConcurrency", "robots", "sitemaps", "maxPagesPerHost"];

/** All that has a good default. It opens by itself when something in it is wrong. */
export function MoreFields({ form, errors, namespaces, open, set }: Props) {
  const wrong = MORE.some((field) => errors[field]);
  const of = (id: keyof Form) => ({ id, value: form[id], error: errors[id], onChange: set(id) });
  return (
    <details class="more-fields" open={open || wrong}>
      <summary>More: scope, politeness, name</summary>
      <fieldset>
        <legend>What belongs to the crawl</legend>
        <ChoiceField {...of("scope")} label="Scope" choices={[["", "Host (default): the hosts of the seeds"], ["Page", "Page: only the seeds"], ["Prefix", "Prefix: below the seeds' paths"], ["Domain", "Domain: with all sub-domains"], ["Any", "Any: the whole web"]]} />
        <TextField {...of("maxDepth")} label="Depth" kind="numeric" placeholder="20" hint="Links away from a seed; 0 means only the seeds." />
        <LinesField {...of("include")} label="Include" placeholder="^https://example\.com/docs/" hint="Regular expressions (RE2), one a line. Only URLs that match one are followed." />
        <LinesField {...of("exclude")} label="Exclude" placeholder="\.pdf$" hint="URLs that match one are left out." />
        <LinesField {...of("moreSeeds")} label="More seeds" hint="Further URLs to start from, one a line." />
        <TextField {...of("maxPagesPerHost")} label="Pages per host" kind="numeric" placeholder="no limit" />
        <ChoiceField {...of("sitemaps")} label="Sitemaps" choices={[["", "Ignore (default)"], ["Include", "Include the URLs they list"]]} />
      </fieldset>
      <fieldset>
        <legend>How gently</legend>
        <TextField {...of("delay")} label="Delay" placeholder="1s" hint="Least time between two requests to a host, for example 500ms." />
        <TextField {...of("perHostConcurrency")} label="Requests to one host at a time" kind="numeric" placeholder="1" />
        <ChoiceField {...of("robots")} label="robots.txt" choices={[["", "Obey (default)"], ["Ignore", "Ignore: only for sites that are yours"]]} />
      </fieldset>
      <fieldset>
        <legend>Where it lives</legend>
        <TextField {...of("name")} label="Name" placeholder="made from the host" hint="Lower case letters, digits and hyphens." />
        <ChoiceField {...of("namespace")} label="Namespace" choices={namespaces.map((name) => [name, name])} />
      </fieldset>
    </details>
  );
}
