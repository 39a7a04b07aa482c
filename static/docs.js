// Shows /openapi.json: operations with their parameters, bodies, answers and examples, then webhooks and schemas.

import { element } from "./dom.js";
import { exampleOf, refName, typeOf } from "./schema-text.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Return text nodes and code elements for a text with words between backticks. */
function prose(text = "") {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

/** Return what a schema is in words, with a link where it is a component. */
function typeNode(schema) {
  const name = refName(schema) ?? refName(schema?.items);
  if (!name) return element("code", {}, typeOf(schema));
  const target = element("a", { href: `#schema-${name}` }, name);
  return schema.type === "array" ? element("span", {}, "list of ", target) : target;
}

function table(headings, rows) {
  if (!rows.length) return null;
  const cells = (row, name) => row.map((cell) => element(name, {}, ...[cell].flat()));
  const head = element("thead", {}, element("tr", {}, ...cells(headings, "th")));
  const body = element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row, "td"))));
  return element("div", { class: "docs-scroll" }, element("table", {}, head, body));
}

function named(name, required) {
  const mark = required ? element("span", { class: "docs-required" }, " required") : "";
  return [element("code", {}, name), mark];
}

function parameterRow(parameter) {
  const place = parameter.in === "query" ? "" : ` (${parameter.in})`;
  return [named(parameter.name, parameter.required), [typeNode(parameter.schema), place], prose(parameter.description)];
}

function propertyRows(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, of]) => [
    named(name, required.has(name)), [typeNode(of)], prose(of.description),
  ]);
}

function fieldTable(schema) {
  return table(["field", "type", ""], propertyRows(schema));
}

function methodMark(method) {
  return element("span", { class: `docs-method ${method}` }, method.toUpperCase());
}

function filterWords(method, path, { summary }) {
  return `${method} ${path} ${summary}`.toLowerCase();
}

function contentNodes(content, schemas) {
  return Object.entries(content ?? {}).flatMap(([kind, { schema }]) => {
    const label = element("p", { class: "small" }, element("code", {}, kind), " ", schema ? typeNode(schema) : "");
    if (!schema) return [label];
    const rows = refName(schema) ? null : fieldTable(schema);
    const isJson = kind === "application/json";
    const example = isJson ? element("pre", {}, JSON.stringify(exampleOf(schema, schemas), null, 2)) : null;
    return [label, rows, example];
  });
}

function answerRow([status, answer]) {
  const headers = Object.entries(answer.headers ?? {}).map(([name]) => element("code", {}, name));
  const kinds = Object.entries(answer.content ?? {}).map(([kind, { schema }]) =>
    element("div", {}, element("code", {}, kind), " ", schema ? typeNode(schema) : ""));
  const list = headers.flatMap((header, index) => (index ? [", ", header] : [header]));
  const sent = list.length ? [element("div", { class: "small" }, "with ", ...list)] : [];
  return [[element("code", {}, status)], kinds, [...prose(answer.description), ...sent]];
}

/** Return a call of an operation that can be pasted into a shell. */
function curl(method, path, operation, schemas) {
  const kind = Object.keys(operation.requestBody?.content ?? {})[0];
  const body = {
    "multipart/form-data": () => "-F file=@photo.jpg",
    "application/json": () => `-H 'Content-Type: application/json' -d '${JSON.stringify(exampleOf(operation.requestBody.content[kind].schema, schemas))}'`,
  }[kind];
  const parts = ["curl", method === "get" ? "" : `-X ${method.toUpperCase()}`, body ? body() : ""];
  const address = new URL(path.slice(1), document.baseURI).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
  return [...parts, `'${address.replace(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`)}'`].filter(Boolean).join(" ").replace(/'([^']*\$[A-Z]+[^']*)'$/, '"$1"');
}

function operationEntry(method, path, operation, schemas, { isWebhook = false } = {}) {
  const summary = element("summary", {},
    methodMark(method), element("code", { class: "docs-path" }, path), element("span", {}, operation.summary));
  const body = operation.requestBody;
  return element("details", { class: "docs-entry", id: operation.operationId, "data-words": filterWords(method, path, operation) },
    summary,
    ...(isWebhook ? [] : [element("h3", {}, "Call"), element("pre", {}, curl(method, path, operation, schemas))]),
    ...(operation.parameters?.length ? [element("h3", {}, "Parameters"), table(["name", "type", ""], operation.parameters.map(parameterRow))] : []),
    ...(body ? [element("h3", {}, "Body"), ...contentNodes(body.content, schemas)] : []),
    element("h3", {}, "Answers"), table(["status", "content", ""], Object.entries(operation.responses).map(answerRow)),
    ...contentNodes(Object.values(operation.responses)[0].content, schemas).filter((node) => node?.localName === "pre"));
}

function schemaEntry(name, schema, schemas) {
  const data = schema.properties?.data ?? {};
  const choices = (schema.oneOf ?? []).map((one) => element("li", {}, typeNode(one)));
  return element("details", { class: "docs-entry", id: `schema-${name}`, "data-words": name.toLowerCase() },
    element("summary", {}, element("code", { class: "docs-path" }, name), element("span", {}, typeOf(schema))),
    schema.description ? element("p", {}, ...prose(schema.description)) : null,
    choices.length ? element("ul", {}, ...choices) : null,
    fieldTable(schema),
    ...(data.properties ? [element("h3", {}, "data"), fieldTable(data)] : []),
    ...(data.items?.properties ? [element("h3", {}, "data, each row"), fieldTable(data.items)] : []),
    element("h3", {}, "Example"), element("pre", {}, JSON.stringify(exampleOf(schema, schemas), null, 2)));
}

function operationsOf(paths) {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [method, path, item[method]]));
}

function draw(api) {
  const byId = (id) => document.getElementById(id);
  const schemas = api.components.schemas;
  const operations = operationsOf(api.paths);
  byId("version").textContent = api.info.version;
  byId("about").replaceChildren(...prose(api.info.description));
  byId("contents").replaceChildren(...operations.map(([method, path, operation]) =>
    element("a", { href: `#${operation.operationId}`, "data-words": filterWords(method, path, operation) },
      methodMark(method), element("code", {}, path), element("span", { class: "small" }, operation.summary))));
  byId("operations").replaceChildren(element("h2", {}, "Operations"),
    ...operations.map(([method, path, operation]) => operationEntry(method, path, operation, schemas)));
  byId("webhooks").replaceChildren(element("h2", {}, "Webhooks"),
    ...operationsOf(api.webhooks ?? {}).map(([method, path, operation]) => operationEntry(method, path, operation, schemas, { isWebhook: true })));
  byId("schemas").replaceChildren(element("h2", {}, "Schemas"),
    ...Object.entries(schemas).map(([name, schema]) => schemaEntry(name, schema, schemas)));
}

/** Open the entry that the address names, and go there. */
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.localName !== "details") return;
  target.open = true;
  target.scrollIntoView();
}

function filter(event) {
  const word = event.target.value.trim().toLowerCase();
  for (const node of document.querySelectorAll("[data-words]")) node.hidden = !node.dataset.words.includes(word);
}

async function start() {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  draw(await answer.json());
  openTarget();
  addEventListener("hashchange", openTarget);
  document.getElementById("filter").addEventListener("input", filter);
}

start().catch((error) => {
  const failure = document.getElementById("failure");
  failure.textContent = `The description of the interface could not be read (${error.message}). Reload to try again.`;
  failure.hidden = false;
});
