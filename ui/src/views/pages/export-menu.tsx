import { address, ApiError, request, type Query } from "../../api/client";
import { token } from "../../api/token";
import { Menu } from "../../components/menu";
import { notify } from "../../components/notices";

/** All rows that the filters let through, in the order of the table, not only what is shown. */
export function ExportMenu({ path, query, name, of = "this filter" }: { path: string; query: Query; name: string; of?: string }) {
  return (
    <Menu label="Export">
      <Export path={path} query={{ ...query, format: "csv" }} file={`${name}.csv`}>
        {`CSV of ${of}`}
      </Export>
      <Export path={path} query={{ ...query, format: "jsonl" }} file={`${name}.jsonl`}>
        {`JSON Lines of ${of}`}
      </Export>
    </Menu>
  );
}

/** Without a token the browser downloads by itself; a link cannot send a token, so with one the page does. */
function Export({ path, query, file, children }: { path: string; query: Query; file: string; children: string }) {
  if (!token.get()) {
    return (
      <a href={address(`${path}/export`, query)} download={file}>
        {children}
      </a>
    );
  }
  return (
    <button type="button" onClick={() => void download(`${path}/export`, query, file)}>
      {children}
    </button>
  );
}

async function download(path: string, query: Query, file: string): Promise<void> {
  try {
    notify(`${file} is being made.`);
    const blob = await (await request("GET", path, query)).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    notify(error instanceof ApiError ? error.message : "The export broke off.", true);
  }
}
