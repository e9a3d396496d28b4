import { applyOne, difference, equal, invert, isOrderChange, placed } from "../document/changes.ts";
import { isMap, valueAt, written } from "../document/paths.ts";
import { dangling, type NamedMap, ORDER_OF, withoutReferences } from "../document/references.ts";
import type { Change, FieldChange, Hall, OrderChange } from "../document/schema.ts";

/**
 * Undo for an editor who is not alone: of an own edit it takes back what is still as this editor left it.
 *
 * After Excalidraw's rules: a stack of each editor's own; an undo touches nothing that others have done since; an entry
 * without a visible effect is skipped; an undo is itself an edit.
 */

/** One step of an editor: its command's name, what it changed, and the group of edits that are one step with it. */
export interface Step<Name extends string = string> {
  readonly name: Name;
  readonly changes: readonly Change[];
  readonly group?: string;
}

/** The changes that take back, or do again, as much of a step as can be: none if there is nothing to do. */
export function reversal(document: Hall, step: Step): Change[] {
  const changes = invert(step.changes);
  const kept = new Set<string>(); // things that others name since, so they stay
  for (;;) {
    const next = restored(document, changes, kept);
    if (next === document) return []; // soon told, for a stack whose steps others have overwritten can be long
    const broken = dangling(next);
    const needed = broken.filter((reference) => isThere(document, reference));
    if (needed.length === 0) return difference(document, withoutReferences(next, broken));
    for (const { map, id } of needed) kept.add(`${map}/${id}`);
  }
}

/** The document with those of the changes that fit: first the values, then the orders, which list what is there. */
function restored(document: Hall, changes: readonly Change[], kept: ReadonlySet<string>): Hall {
  let next = document;
  for (const change of changes) {
    if (isOrderChange(change)) continue;
    const removes = change.to === undefined && kept.has(change.path.join("/"));
    if (!removes) next = applyOne(next, change) ?? next;
  }
  for (const change of changes)
    if (isOrderChange(change) && agrees(next, change)) next = applyOne(next, change) ?? next;
  return next;
}

/** Whether an order may list the id after the change, or no more: it lists what is there. */
export function agrees(document: Hall, { order, id, to }: OrderChange): boolean {
  const there = valueAt(document, [...listedIn(order), id]) !== undefined;
  return to !== undefined ? there : !there || isChoice(order);
}

/** Whether an order lists some of the things, not all of them. */
function isChoice(order: readonly string[]): boolean {
  return order.length > 1 && order.at(-1) !== "stop_order";
}

/** The map whose things an order lists. */
function listedIn(order: readonly string[]): readonly string[] {
  const last = order.at(-1) as string;
  if (last === "stop_order") return [...order.slice(0, -1), "stops"];
  if (last === "members") return ["placements"]; // of a group
  return [Object.entries(ORDER_OF).find(([, name]) => name === last)?.[0] ?? last];
}

function isThere(document: Hall, { map, id }: { readonly map: NamedMap; readonly id: string }): boolean {
  return valueAt(document, [map, id]) !== undefined;
}

/** Two lists of changes, one after the other, as one that is as short as it can easily be. */
export function combined(first: readonly Change[], second: readonly Change[]): Change[] {
  let changes: Change[] = [...first];
  for (const change of second) {
    const whole = isOrderChange(change) ? change : withParts(changes, change);
    changes = changes.filter((each) => isOrderChange(change) || !isPart(each, change));
    // Moves in one order follow one another: only the last of them can go on.
    const at = changes.findLastIndex((each) => (isOrderChange(whole) ? isMoveIn(each, whole) : continues(each, whole)));
    const last = changes[at];
    if (last && continues(last, whole)) changes[at] = continued(last, whole);
    else changes.push(whole);
  }
  return changes.filter(({ from, to }) => !equal(from, to));
}

/** A change of a whole thing, from what the thing was before the earlier changes of its parts. */
function withParts(earlier: readonly Change[], { path, from, to }: FieldChange): FieldChange {
  let before: unknown = from;
  for (const part of earlier.toReversed()) {
    if (!isPart(part, { path })) continue;
    const rest = (isOrderChange(part) ? part.order : part.path).slice(path.length);
    before = written(
      before,
      rest,
      isOrderChange(part) ? withoutMove(valueAt(before as object, rest), part) : part.from,
    );
  }
  return { path, ...(before === undefined ? {} : { from: before }), ...(to === undefined ? {} : { to }) };
}

function isPart(part: Change, { path }: { readonly path: readonly string[] }): boolean {
  const place = isOrderChange(part) ? part.order : part.path;
  return place.length > path.length && path.every((key, i) => key === place[i]);
}

function isMoveIn(change: Change, { order }: OrderChange): boolean {
  return isOrderChange(change) && equal(change.order, order);
}

/** An order as it was before one of its ids moved; undefined if it was empty. */
function withoutMove(order: unknown, { id, from }: OrderChange): readonly string[] | undefined {
  const now = (order ?? []) as readonly string[];
  const before = from === undefined ? now.filter((each) => each !== id) : placed(now, id, from);
  return before.length > 0 ? before : undefined;
}

