import {
  BoxGeometry,
  BufferGeometry,
  CylinderGeometry,
  DoubleSide,
  Group,
  LatheGeometry,
  type Material,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  PlaneGeometry,
  SphereGeometry,
  Vector2,
} from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { GLASS_M, LEG_M, LID_M, PANEL_DEPTH_M, SCREEN_DEPTH_M, shadeOf } from "../document/furniture.ts";
import type { Furnishing, Vec3 } from "../document/schema.ts";
import { contactShadow } from "./light.ts";
import { DEGREE } from "./units.ts";

/**
 * Furniture as simple lit meshes, of the shapes that the server builds and bakes with the room: exhibit/space/furniture.py.
 * A piece's own frame, m.
 */

/** The name of a piece's collider: no placement's id contains a slash. */
export function furnitureOwner(id: string): string {
  return `furniture/${id}`;
}

type Corner = readonly [x: number, y: number, z: number];

const lit = (color: string, roughness: number, metalness = 0) =>
  new MeshStandardMaterial({ color, roughness, metalness });

/** Shared by all pieces: nothing of it is ever disposed of. */
const FINISHES = {
  white: lit("#f1efe9", 0.9),
  stand: lit("#e7e2d8", 0.9),
  paper: lit("#e8decb", 0.95),
  steel: lit("#3b3b3f", 0.6),
  screen: lit("#0d0f12", 0.25),
  wood: lit("#b58f66", 0.7),
  shade: lit("#2a4a3d", 0.5),
  glass: new MeshStandardMaterial({
    color: "#dfeef0",
    roughness: 0.05,
    transparent: true,
    opacity: 0.16,
    depthWrite: false,
    side: DoubleSide,
  }),
  glow: new MeshBasicMaterial({ color: "#ffe9c4", toneMapped: false }),
} satisfies Record<string, Material>;

type Finish = keyof typeof FINISHES;
type Part = readonly [Finish, BufferGeometry];

/** The meshes of a piece, at most one a finish. */
export function furnitureModel(piece: Furnishing): Group {
  const group = new Group();
  const byFinish = new Map<Finish, BufferGeometry[]>();
  for (const [finish, geometry] of parts(piece)) byFinish.set(finish, [...(byFinish.get(finish) ?? []), geometry]);
  for (const [finish, geometries] of byFinish) {
    const mesh = new Mesh(mergeGeometries(geometries) ?? new BufferGeometry(), FINISHES[finish]);
    for (const each of geometries) each.dispose();
    if (finish === "glass") mesh.renderOrder = 2; // after what it shows
    group.add(mesh);
  }
  const { kind, width_m, depth_m } = piece;
  if (["plinth", "platform", "vitrine", "bench"].includes(kind)) group.add(contactShadow(width_m, depth_m));
  return group;
}

/** Puts the meshes of a piece where it stands in the hall. */
export function placeFurniture(group: Group, { position, facing_deg }: Furnishing): void {
  group.position.set(...(position as Vec3));
  group.rotation.y = facing_deg * DEGREE;
  group.updateMatrixWorld(true);
}

/** Frees what one piece alone holds. */
export function disposeFurniture(group: Group): void {
  for (const child of group.children) {
    if (!(child instanceof Mesh)) continue;
    child.geometry.dispose();
    if (!Object.values(FINISHES).includes(child.material as never)) (child.material as Material).dispose();
  }
}

