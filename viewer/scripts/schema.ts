// Writes src/document/schema.ts from the contract in assets/schema, so that the viewer's types cannot drift from it.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile, type JSONSchema } from "json-schema-to-typescript";

const SCHEMAS = new URL("../../assets/schema/", import.meta.url);
export const TARGET = new URL("../src/document/schema.ts", import.meta.url);

async function read(name: string): Promise<JSONSchema> {
  return JSON.parse(await readFile(new URL(`${name}.schema.json`, SCHEMAS), "utf8")) as JSONSchema;
}

/** What json-schema-to-typescript says of each definition, whether or not the root uses it: nothing of use. */
const NOT_OF_HALL =
  /( \*\n)? \* This interface was referenced by `Hall`'s JSON-Schema\n \* via the `definition` ".*"\.\n/g;
const ANY_VALUE = new Set(["from", "to", "current"]);

/** Makes every reference local and alone: a description beside it would make a type of its own (Text1, Text2, ...). */
function local(key: string, value: unknown): unknown {
  const reference = (value as { $ref?: string } | null)?.$ref;
  if (!reference && ANY_VALUE.has(key)) return { ...(value as JSONSchema), tsType: "unknown" };
  return reference ? { $ref: reference.replace(/^.*#\/\$defs\//, "#/definitions/") } : value;
}

/** The types of hall documents and of edits, as TypeScript source. */
export async function generate(): Promise<string> {
  const asset = await read("asset");
  const hall = await read("hall");
  const edit = await read("edit");
  // One document with all definitions by name: references between the files become local ones.
  const request = { ...edit, $defs: undefined, $id: undefined, $schema: undefined };
  const definitions = { ...asset.$defs, ...hall.$defs, ...edit.$defs, edits_request: request };
  const merged = JSON.parse(
    JSON.stringify({ ...hall, $defs: undefined, $id: undefined, definitions }),
    local,
  ) as JSONSchema & { definitions: Record<string, JSONSchema> };
  // "A panel has no asset" is checked by the server; as a type it would only blur `Placement`.
  delete merged.definitions.placement?.allOf;
  // Likewise which paths and changes there are; arrays of at most eight strings would be eight types of tuples.
  for (const part of ["path", "order_path", "field_change", "order_change"]) {
    for (const rule of ["anyOf", "prefixItems", "minItems", "maxItems"]) delete merged.definitions[part]?.[rule];
  }
  const source = await compile(merged, "Hall", {
    bannerComment:
      "// Written by `npm run schema` from assets/schema/*.json. Do not edit.\n// biome-ignore-all lint: generated",
    additionalProperties: false,
    unreachableDefinitions: true,
    style: { printWidth: 120, semi: true },
  });
  return source.replaceAll(NOT_OF_HALL, "").replaceAll("/**\n */\n", "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(TARGET, await generate());
}
