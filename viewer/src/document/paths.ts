/** Values in a document by their paths. A document is never changed: what is written is in a copy that shares the rest. */

/** Keys of objects, and indexes of arrays. */
export type DeepPath = readonly (string | number)[];

export type Values = { readonly [key: string]: unknown };

export function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(document: object, path: DeepPath): unknown {
  let value: unknown = document;
  for (const key of path) {
    if (typeof key === "number") value = Array.isArray(value) ? value[key] : undefined;
    else value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** A copy with a value at a path, or without the key if the value is undefined. Objects on the way are made. */
export function written<T>(document: T, path: DeepPath, to: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return to as T;
  if (Array.isArray(document)) return document.map((each, i) => (i === key ? written(each, rest, to) : each)) as T;
  const copy = { ...document } as Record<string, unknown>;
  const next = written(copy[key], rest, to);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy as T;
}
