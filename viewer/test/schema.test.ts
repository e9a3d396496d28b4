import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { generate, TARGET } from "../scripts/schema.ts";

it("the types of the hall document are those of assets/schema (else: npm run schema)", async () => {
  expect(await readFile(TARGET, "utf8")).toBe(await generate());
});
