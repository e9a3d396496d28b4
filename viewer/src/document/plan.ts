import { byId } from "./order.ts";
import type { Hall, Opening, Plan, Vec2, Vec3 } from "./schema.ts";

/**
 * What a plan means: the rooms that its walls enclose, and where its openings lie. The server: exhibit/space/plan_rooms.py.
 *
 * The cases in assets/schema/cases/plan.json hold both. Points are [x, z] in metres. "Left" and "counterclockwise" are as seen
 * from above, where x runs right and z runs down the page.
 *
 * The walls become a graph. Ends within 5 cm of each other are one node. A node within 5 cm of another wall splits that wall, and so
 * does a crossing. Rooms are the graph's bounded faces (de Berg et al., Computational Geometry, 2008, ch. 2); walls with the same
 * face on both sides bound no room.
 */

type Point = Readonly<Vec2>;

/** Ends of walls this near each other meet, m. */
export const JOIN_M = 0.05;
const SMALLEST_ROOM_M2 = 0.1;

/** A piece of a wall between two nodes, in the wall's direction. */
interface Edge {
  readonly start: number;
  readonly end: number;
  readonly wall: string;
}

export interface WallGraph {
  readonly nodes: readonly Point[];
  readonly edges: readonly Edge[];
  /** Of each wall that is not shorter than a joint: the nodes of `from` and `to`. */
  readonly ends: ReadonlyMap<string, readonly [number, number]>;
}

/**
 * A closed line along the middles of walls: the wall `walls[i]` runs from `points[i]` to the next point.
 *
 * It begins at the point with the smallest x, of those the smallest z.
 */
export interface Loop {
  readonly points: readonly Point[];
  readonly walls: readonly string[];
}

/** A room: what lies inside its outline, which runs counterclockwise, and outside its holes, which run clockwise. */
export interface PlanFace {
  readonly outline: Loop;
  readonly holes: readonly Loop[];
  /** Up to the middles of the walls. */
  readonly area_m2: number;
}

/** An opening where it is built: within its wall, whatever the plan says. */
export interface OpeningPlace {
  /** Its middle, in the middle of the wall, on the floor. */
  readonly position: Vec3;
  /** The yaw about +Y that turns +Z into the room; between two rooms: into the one left of the wall. */
  readonly facing_deg: number;
  readonly width_m: number;
  readonly height_m: number;
  readonly sill_m: number;
}

/** The walls in the order of their ids. */
export function wallGraph(plan: Plan): WallGraph {
  const nodes: Point[] = [];
  let ends = new Map<string, readonly [number, number]>();
  for (const [id, { from, to }] of byId(plan.walls)) {
    const pair = [joined(nodes, from), joined(nodes, to)] as const;
    if (pair[0] !== pair[1]) ends.set(id, pair);
  }
  for (const index of nodes.keys()) {
    for (const [a, b] of ends.values()) {
      const onto = index === a || index === b ? null : foot(node(nodes, index), node(nodes, a), node(nodes, b));
      if (!onto) continue;
      nodes[index] = onto;
      break;
    }
  }
  const kept: Point[] = []; // two ends that met a wall from both sides are one node
  const renumbered = nodes.map((each) => joined(kept, each));
  ends = new Map(
    [...ends].flatMap(([id, [a, b]]) => {
      const pair = [renumbered[a] as number, renumbered[b] as number] as const;
      return pair[0] === pair[1] ? [] : [[id, pair] as const];
    }),
  );
  const lines = [...ends.values()];
  for (const [i, [a, b]] of lines.entries())
    for (const [c, d] of lines.slice(i + 1)) {
      const at = crossing(node(kept, a), node(kept, b), node(kept, c), node(kept, d));
      if (at) joined(kept, at);
    }
  const edges = new Map<string, Edge>();
  for (const [wall, [a, b]] of ends) {
    const [start, end] = [node(kept, a), node(kept, b)];
    const between = [...kept.keys()]
      .filter((i) => i !== a && i !== b && foot(node(kept, i), start, end) !== null)
      .sort((i, j) => share(node(kept, i), start, end) - share(node(kept, j), start, end));
    const along = [a, ...between, b];
    for (const [i, from] of along.slice(0, -1).entries()) {
      const to = along[i + 1] as number;
      const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
      if (!edges.has(key)) edges.set(key, { start: from, end: to, wall });
    }
  }
  return { nodes: kept, edges: [...edges.values()], ends };
}

