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

export function exhibitView(exhibit: Exhibit, eye: Vector3, colliders: Colliders, freeArea: FreeArea): Viewpoint {
  const subject = subjectOf(exhibit);
  return { subject, pose: approach(subject, eye, colliders, freeArea), target: exhibit.sphere.center.clone() };
}

/** A note's saved view; without one, a view of its anchor. */
export function noteView(note: Note, hall: HallScene, eye: Vector3, freeArea: FreeArea): Viewpoint {
  const anchor = new Vector3(...note.anchor);
  const exhibit = note.placement ? hall.exhibits.get(note.placement) : undefined;
  const subject = exhibit ? subjectOf(exhibit) : around(anchor, 0.6);
  if (note.view) return savedView(note.view, exhibit ? subject : null, freeArea);
  const near = exhibit ? { ...subject, sphere: new Sphere(anchor, exhibit.sphere.radius * 0.6) } : subject;
  const from = exhibit ? exhibit.sphere.center.clone().lerp(anchor, 4).setY(eye.y) : eye;
  return { subject, pose: approach(near, from, hall.colliders, freeArea), target: anchor };
}

/** The view of a tour's stop: its own view, else its note's or its exhibit's, else the hall from the entrance. */
export function stopView(stop: Stop, hall: HallScene, eye: Vector3, freeArea: FreeArea): Viewpoint {
  const { exhibits, document, colliders } = hall;
  const note = stop.note ? document.notes[stop.note] : undefined;
  const exhibit = exhibits.get(stop.placement ?? note?.placement ?? "");
  if (stop.view) return savedView(stop.view, exhibit ? subjectOf(exhibit) : null, freeArea);
  if (note) return noteView(note, hall, eye, freeArea);
  return exhibit ? exhibitView(exhibit, eye, colliders, freeArea) : savedView(document.start, null, freeArea);
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

function subjectOf(exhibit: Exhibit): Subject {
  const { id, box, sphere, front, placement } = exhibit;
  return { owner: id, box, sphere, front, flat: placement.kind !== "object" };
}

function around(point: Vector3, radius: number): Subject {
  const size = new Vector3(radius, radius, radius);
  return {
    owner: null,
    box: new Box3().setFromCenterAndSize(point, size),
    sphere: new Sphere(point.clone(), radius),
    front: new Vector3(0, 0, 1),
    flat: false,
  };
}
