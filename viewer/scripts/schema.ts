// Writes src/document/schema.ts from the contract in assets/schema, so that the viewer's types cannot drift from it.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile, type JSONSchema } from "json-schema-to-typescript";

const SCHEMAS = new URL("../../assets/schema/", import.meta.url);
export const TARGET = new URL("../src/document/schema.ts", import.meta.url);

async function read(name: string): Promise<JSONSchema> {
  return JSON.parse(await readFile(new URL(`${name}.schema.json`, SCHEMAS), "utf8")) as JSONSchema;
}

/** Makes every reference local and alone: a description beside it would make a type of its own (Text1, Text2, ...). */
function local(_key: string, value: unknown): unknown {
  const reference = (value as { $ref?: string } | null)?.$ref;
  return reference ? { $ref: reference.replace(/^.*#\/\$defs\//, "#/definitions/") } : value;
}

/** The types of the hall document, as TypeScript source. */
export async function generate(): Promise<string> {
  const asset = await read("asset");
  const hall = await read("hall");
  // One document with all definitions by name: references between the two files become local ones.
  const definitions = { ...asset.$defs, ...hall.$defs } as Record<string, JSONSchema>;
  const merged = JSON.parse(
    JSON.stringify({ ...hall, $defs: undefined, $id: undefined, definitions }),
    local,
  ) as JSONSchema & { definitions: Record<string, JSONSchema> };
  // "A panel has no asset" is checked by the server; as a type it would only blur `Placement`.
  delete merged.definitions.placement?.allOf;
  return await compile(merged, "Hall", {
    bannerComment:
      "// Written by `npm run schema` from assets/schema/*.json. Do not edit.\n// biome-ignore-all lint: generated",
    additionalProperties: false,
    unreachableDefinitions: false,
    style: { printWidth: 120, semi: true },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(TARGET, await generate());
}
