// JSON schemas of the interface in words, and examples made from them.

const DEEPEST = 6;
/** More of them are cut short. */
const MOST_CHOICES = 16;
const FORMATS = { "date-time": "2026-11-28T09:00:00+00:00", date: "2026-11-28", uri: "https://shop.example/item", binary: "(bytes)" };
const NAMED = { currency: "EUR", country: "DE", producer: "Norrvik", model: "Fjell Parka", marketplace: "ebay", title: "Norrvik Fjell Parka", key: "b0b41d2a…" };
const WORDS = { string: "text", integer: "whole number", boolean: "true or false" };

/** Return the name of the component that a schema refers to. */
export function refName(schema) {
  return schema?.$ref?.split("/").at(-1);
}

/** Return what a schema allows, in a few words. */
export function typeOf(schema = {}) {
  const name = refName(schema);
  if (name) return name;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return choices(schema.enum);
  if (schema.oneOf) return "one of these";
  if (schema.format === "binary") return "file";
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  const types = [schema.type ?? "any"].flat().map((type) => WORDS[type] ?? type).join(" or ");
  return `${types}${bounds(schema)}`;
}

function choices(values) {
  const shown = values.length > MOST_CHOICES ? values.slice(0, MOST_CHOICES / 2) : values;
  const more = shown.length < values.length ? ` | … ${values.length - shown.length} more` : "";
  return shown.map((value) => JSON.stringify(value)).join(" | ") + more;
}

function bounds(schema) {
  const least = schema.minimum ?? (schema.exclusiveMinimum === undefined ? undefined : `above ${schema.exclusiveMinimum}`);
  const most = schema.maximum ?? (schema.exclusiveMaximum === undefined ? undefined : `below ${schema.exclusiveMaximum}`);
  if (schema.maxLength !== undefined) return `, at most ${schema.maxLength} characters`;
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}`;
  if (least !== undefined) return typeof least === "number" ? `, at least ${least}` : `, ${least}`;
  return most === undefined ? "" : `, at most ${most}`;
}

/** Return a value that fits a schema; what lies too deep is left out. */
export function exampleOf(schema = {}, schemas = {}, name = "", depth = 0) {
  const of = refName(schema) ? schemas[refName(schema)] ?? {} : schema;
  if ("const" in of) return of.const;
  if (of.enum) return of.enum[0];
  if (of.oneOf) return exampleOf(of.oneOf[0], schemas, name, depth);
  if (of.type === "array") return depth < DEEPEST ? [exampleOf(of.items, schemas, name, depth + 1)] : [];
  if (of.type === "object") return objectExample(of, schemas, depth);
  return plainExample(of, name);
}

function objectExample(of, schemas, depth) {
  if (depth >= DEEPEST) return {};
  const shown = Object.entries(of.properties ?? {}).filter(([name]) => of.required?.includes(name) || name === "price");
  return Object.fromEntries(shown.map(([name, schema]) => [name, exampleOf(schema, schemas, name, depth + 1)]));
}

function plainExample(of, name) {
  const type = [of.type].flat()[0];
  if (type === "boolean") return true;
  if (type === "integer") return Math.max(of.minimum ?? 1, 1);
  if (type === "number") return of.maximum === 1 ? 0.9 : 89.5;
  return FORMATS[of.format] ?? NAMED[name] ?? "…";
}
