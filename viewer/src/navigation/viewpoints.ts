import { Box3, Sphere, Vector3 } from "three";
import type { Colliders } from "../core/colliders.ts";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import { clamp } from "../core/units.ts";
import { lookAt, type Pose, poseOfView } from "../core/view.ts";
import type { Note, Stop, View } from "../document/schema.ts";
import { approach, type FreeArea, type Subject } from "../modes/orbit.ts";

/** From where an exhibit or a note is looked at. */
export interface Viewpoint {
  readonly subject: Subject;
  readonly pose: Pose; // the first pose of the eye
  readonly target: Vector3;
}

/** Whether an exhibit is looked at on a stage of its own: a thing is; a scan of a place, and what hangs on a wall, stay in the room. */
export function isStaged({ placement, isPlace }: Exhibit): boolean {
  return placement.kind === "object" && !isPlace;
}

/** An exhibit from its best side, wherever the visitor stands. On its stage (`staged`), no wall is in the way. */
export function exhibitView(
  exhibit: Exhibit,
  colliders: Colliders,
  freeArea: FreeArea,
  staged: boolean = false,
): Viewpoint {
  const subject = subjectOf(exhibit, staged);
  return { subject, pose: approach(subject, colliders, freeArea), target: exhibit.sphere.center.clone() };
}

/** A note's saved view; without one, a view of its anchor: from its side of its exhibit, or from `eye` if it is about the hall. */
export function noteView(
  note: Note,
  hall: HallScene,
  eye: Vector3,
  freeArea: FreeArea,
  staged: boolean = false,
): Viewpoint {
  const anchor = new Vector3(...note.anchor);
  const exhibit = note.placement ? hall.exhibits.get(note.placement) : undefined;
  const subject = exhibit ? subjectOf(exhibit, staged) : around(anchor, 0.6);
  if (note.view) return savedView(note.view, exhibit ? subject : null, freeArea);
  const place = around(anchor, exhibit ? exhibit.sphere.radius * 0.6 : 0.6);
  const front = (exhibit ? anchor.clone().sub(exhibit.sphere.center) : eye.clone().sub(anchor)).setY(0);
  const near = { ...subject, sphere: place.sphere, corners: place.corners };
  if (front.lengthSq() > 1e-6) near.front = front.normalize();
  return { subject, pose: approach(near, hall.colliders, freeArea, 0), target: anchor };
}

/** The view of a tour's stop: its own view, else its note's or its exhibit's, else the hall from the entrance. */
export function stopView(stop: Stop, hall: HallScene, eye: Vector3, freeArea: FreeArea): Viewpoint {
  const { exhibits, document, colliders } = hall;
  const note = stop.note ? document.notes[stop.note] : undefined;
  const exhibit = exhibits.get(stop.placement ?? note?.placement ?? "");
  if (stop.view) return savedView(stop.view, exhibit ? subjectOf(exhibit) : null, freeArea);
  if (note) return noteView(note, hall, eye, freeArea);
  return exhibit ? exhibitView(exhibit, colliders, freeArea) : savedView(document.start, null, freeArea);
}

/**
 * A saved view was chosen for a whole screen. Where a panel covers a part of the screen, the eye steps back: its saved distance is
 * this share of the distance from which it looks.
 */
export function closeness({ share, aspect }: FreeArea): number {
  return clamp(Math.min(share, share * aspect), 0.5, 1);
}

function savedView(view: View, subject: Subject | null, freeArea: FreeArea): Viewpoint {
  const saved = poseOfView(view);
  const target = new Vector3(...view.target);
  const eye = target.clone().add(saved.eye.sub(target).divideScalar(closeness(freeArea)));
  const pose = lookAt(eye, target, saved.fov_deg);
  return { subject: subject ?? around(target, 0.6), pose, target };
}

function subjectOf(exhibit: Exhibit, staged = false): Subject {
  const { id, box, sphere, front, placement, local, group } = exhibit;
  const corners = cornersOf(local).map((corner) => corner.applyMatrix4(group.matrixWorld));
  return { owner: id, box, sphere, corners, front, flat: placement.kind !== "object", staged };
}

function cornersOf({ min, max }: Box3): Vector3[] {
  return [min.x, max.x].flatMap((x) => [min.y, max.y].flatMap((y) => [min.z, max.z].map((z) => new Vector3(x, y, z))));
}

function around(point: Vector3, radius: number): Subject {
  const size = new Vector3(radius, radius, radius);
  const box = new Box3().setFromCenterAndSize(point, size);
  return {
    owner: null,
    box,
    corners: cornersOf(box),
    sphere: new Sphere(point.clone(), radius),
    front: new Vector3(0, 0, 1),
    flat: false,
    staged: false,
  };
}
