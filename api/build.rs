//! Makes a table of the files of the user interface, ui/dist, for `src/routes/ui.rs`. Without them: a page that says so.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>crawl-operator</title>\
    <h1>crawl-operator</h1><p>This program was built without its user interface. Run <code>npm ci &amp;&amp; npm run build</code> \
    in <code>ui/</code> and build it again. The API is there: <a href=\"api/v1/openapi.json\">api/v1/openapi.json</a>.</p></html>\n";

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let dist = here.join("../ui/dist");
    // A folder that is missing counts as changed each time: the first build of the user interface is not overlooked.
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &mut files)?;
    } else {
        let page = out.join("index.html");
        fs::write(&page, PLACEHOLDER)?;
        files.push(page);
    }
    files.sort();
    let root = if files.iter().any(|file| file.starts_with(&dist)) { &dist } else { &out };
    let mut table = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    for file in &files {
        let name = file.strip_prefix(root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        let _ = writeln!(table, "    ({name:?}, include_bytes!({:?})),", fs::canonicalize(file)?);
    }
    table.push_str("];\n");
    fs::write(out.join("ui.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