/** Whether the second change goes on where the first one ended: it can become a part of it. */
function continues(first: Change, second: Change): boolean {
  if (isOrderChange(first))
    return (
      isOrderChange(second) &&
      second.id === first.id &&
      equal(first.order, second.order) &&
      equal(first.to, second.from)
    );
  if (isOrderChange(second) || first.path.length > second.path.length) return false;
  const [above, rest] = [second.path.slice(0, first.path.length), second.path.slice(first.path.length)];
  if (!equal(above, first.path)) return false;
  return rest.length === 0
    ? equal(first.to, second.from)
    : isMap(first.to) && equal(valueAt(first.to, rest), second.from);
}

function continued(first: Change, second: Change): Change {
  if (isOrderChange(first)) return withTo(first, second.to as string | null | undefined);
  const rest = (second as FieldChange).path.slice(first.path.length);
  return withTo(first, rest.length === 0 ? second.to : written(first.to, rest, second.to));
}

function withTo<C extends Change>({ to: _, ...change }: C, to: unknown): C {
  return (to === undefined ? change : { ...change, to }) as C;
}

/** The steps that an editor can take back, and those that can be done again. */
export class UndoStacks<Name extends string> {
  #undo: Step<Name>[] = [];
  #redo: Step<Name>[] = [];

  /** As they are now. */
  get undoSteps(): readonly Step<Name>[] {
    return [...this.#undo];
  }

  get redoSteps(): readonly Step<Name>[] {
    return [...this.#redo];
  }

  /** Takes in the steps of an earlier page, below those of this one. */
  adopt(undo: readonly Step<Name>[], redo: readonly Step<Name>[]): void {
    if (this.#undo.length + this.#redo.length === 0) this.#redo = [...redo];
    this.#undo = [...undo, ...this.#undo];
  }

  /** A new step, or more of the last one if they are of one group. What could be done again is forgotten. */
  record(step: Step<Name>): void {
    this.#redo = [];
    const last = this.#undo.at(-1);
    if (last && step.group !== undefined && last.group === step.group) {
      this.#undo.pop();
      const changes = combined(last.changes, step.changes);
      if (changes.length > 0) this.#undo.push({ ...last, changes });
    } else this.#undo.push(step);
  }

  /** Takes the last step that can be taken back off its stack: its name and the changes. Steps without effect are dropped. */
  undo(document: Hall): Step<Name> | null {
    return take(document, this.#undo, this.#redo);
  }

  redo(document: Hall): Step<Name> | null {
    return take(document, this.#redo, this.#undo);
  }

  /** The name of the step that an undo would take back; null if there is none. */
  undoName(document: Hall): Name | null {
    return this.#undo.findLast((step) => reversal(document, step).length > 0)?.name ?? null;
  }

  redoName(document: Hall): Name | null {
    return this.#redo.findLast((step) => reversal(document, step).length > 0)?.name ?? null;
  }

  /** Someone else has moved these ids in their orders: own steps move them no more. Values tell that by themselves. */
  forgetMoves(changes: readonly Change[]): void {
    const moved = new Set(changes.filter(isOrderChange).map(({ order, id }) => [...order, id].join("/")));
    if (moved.size === 0) return;
    const stays = (change: Change) =>
      !isOrderChange(change) ||
      change.from === undefined ||
      change.to === undefined ||
      !moved.has([...change.order, change.id].join("/"));
    this.#map((step) => (step.changes.every(stays) ? step : { ...step, changes: step.changes.filter(stays) }));
  }

  /** The server has kept other values than were sent (rich text is sanitised): own steps know them as their own. */
  correct(sent: readonly Change[], kept: readonly Change[]): void {
    if (sent.some((change) => !kept.some((other) => equal(where(other), where(change)))))
      this.#map((step) => (equal(step.changes, sent) ? { ...step, changes: kept } : step)); // they are changes of other things
    for (const change of sent) {
      if (isOrderChange(change)) continue;
      const other = kept.find((each): each is FieldChange => !isOrderChange(each) && equal(each.path, change.path));
      if (!other || equal(other.to, change.to)) continue;
      const isSent = (each: Change) =>
        !isOrderChange(each) && equal(each.path, change.path) && equal(each.to, change.to);
      const known = (each: Change): Change => (isSent(each) ? withTo(each, other.to) : each);
      this.#map((step) => (step.changes.some(isSent) ? { ...step, changes: step.changes.map(known) } : step));
    }
  }

  /** Other changes in every step, such as those with another id. */
  rewrite(change: (changes: readonly Change[]) => readonly Change[]): void {
    this.#map((step) => {
      const changes = change(step.changes);
      return equal(changes, step.changes) ? step : { ...step, changes };
    });
  }

  /** A step that says the same stays the same object: only others are written into the browser's storage again. */
  #map(change: (step: Step<Name>) => Step<Name>): void {
    this.#undo = this.#undo.map(change);
    this.#redo = this.#redo.map(change);
  }
}

function where(change: Change): readonly string[] {
  return isOrderChange(change) ? [...change.order, change.id] : change.path;
}

/** Steps without an effect are dropped on the way; what was done comes onto the other stack. */
function take<Name extends string>(document: Hall, stack: Step<Name>[], other: Step<Name>[]): Step<Name> | null {
  for (;;) {
    const step = stack.pop();
    if (!step) return null;
    const changes = reversal(document, step);
    if (changes.length === 0) continue;
    other.push({ name: step.name, changes });
    return { name: step.name, changes };
  }
}