/** The rooms, in the order of their outlines' points. */
export function planFaces({ nodes, edges }: WallGraph): PlanFace[] {
  const faceOf = new Map<string, number>();
  for (const [i, walk] of walks(nodes, edges).entries()) for (const half of walk) faceOf.set(half.key, i);
  const bounding = edges.filter((_, i) => faceOf.get(`${i}`) !== faceOf.get(`${i} back`));
  const loops = walks(nodes, bounding).map((walk) => loopOf(nodes, bounding, walk));
  const outlines = loops.filter(({ points }) => signedArea(points) >= SMALLEST_ROOM_M2);
  const part = parts(bounding);
  const partAt = ({ points }: Loop) => part.get(nodes.indexOf(points[0] as Point));
  const holes = new Map<Loop, Loop[]>();
  for (const loop of loops) {
    if (signedArea(loop.points) > -SMALLEST_ROOM_M2) continue;
    const first = loop.points[0] as Point;
    const [around] = outlines
      .filter((outline) => partAt(outline) !== partAt(loop) && inside(outline.points, first))
      .sort((a, b) => signedArea(a.points) - signedArea(b.points));
    if (around) holes.set(around, [...(holes.get(around) ?? []), loop]);
  }
  return outlines
    .map((outline): PlanFace => {
      const own = (holes.get(outline) ?? []).sort((a, b) => compareLines(a.points, b.points));
      return {
        outline,
        holes: own,
        area_m2: own.reduce((sum, hole) => sum + signedArea(hole.points), signedArea(outline.points)),
      };
    })
    .sort((a, b) => compareLines(a.outline.points, b.outline.points));
}

/** The room that the point lies in. */
export function faceAt(faces: readonly PlanFace[], point: Point): PlanFace | null {
  return (
    faces.find(
      ({ outline, holes }) => inside(outline.points, point) && !holes.some(({ points }) => inside(points, point)),
    ) ?? null
  );
}

/** Of each room, the id of the entry in `rooms` that says how it looks: the first that lies in it. */
export function looksOf(faces: readonly PlanFace[], plan: Plan): (string | null)[] {
  const entries = byId(plan.rooms);
  return faces.map((face) => entries.find(([, { at }]) => faceAt([face], at))?.[0] ?? null);
}

/**
 * Where the openings are built; one without a wall is not built.
 *
 * An opening that does not fit into its wall is moved into it, and made as small as the wall where it must be.
 */
export function openingPlaces(
  plan: Plan,
  graph: WallGraph,
  faces: readonly PlanFace[],
): ReadonlyMap<string, OpeningPlace> {
  return new Map(
    byId(plan.openings).flatMap(([id, opening]) => {
      const place = openingPlace(opening, plan, graph, faces);
      return place ? [[id, place] as const] : [];
    }),
  );
}

function openingPlace(
  { wall, kind, at_m, width_m, height_m, sill_m }: Opening,
  plan: Plan,
  { nodes, ends }: WallGraph,
  faces: readonly PlanFace[],
): OpeningPlace | null {
  const pair = ends.get(wall);
  const tall = plan.walls[wall]?.height_m;
  if (!pair || tall === undefined) return null;
  const [start, end] = [node(nodes, pair[0]), node(nodes, pair[1])];
  const length = distance(start, end);
  const [x, z] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  const width = Math.min(width_m, length);
  const at = Math.min(Math.max(at_m, width / 2), length - width / 2);
  const sill = kind === "window" ? Math.min(sill_m ?? 0, tall) : 0;
  const [mx, mz] = [start[0] + at * x, start[1] + at * z];
  const left: Point = [z, -x];
  const [near, far] = [1, -1].map((side) =>
    faceAt(faces, [mx + side * JOIN_M * left[0], mz + side * JOIN_M * left[1]]),
  );
  const side = !near && far ? -1 : 1;
  return {
    position: [rounded(mx), 0, rounded(mz)],
    facing_deg: facingOf(side * left[0], side * left[1]),
    width_m: rounded(width),
    height_m: rounded(Math.min(height_m, tall - sill)),
    sill_m: rounded(sill),
  };
}

