import { written } from "../paths.ts";
import type { Asset, Hall, OwnVariant, ProcessStep, Variant } from "../schema.ts";
import { reordered } from "./order.ts";
import { changed } from "./placements.ts";

/** What a curator does with an exhibit's other shapes, one at a time, and with the steps of its animation. */

/** Another shape of the same thing, in the same frame. Its title is the asset's until it is written. */
export function addVariant(hall: Hall, id: string, { id: asset, asset: document }: { id: string; asset: Asset }): Hall {
  const next = withVariants(hall, id, (variants) => [...variants, { title: { ...document.title }, asset }]);
  return { ...next, assets: { ...next.assets, [asset]: document } };
}

/** Changes some fields of a shape; a field that is undefined is taken away. */
export function changeVariant(hall: Hall, id: string, index: number, fields: Partial<Variant>): Hall {
  return withVariants(hall, id, (variants) =>
    variants.map((variant, i) => (i === index ? withFields(variant, fields) : variant)),
  );
}

export function removeVariant(hall: Hall, id: string, index: number): Hall {
  return withVariants(hall, id, (variants) => variants.toSpliced(index, 1));
}

/** Moves a shape to another index, from 0. */
export function moveVariant(hall: Hall, id: string, index: number, to: number): Hall {
  return withVariants(hall, id, (variants) => reordered(variants, variants.slice(index, index + 1), to));
}

/** The title and the year of the exhibit's own shape among the others; one that says nothing is left out. */
export function nameOwnShape(hall: Hall, id: string, fields: Partial<OwnVariant>): Hall {
  return changed(hall, [id], (placement) => {
    const own = withFields(placement.variant ?? { title: { zh: "", en: "" } }, fields);
    const says = own.title.zh !== "" || own.title.en !== "" || own.year !== undefined;
    return written(placement, ["variant"], says ? own : undefined);
  });
}

/** Steps stay in the order of their beginnings. */
export function addStep(hall: Hall, id: string, step: ProcessStep): Hall {
  return withSteps(hall, id, (steps) => [...steps, step].sort((a, b) => a.from_s - b.from_s));
}

export function changeStep(hall: Hall, id: string, index: number, fields: Partial<ProcessStep>): Hall {
  return withSteps(hall, id, (steps) => steps.map((step, i) => (i === index ? withFields(step, fields) : step)));
}

export function removeStep(hall: Hall, id: string, index: number): Hall {
  return withSteps(hall, id, (steps) => steps.toSpliced(index, 1));
}

function withVariants(hall: Hall, id: string, change: (variants: readonly Variant[]) => Variant[]): Hall {
  return changed(hall, [id], (placement) => {
    const variants = change(placement.variants ?? []);
    return written(placement, ["variants"], variants.length > 0 ? variants : undefined);
  });
}

function withSteps(hall: Hall, id: string, change: (steps: readonly ProcessStep[]) => ProcessStep[]): Hall {
  return changed(hall, [id], (placement) => {
    const steps = change(placement.process ?? []);
    return written(placement, ["process"], steps.length > 0 ? steps : undefined);
  });
}

function withFields<T extends object>(thing: T, fields: Partial<T>): T {
  return Object.entries(fields).reduce((next, [key, value]) => written(next, [key], value), thing);
}
