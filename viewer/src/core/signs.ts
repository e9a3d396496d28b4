import { Group, type Object3D } from "three";
import type { Hall } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import type { Colliders } from "./colliders.ts";
import { Doors } from "./doors.ts";
import { disposeModel, type Exhibit } from "./exhibit.ts";
import { Labels } from "./labels.ts";
import { inscriptions, Plaques } from "./plaques.ts";
import { TimelineWall } from "./timeline.ts";

const AT_ONCE = 8; // labels that are printed at once
const WITH_AN_UPDATE = 2; // those of what is new; the others follow, such as those whose numbers have changed

interface Hung {
  readonly group: Object3D;
}

/** All that is written in a hall beside its panels. Whoever shows the hall writes on the doors. */
export class Signs {
  readonly group = new Group();
  readonly labels: Labels;
  plaques: Plaques;
  doors: Doors;
  timeline: TimelineWall | null = null;
  /** No label waits to be printed. */
  isWritten = true;
  readonly #colliders: Colliders;
  readonly #says = new WeakMap<Hung, string>();

  /** `colliders` contains the room, on whose surfaces the signs hang. */
  constructor(hall: Hall, exhibits: Iterable<Exhibit>, colliders: Colliders, lang: Lang) {
    this.#colliders = colliders;
    this.labels = new Labels(hall, exhibits, colliders);
    this.group.add(this.labels.group);
    this.plaques = this.#hang(null, says.plaques(hall), () => new Plaques(hall));
    this.doors = this.#hang(null, says.doors(hall), () => new Doors(hall, colliders));
    this.#hangTimeline(hall);
    this.write(lang);
  }

  /** Takes the next document: makes again what says something else. Labels of the exhibits in `settled`, which stand as before, stay. */
  update(hall: Hall, exhibits: Iterable<Exhibit>, settled: ReadonlySet<string>, lang: Lang): void {
    const { plaques, timeline } = this;
    this.labels.update(hall, exhibits, settled);
    this.writeMore(lang, WITH_AN_UPDATE);
    this.plaques = this.#hang(plaques, says.plaques(hall), () => new Plaques(hall));
    this.doors = this.#hang(this.doors, says.doors(hall), () => new Doors(hall, this.#colliders));
    this.#hangTimeline(hall);
    if (this.plaques !== plaques) this.plaques.write(lang);
    if (this.timeline !== timeline) this.timeline?.write(lang);
  }

  /** All of it anew: the room on whose surfaces it hangs is another one. */
  rehang(hall: Hall, exhibits: Iterable<Exhibit>, lang: Lang): void {
    for (const hung of [this.plaques, this.doors]) this.#says.delete(hung);
    this.update(hall, exhibits, new Set(), lang);
  }

  /** Prints some of the labels that the last update has changed: all at once would take long. True if all are printed. */
  writeMore(lang: Lang, most = AT_ONCE): boolean {
    this.isWritten = this.labels.write(lang, most);
    return this.isWritten;
  }

  write(lang: Lang): void {
    this.isWritten = true;
    this.labels.write(lang);
    this.plaques.write(lang);
    this.timeline?.write(lang);
  }

  #hangTimeline(hall: Hall): void {
    const anchor = hall.timeline?.anchor ? hall.anchors?.[hall.timeline.anchor] : undefined;
    if (anchor) this.timeline = this.#hang(this.timeline, says.timeline(hall), () => new TimelineWall(hall, anchor));
    else if (this.timeline) {
      this.#takeDown(this.timeline);
      this.timeline = null;
    }
  }

  /** What hangs there if it still says `words`, else a new one in its place. */
  #hang<T extends Hung>(held: T | null, words: string, make: () => T): T {
    if (held && this.#says.get(held) === words) return held;
    if (held) this.#takeDown(held);
    const made = make();
    this.#says.set(made, words);
    this.group.add(made.group);
    return made;
  }

  #takeDown({ group }: Hung): void {
    this.group.remove(group);
    disposeModel(group, true);
  }
}

/** What of a document each kind of sign depends on. */
const says = {
  plaques: (hall: Hall) => JSON.stringify([...inscriptions(hall), hall.anchors]),
  doors: ({ doors }: Hall) => JSON.stringify(doors ?? {}),
  timeline: ({ timeline, anchors, chapters, chapter_order }: Hall) =>
    JSON.stringify([timeline, anchors, chapters, chapter_order]),
};
