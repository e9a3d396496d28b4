import { Vector3 } from "three";
import { project } from "../core/camera.ts";
import { clearBetween } from "../core/colliders.ts";
import { isOpen } from "../document/doors.ts";
import { numberedNotes } from "../document/order.ts";
import { type Lang, localized } from "../document/text.ts";
import type { CameraController } from "../navigation/camera-controller.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import type { Place } from "../navigation/place.ts";
import { isStaged } from "../navigation/viewpoints.ts";
import { translate } from "../ui/i18n.ts";
import type { Markers } from "../ui/markers.ts";

/** Places the labels of exhibits and the numbers of notes on the screen, where the exhibits and anchors are seen. */

const LABEL_FAR = 9; // m
const LABEL_NEAR = 4;
const NOTE_FAR = 3; // of a note about the hall; those of an exhibit are shown when it is looked at

export function writeMarkers(markers: Markers, session: HallSession, lang: Lang): void {
  const { hall } = session;
  const failed = hall.failed;
  for (const [id, exhibit] of hall.exhibits)
    markers.exhibit(id, localized(exhibit.placement.title, lang), failed.includes(id));
  for (const [id, door] of session.doors) {
    const title = localized((door.hall && session.hallTitles?.get(door.hall)) || door.title, lang);
    markers.door(id, translate(lang, isOpen(door, session.hallTitles) ? "doorTo" : "doorShutTo", { title }));
  }
  for (const group of [null, ...hall.exhibits.keys()]) {
    for (const { id, number, title } of numberedNotes(hall.document, group, lang)) {
      markers.note(id, number, translate(lang, "noteMarker", { number, title }));
    }
  }
}

/** Writes the doors' signs in the hall. */
export function writeDoors(session: HallSession, lang: Lang): void {
  session.hall.doors?.write(lang, session.hallTitles, translate(lang, "doorShut"));
}

export function placeMarkers(
  markers: Markers,
  session: HallSession,
  cameraController: CameraController,
  place: Place,
): void {
  const { hall } = session;
  const { camera, pose, size, flying } = cameraController;
  const onFoot = place.kind === "walk" && !flying;
  const at =
    place.kind === "exhibit" ? place.id : place.kind === "note" ? hall.document.notes[place.id]?.placement : null;
  const seen = (point: Vector3) => {
    const spot = project(camera, point, size.width, size.height);
    return spot && spot.x > 0 && spot.x < size.width && spot.y > 0 && spot.y < size.height ? spot : null;
  };

  const labels = [...hall.exhibits].map(([id, exhibit]) => {
    const { center } = exhibit.sphere;
    const top = new Vector3(center.x, exhibit.box.max.y + 0.06, center.z);
    const distance = pose.eye.distanceTo(center);
    const spot = project(camera, top, size.width, size.height);
    const visible =
      onFoot &&
      seen(center) &&
      distance < LABEL_FAR &&
      clearBetween(hall.colliders, pose.eye, center, exhibit.sphere.radius, (owner) => owner !== id);
    return {
      id,
      x: spot?.x ?? size.width / 2,
      y: spot?.y ?? size.height / 2,
      distance,
      near: distance < LABEL_NEAR,
      shown: Boolean(visible),
    };
  });
  markers.placeExhibits(labels, size, place.kind !== "walk");

  for (const [id, door] of session.doors) {
    const sign = new Vector3(...door.position).setY(door.position[1] + door.height_m * 0.75);
    markers.placeDoor(id, seen(sign) ?? { x: size.width / 2, y: size.height / 2 }, place.kind !== "walk");
  }

  const shown = hall.exhibits.get(at ?? "");
  const middle = shown ? project(camera, shown.sphere.center, size.width, size.height) : null;
  // On its stage, an exhibit hides only itself.
  const inTheWay = (owner: string | null) => shown === undefined || !isStaged(shown) || owner === shown.id;
  const notes = new Map<string, { readonly x: number; readonly y: number } | null>();
  for (const id of hall.document.note_order) {
    const note = hall.document.notes[id];
    if (!note) continue;
    const anchor = new Vector3(...note.anchor);
    const exhibit = note.placement ? hall.exhibits.get(note.placement) : undefined;
    const concerned = onFoot
      ? !exhibit && pose.eye.distanceTo(anchor) < NOTE_FAR
      : !flying && (note.placement ?? null) === (at ?? null);
    // An anchor lies on the surface of its exhibit, but the collider is a coarse version of that surface.
    const slack = 0.05 + 0.12 * (exhibit?.sphere.radius ?? 0);
    notes.set(id, concerned && clearBetween(hall.colliders, pose.eye, anchor, slack, inTheWay) ? seen(anchor) : null);
  }
  markers.placeNotes(notes, middle, size);
  markers.mark(place.kind === "note" ? place.id : null, "ly-open");
}
