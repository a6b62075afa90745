//! The document: OpenAPI 3.1 of all operations.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Operation;
use super::operation::Answer;
use crate::error::{PROBLEM_JSON, Problem};

/// Describes the operations.
#[must_use]
pub fn document(operations: &[Operation]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for operation in operations {
        let described = describe(operation, &mut schemas);
        let methods = paths.entry(operation.path.replace("{*", "{")).or_insert_with(|| json!({}));
        methods[operation.method.as_str().to_lowercase()] = described;
    }
    let problem = json!({"schema": schemas.subschema_for::<Problem>()});
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "crawl-operator",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Crawls and what they found. Who may do what is said by the cluster's RBAC: send a token of the cluster, for example that of `kubectl create token`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": {"Problem": {"description": "Something went wrong.", "content": {PROBLEM_JSON: problem}}},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A token of the cluster."}},
        },
    });
    without_null_defaults(&mut document);
    document
}

/// What is absent by default is not null by default.
fn without_null_defaults(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("default") == Some(&Value::Null) {
                fields.remove("default");
            }
            fields.values_mut().for_each(without_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null_defaults),
        _ => {}
    }
}

fn describe(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let mut parameters = path_parameters(operation.path);
    if let Some(query) = operation.query {
        parameters.extend(query_parameters(&query(schemas).to_value()));
    }
    let mut responses = Map::new();
    for answer in &operation.answers {
        add_response(&mut responses, answer, schemas);
    }
    responses.insert("default".to_owned(), json!({"$ref": "#/components/responses/Problem"}));
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
        "security": if operation.open { json!([{}]) } else { json!([{"token": []}, {}]) },
    });
    if let Some(body) = operation.body {
        let schema = body(schemas);
        described["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    }
    described
}

fn add_response(responses: &mut Map<String, Value>, answer: &Answer, schemas: &mut SchemaGenerator) {
    let response = responses.entry(answer.status.to_string()).or_insert_with(|| json!({"content": {}}));
    // The first one speaks for all of its status.
    if response.get("description").is_none() {
        response["description"] = answer.says.into();
    }
    response["content"][answer.content_type] = match answer.schema {
        Some(schema) => json!({"schema": schema(schemas)}),
        // YAML and events are read before they are held against a schema: they are more than text.
        None if answer.content_type.ends_with("yaml") || answer.content_type.ends_with("event-stream") => {
            json!({"schema": {}})
        }
        None => json!({"schema": {"type": "string"}}),
    };
    if answer.status == 429 {
        response["headers"] =
            json!({"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}});
    }
}

/// The names in braces.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let described = names.map(|name| {
        let name = name.trim_start_matches('*');
        let says = match name {
            "namespace" => "A namespace of the cluster.",
            "id" => "The id that POST /crawls answered.",
            _ => "The name of a Crawl.",
        };
        json!({"name": name, "in": "path", "required": true, "description": says, "schema": {"type": "string", "minLength": 1}})
    });
    described.collect()
}

/// One parameter for each property of an object.
fn query_parameters(schema: &Value) -> Vec<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let described = properties.into_iter().map(|(name, mut schema)| {
        without_null(&mut schema);
        let says = schema.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
        let required = required.contains(&Value::from(name.as_str()));
        json!({"name": name, "in": "query", "required": required, "description": says, "schema": schema})
    });
    described.collect()
}

/// A parameter is there or not; it is never null.
fn without_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(options) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        options.retain(|option| option.get("type") != Some(&Value::from("null")));
        if let [only] = options.as_slice() {
            let (only, says) = (only.clone(), schema.get("description").cloned());
            *schema = only;
            if let Some(says) = says {
                schema["description"] = says;
            }
        }
    }
}