/** In square metres; more than 0 where the points run counterclockwise. */
export function signedArea(points: readonly Point[]): number {
  return closed(points).reduce((sum, [a, b]) => sum + (b[0] * a[1] - a[0] * b[1]), 0) / 2;
}

/** Whether the point lies inside the closed line (even-odd rule). */
export function inside(points: readonly Point[], [x, z]: Point): boolean {
  let found = false;
  for (const [[ax, az], [bx, bz]] of closed(points))
    if (az > z !== bz > z && x < ax + ((z - az) / (bz - az)) * (bx - ax)) found = !found;
  return found;
}

/** The yaw about +Y that turns local +Z towards [x, z], in degrees: above -180, at most 180. */
function facingOf(x: number, z: number): number {
  const degrees = Math.floor(((Math.atan2(x, z) * 180) / Math.PI) * 1e3 + 0.5) / 1e3 + 0;
  return degrees === -180 ? 180 : degrees;
}

/** To a tenth of a millimetre, in both languages alike. */
function rounded(value: number): number {
  return Math.floor(value * 1e4 + 0.5) / 1e4 + 0;
}

export function distance(a: Point, b: Point): number {
  return Math.sqrt((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2);
}

function node(nodes: readonly Point[], index: number): Point {
  return nodes[index] as Point;
}

/** The index of the nearest node within a joint; else the point becomes a node. */
function joined(nodes: Point[], point: Point): number {
  let [best, away] = [-1, JOIN_M];
  for (const [i, each] of nodes.entries()) {
    const far = distance(each, point);
    if (best < 0 ? far <= away : far < away) [best, away] = [i, far];
  }
  return best >= 0 ? best : nodes.push([rounded(point[0]), rounded(point[1])]) - 1;
}

/** The share of the way from start to end at which the point lies beside it. */
export function share(point: Point, start: Point, end: Point): number {
  const [x, z] = [end[0] - start[0], end[1] - start[1]];
  return ((point[0] - start[0]) * x + (point[1] - start[1]) * z) / (x * x + z * z);
}

/** The nearest point between start and end, if it lies within a joint. */
export function foot(point: Point, start: Point, end: Point): Point | null {
  const at = share(point, start, end);
  if (!(at > 0 && at < 1)) return null;
  const found: Point = [rounded(start[0] + at * (end[0] - start[0])), rounded(start[1] + at * (end[1] - start[1]))];
  return distance(found, point) <= JOIN_M ? found : null;
}

/** Where the lines a-b and c-d cross between their ends. */
function crossing(a: Point, b: Point, c: Point, d: Point): Point | null {
  const [rx, rz, sx, sz] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const across = rx * sz - rz * sx;
  if (across === 0) return null;
  const t = ((c[0] - a[0]) * sz - (c[1] - a[1]) * sx) / across;
  const u = ((c[0] - a[0]) * rz - (c[1] - a[1]) * rx) / across;
  return t > 0 && t < 1 && u > 0 && u < 1 ? [a[0] + t * rx, a[1] + t * rz] : null;
}

/** One direction of an edge, by its index. */
interface Half {
  readonly edge: number;
  readonly back: boolean;
  readonly key: string;
}

function halfOf(edge: number, back: boolean): Half {
  return { edge, back, key: back ? `${edge} back` : `${edge}` };
}

/** Each face's boundary with the face on its left; each half of an edge is in one. */
function walks(nodes: readonly Point[], edges: readonly Edge[]): Half[][] {
  const leaving = new Map<number, { readonly angle: number; readonly half: Half }[]>();
  for (const [i, edge] of edges.entries())
    for (const back of [false, true]) {
      const [from, to] = back ? [edge.end, edge.start] : [edge.start, edge.end];
      const [a, b] = [node(nodes, from), node(nodes, to)];
      const around = leaving.get(from) ?? [];
      around.push({ angle: Math.atan2(a[1] - b[1], b[0] - a[0]), half: halfOf(i, back) });
      leaving.set(from, around);
    }
  const following = new Map<string, Half>();
  const halves: Half[] = [];
  for (const around of leaving.values()) {
    around.sort((a, b) => a.angle - b.angle || a.half.edge - b.half.edge || Number(a.half.back) - Number(b.half.back));
    for (const [k, { half }] of around.entries()) {
      const into = halfOf(half.edge, !half.back);
      halves.push(into);
      following.set(into.key, (around.at(k - 1) as { half: Half }).half);
    }
  }
  const walked = new Set<string>();
  const found: Half[][] = [];
  for (const first of halves) {
    const walk: Half[] = [];
    for (let half = first; !walked.has(half.key); half = following.get(half.key) as Half) {
      walked.add(half.key);
      walk.push(half);
    }
    if (walk.length > 0) found.push(walk);
  }
  return found;
}

function loopOf(nodes: readonly Point[], edges: readonly Edge[], walk: readonly Half[]): Loop {
  const points = walk.map(({ edge, back }) => {
    const { start, end } = edges[edge] as Edge;
    return node(nodes, back ? end : start);
  });
  const walls = walk.map(({ edge }) => (edges[edge] as Edge).wall);
  const least = points.reduce((best, point) => (comparePoints(point, best) < 0 ? point : best));
  const first = points.indexOf(least);
  return {
    points: [...points.slice(first), ...points.slice(0, first)],
    walls: [...walls.slice(first), ...walls.slice(0, first)],
  };
}

/** A number for each node, the same where edges connect them. */
function parts(edges: readonly Edge[]): ReadonlyMap<number, number> {
  const part = new Map<number, number>();
  for (const { start, end } of edges) {
    for (const each of [start, end]) if (!part.has(each)) part.set(each, each);
    const [keep, gone] = [part.get(start) as number, part.get(end) as number];
    if (keep === gone) continue;
    for (const [each, name] of part) if (name === gone) part.set(each, keep);
  }
  return part;
}

function closed(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.map((point, i) => [point, points[(i + 1) % points.length] as Point]);
}

function comparePoints(a: Point, b: Point): number {
  return a[0] - b[0] || a[1] - b[1];
}

function compareLines(a: readonly Point[], b: readonly Point[]): number {
  for (const [i, point] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    const order = comparePoints(point, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A point well inside a room, on the widest of some lines across it: for its name, and to say which room is meant. */
export function middleOf({ outline, holes }: PlanFace): Vec2 {
  const lines = [outline, ...holes].map(({ points }) => points);
  const levels = [...new Set(lines.flat().map(([, z]) => z))].sort((a, b) => a - b);
  const across = levels.slice(0, -1).flatMap((level, i) => {
    const next = levels[i + 1] as number;
    return [0.5, 0.25, 0.75].map((part) => ({ z: level + part * (next - level), tall: next - level }));
  });
  let best = { room: -1, at: [0, 0] as Vec2 };
  for (const { z, tall } of across) {
    const crossed = lines
      .flatMap((points) => closed(points))
      .filter(([[, az], [, bz]]) => az > z !== bz > z)
      .map(([[ax, az], [bx, bz]]) => ax + ((z - az) / (bz - az)) * (bx - ax))
      .sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossed.length; i += 2) {
      const [left, right] = [crossed[i] as number, crossed[i + 1] as number];
      const room = Math.min(right - left, tall) + 0.01 * (right - left);
      if (room > best.room + 1e-9) best = { room, at: [rounded((left + right) / 2), rounded(z)] };
    }
  }
  return best.at;
}

/** The plan that a hall is built from; null if its room is a template, or came as a file. */
export function planOf({ architecture: { building } }: Hall): Plan | null {
  return building && "walls" in building ? building : null;
}
