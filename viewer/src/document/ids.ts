/** Ids of things in a document, made from titles as the server makes them: exhibit/ids.py. */

const LONGEST_SLUG = 48;

/** A title as an id, at most 48 characters; empty where nothing of it can be kept. */
export function slug(wish: string): string {
  const plain = wish
    .normalize("NFKD")
    .replace(/[\u{80}-\u{10ffff}]/gu, "")
    .toLowerCase();
  return trimmed(trimmed(plain.replace(/[^a-z0-9]+/g, "-")).slice(0, LONGEST_SLUG));
}

/** `stem`, or with the lowest number from 2 that is not taken. */
export function unused(stem: string, taken: Readonly<Record<string, unknown>>): string {
  let wish = stem;
  for (let number = 2; Object.hasOwn(taken, wish); number++) wish = `${stem}-${number}`;
  return wish;
}

/** `stem` with a number after the highest that is there: what was removed and comes back finds its id free. */
export function numbered(stem: string, taken: Readonly<Record<string, unknown>>): string {
  const number = (id: string) => Number(new RegExp(`^${stem}-(\\d{1,15})$`).exec(id)?.[1] ?? (id === stem ? 1 : 0));
  const highest = Math.max(0, ...Object.keys(taken).map(number));
  return highest === 0 ? stem : `${stem}-${highest + 1}`;
}

function trimmed(id: string): string {
  return id.replace(/^-+|-+$/g, "");
}