function parts(piece: Furnishing): Part[] {
  const { kind, width_m, depth_m, height_m: h } = piece;
  const [w, d] = [width_m / 2, depth_m / 2];
  switch (kind) {
    case "plinth": {
      const joint = Math.min(0.03, w / 2, d / 2);
      const foot = Math.min(0.06, h / 4);
      return [
        ["steel", box([-w + joint, 0, -d + joint], [w - joint, foot, d - joint])],
        ["white", box([-w, foot, -d], [w, h, d])],
      ];
    }
    case "platform":
      return [["stand", box([-w, 0, -d], [w, h, d])]];
    case "vitrine":
      return vitrine(w, d, h);
    case "panel":
      return [
        ["steel", box([-w - 0.025, -0.025, 0], [w + 0.025, h + 0.025, 0.03])],
        ["paper", face(width_m, h, h / 2, PANEL_DEPTH_M - 0.002)],
      ];
    case "standing_panel":
      return [
        ...[-w + Math.min(0.12, w / 2), w - Math.min(0.12, w / 2)].flatMap((x): Part[] => [
          ["steel", box([x - 0.03, 0, -0.05], [x + 0.03, LEG_M + h, -0.015])],
          ["steel", box([x - 0.05, 0, -0.28], [x + 0.05, 0.02, 0.22])],
        ]),
        ["steel", box([-w, LEG_M, -0.015], [w, LEG_M + h, 0.015])],
        ["paper", face(width_m, h, LEG_M + h / 2, 0.017)],
      ];
    case "screen":
      return [
        ["steel", box([-w - 0.03, -0.03, 0], [w + 0.03, h + 0.03, 0.06])],
        ["screen", face(width_m, h, h / 2, SCREEN_DEPTH_M - 0.002)],
      ];
    case "bench": {
      const under = h - Math.min(0.05, h / 2);
      const leg = w - Math.min(0.2, w / 2);
      return [
        ["wood", box([-w, under, -d], [w, h, d])],
        ...[-leg, leg].map((x): Part => ["steel", box([x - 0.04, 0, -d * 0.86], [x + 0.04, under, d * 0.86])]),
      ];
    }
    case "lamp":
      return lamp(piece);
  }
}

function vitrine(w: number, d: number, base: number): Part[] {
  const top = base + GLASS_M;
  const posts = [-w + 0.009, w - 0.009].flatMap((x) =>
    [-d + 0.009, d - 0.009].map((z): Part => ["steel", box([x - 0.009, base, z - 0.009], [x + 0.009, top, z + 0.009])]),
  );
  const joint = Math.min(0.04, w / 2, d / 2);
  const foot = Math.min(0.08, base / 4);
  const pane = (width: number, turn: number, out: number) =>
    new PlaneGeometry(width, GLASS_M).translate(0, base + GLASS_M / 2, out).rotateY(turn);
  return [
    ["steel", box([-w + joint, 0, -d + joint], [w - joint, foot, d - joint])],
    ["white", box([-w, foot, -d], [w, base, d])],
    ...posts,
    ["steel", box([-w, top, -d], [w, top + LID_M, d])],
    ["glow", new PlaneGeometry(1.6 * w, d).rotateX(Math.PI / 2).translate(0, top - 0.006, 0)],
    ...[0, 1, 2, 3].map((i): Part => ["glass", pane(i % 2 ? 2 * d : 2 * w, (i * Math.PI) / 2, i % 2 ? w : d)]),
  ];
}

/** A factory's shade on its cord. */
function lamp(piece: Furnishing): Part[] {
  const { height, radius } = shadeOf(piece);
  const rim = -piece.height_m;
  const k = radius / 0.26;
  const profile = [
    [0.26, 0],
    [0.208, 0.1],
    [0.08, 0.2],
    [0.05, 0.28],
    [0, 0.29],
  ].map(([x = 0, y = 0]) => new Vector2(x * k, rim + y * k));
  const under = profile.slice(0, 3).map((point) => new Vector2(point.x * 0.98, point.y + 0.004));
  const cord = Math.max(piece.height_m - height, 0.01);
  return [
    ["shade", new LatheGeometry(profile, 24)],
    ["white", new LatheGeometry(under.reverse(), 24)],
    ["glow", new SphereGeometry(0.07 * k, 16, 10).translate(0, rim + 0.09 * k, 0)],
    ["steel", new CylinderGeometry(0.008, 0.008, cord, 6).translate(0, -cord / 2, 0)],
  ];
}

function box([x0, y0, z0]: Corner, [x1, y1, z1]: Corner): BufferGeometry {
  return new BoxGeometry(x1 - x0, y1 - y0, z1 - z0).translate((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2);
}

function face(width: number, height: number, y: number, z: number): BufferGeometry {
  return new PlaneGeometry(width, height).translate(0, y, z);
}
