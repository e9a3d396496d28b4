import type { Hall } from "./core/schema.ts";

/** The published hall document. Rejects with a sentence that says what is wrong. */
export async function fetchHall(src: string, signal: AbortSignal): Promise<Hall> {
  const answer = await fetch(src, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The hall's document could not be had: ${answer.status} ${answer.statusText}`);
  const document = (await answer.json()) as Partial<Hall>;
  if (document.schema !== "longyao:hall/1")
    throw new Error(`Not a hall document: schema is ${String(document.schema)}`);
  return document as Hall;
}
