//! The description of the API, as the user interface and others read it: `api/openapi.json`. `UPDATE=1` writes it.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

#[test]
fn the_description_is_as_it_was_read_last() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let text = serde_json::to_string_pretty(&crawl_api::routes::description()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == text,
        "the API has changed: UPDATE=1 cargo test -p crawl-api --test openapi writes {}",
        file.display()
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name() {
    let document = crawl_api::routes::description();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 5, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut names = BTreeSet::new();
    for operation in operations {
        let name = operation["operationId"].as_str().unwrap();
        assert!(!name.is_empty() && names.insert(name), "{name:?}");
        assert!(
            operation["responses"]
                .as_object()
                .unwrap()
                .values()
                .all(|response| response["description"].is_string() || response["$ref"].is_string()),
            "{name}"
        );
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
