//! Add a crawl: a URL is enough. The API server's own words stand at the fields, and the same crawl can be copied for other tools.

import { useEffect, useState } from "preact/hooks";
import { createCrawl, getCrawl } from "../../api/crawls";
import type { Session } from "../../api/types";
import { notify } from "../../components/notices";
import { PageTitle } from "../../components/page-title";
import { TextField } from "../../components/field";
import { useLoad } from "../../live/use-load";
import { crawlHref, go, type Params } from "../../router";
import { EMPTY, fromSpec, toCrawl, type Errors, type Form } from "./form";
import { MoreFields } from "./more-fields";
import { SameElsewhere } from "./same-elsewhere";
import { refusal, useCheck } from "./use-check";

export function NewView({ params, session }: { params: Params; session: Session }) {
  const [form, setForm] = useState<Form>({ ...EMPTY, namespace: params.ns ?? session.namespace, url: params.url ?? "", maxLinks: params.maxLinks ?? EMPTY.maxLinks });
  const [touched, setTouched] = useState(Boolean(params.url));
  const [refused, setRefused] = useState<{ form: Form; errors: Errors }>();
  const [busy, setBusy] = useState(false);
  useTemplate(params, session, (template) => {
    setForm(template);
    setTouched(true);
  });

  const set = (field: keyof Form) => (value: string) => {
    setForm((old) => ({ ...old, [field]: value }));
    setTouched(true);
  };
  const { crawl, errors: own } = toCrawl(form);
  const ready = touched && Object.keys(own).length === 0;
  const check = useCheck(form.namespace, crawl, ready);
  const errors: Errors = touched ? { ...check.errors, ...(refused?.form === form ? refused.errors : {}), ...own } : {};

  const submit = async (event: Event) => {
    event.preventDefault();
    setTouched(true);
    if (Object.keys(own).length > 0) return focusFirstError();
    setBusy(true);
    try {
      const made = await createCrawl(form.namespace, crawl);
      notify(`${made.name} is created.`);
      go(crawlHref(made.namespace, made.name));
    } catch (error) {
      setRefused({ form, errors: refusal(error).errors });
      setBusy(false);
      focusFirstError();
    }
  };
  const namespaces = [...new Set([form.namespace, session.namespace, ...session.namespaces])].sort();
  return (
    <div class="new">
      <PageTitle title="Add a crawl" />
      <div class="new-columns">
        <form onSubmit={(event) => void submit(event)} noValidate>
          {errors.form && (
            <p class="banner tone-bad" role="alert">
              {errors.form}
            </p>
          )}
          <div class="main-fields">
            <TextField id="url" kind="url" label="URL" placeholder="https://example.com/" required value={form.url} error={errors.url} hint="Where the crawl starts. It follows links from there." onChange={set("url")} />
            <TextField id="maxLinks" label="maxLinks" kind="numeric" value={form.maxLinks} error={errors.maxLinks} hint="The most pages to process." onChange={set("maxLinks")} />
          </div>
          <MoreFields form={form} errors={errors} namespaces={namespaces} set={set} open={Boolean(params.from)} />
          <div class="buttons submit-row">
            <button type="submit" class="primary" disabled={busy}>
              {busy ? "Creating…" : "Start the crawl"}
            </button>
            <CheckWords state={check.state} bad={Object.keys(errors).length > 0} />
          </div>
        </form>
        <SameElsewhere namespace={form.namespace} crawl={crawl} />
      </div>
    </div>
  );
}

function CheckWords({ state, bad }: { state: string; bad: boolean }) {
  const words = bad ? "Not yet right: see the marked fields." : { checking: "Checking…", good: "The cluster would take it.", idle: "" }[state];
  return (
    <span class={`check-words ${bad ? "bad-text" : "quiet"}`} role="status">
      {words}
    </span>
  );
}

/** Fills the form with the spec of another crawl, when the address names one: ?from=namespace/name. */
function useTemplate(params: Params, session: Session, fill: (form: Form) => void): void {
  const [namespace = "", name = ""] = (params.from ?? "").split("/");
  const { data, error } = useLoad(params.from, (signal) => getCrawl({ namespace, name }, signal));
  useEffect(() => {
    if (data) fill(fromSpec(data.spec, data.namespace || session.namespace));
  }, [data]);
  useEffect(() => {
    if (error) notify(`${params.from} cannot be read: ${error.message}`, true);
  }, [error]);
}

function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus());
}
