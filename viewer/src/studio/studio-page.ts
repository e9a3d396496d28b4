import { withGroups } from "../document/commands/groups.ts";
import type { Hall } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { Actions } from "./actions.ts";
import type { Check } from "./check.ts";
import type { Studio } from "./context.ts";
import { Story } from "./direct/story.ts";
import { tourSheet } from "./direct/tour-sheet.ts";
import { Tours } from "./direct/tours.ts";
import type { EditSession } from "./edit-session.ts";
import { emptyHint } from "./empty-hint.ts";
import { button } from "./fields.ts";
import { Gizmo } from "./gizmo.ts";
import { HistoryPanel } from "./history/history-panel.ts";
import { studioText } from "./i18n.ts";
import { Inspector } from "./inspector.ts";
import { Keys } from "./keys.ts";
import { Guide } from "./learn/guide.ts";
import { learnText } from "./learn/i18n.ts";
import { LibraryStrip } from "./library-strip.ts";
import { mendOf } from "./mends.ts";
import { HALL, Modes } from "./modes.ts";
import { Notes } from "./notes.ts";
import { Outline } from "./outline.ts";
import { SoftLocks } from "./people/soft-locks.ts";
import { Dimensions } from "./place/dimensions.ts";
import { FreePlaces } from "./place/free-places.ts";
import { MoveMarks } from "./place/move-marks.ts";
import { ScalePrompt } from "./place/scale-prompt.ts";
import type { PlanPart } from "./plan/plan-choice.ts";
import { PlanPanel } from "./plan/plan-panel.ts";
import { planSheet } from "./plan/plan-sheet.ts";
import { Pointer } from "./pointer.ts";
import { Publishing } from "./publishing.ts";
import { Refusals } from "./refusals.ts";
import { FurnitureStrip } from "./room/furniture-strip.ts";
import { roomText } from "./room/i18n.ts";
import { RoomApi } from "./room/room-api.ts";
import { RoomPanel } from "./room/room-panel.ts";
import { RoomView } from "./room/room-view.ts";
import { Strips } from "./room/strips.ts";
import { SceneTools } from "./scene-tools.ts";
import { kindOf, pathOf, Selection } from "./selection.ts";
import { browserStore } from "./session-options.ts";
import { shortcutSheet } from "./shortcuts.ts";
import { Snapping } from "./snapping.ts";
import { StudioScene } from "./studio-scene.ts";
import { SceneSurroundings } from "./surroundings.ts";
import { TopBar } from "./top-bar.ts";

const TOLD_MS = 4000;

/** The studio, composed: list, picture, fields, library and bar around one editing session. */
export class StudioPage {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #outline: Outline;
  readonly #story: Story;
  readonly #inspector: Inspector;
  readonly #library: LibraryStrip;
  readonly #furniture: FurnitureStrip;
  readonly #room: RoomPanel;
  readonly #notes: Notes;
  readonly #topBar: TopBar;
  readonly #gizmo: Gizmo;
  readonly #pointer: Pointer;
  readonly #tools: SceneTools;
  readonly #refusals: Refusals;
  readonly #told = h("p.st-told", { role: "status" });
  readonly #empty: HTMLElement;
  readonly #guide: Guide;
  readonly #showOnPlan: (part: PlanPart) => void;
  readonly #showTour: (tour: string, stop: string | null) => void;
  #keys: Keys | null = null;
  #telling = 0;

  constructor(session: EditSession, root: string, slug: string, lang: Lang, token: string, account: string) {
    const selection = new Selection((ids) => withGroups(session.document, ids));
    const help = h("p.unseen", { id: "st-scene-help" }, studioText(lang, "sceneHelp"));
    const canvas = h("canvas.st-canvas", {
      tabindex: 0,
      role: "application",
      "aria-label": studioText(lang, "scene"),
      "aria-describedby": "st-scene-help",
    });
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const scene = new StudioScene(
      canvas,
      session.document,
      `${root}media/`,
      lang,
      () => calm.matches,
      (seconds) => this.#keys?.steer(seconds) ?? false,
    );
    const announce = (text: string) => this.#tell(text);
    const studio: Studio = { session, scene, selection, lang, root, slug, announce };
    this.#studio = studio;
    const snapping = new Snapping();
    this.#actions = new Actions(studio, snapping);
    this.#gizmo = new Gizmo(scene, {
      x: studioText(lang, "handleX"),
      z: studioText(lang, "handleZ"),
      y: studioText(lang, "handleRaise"),
      turn: studioText(lang, "handleTurn"),
    });
    const places = new FreePlaces(studio, snapping);
    const dimensions = new Dimensions(studio);
    const surroundings = new SceneSurroundings(studio, this.#actions);
    const marks = new MoveMarks(studio, surroundings);
    this.#pointer = new Pointer(studio, this.#actions, this.#gizmo, snapping, places, dimensions, marks);
    this.#notes = new Notes(studio, this.#actions, this.#pointer, (pinning) => {
      this.#gizmo.active = !pinning;
      this.#tools.show(pinning);
      scene.invalidate();
    });
    this.#outline = new Outline(studio, this.#actions);
    const rooms = new RoomApi(root, slug, token);
    this.#room = new RoomPanel(studio, this.#actions, rooms, new RoomView(studio, rooms));
    this.#story = new Story(studio, () => this.#library.assets);
    this.#outline.element.append(this.#story.list);
    this.#inspector = new Inspector(studio, this.#actions, this.#notes, this.#room, this.#story, marks);
    this.#library = new LibraryStrip(studio, this.#actions, this.#gizmo, places, dimensions);
    this.#furniture = new FurnitureStrip(studio, this.#actions, this.#gizmo);
    const strips = new Strips(roomText(lang, "strips"), [
      { name: studioText(lang, "library"), element: this.#library.element },
      { name: roomText(lang, "furniture"), element: this.#furniture.element },
    ]);
    this.#tools = new SceneTools(studio, this.#actions, this.#notes, snapping);
    this.#refusals = new Refusals(studio);
    this.#empty = emptyHint(lang);
    this.#guide = new Guide(lang, account, browserStore(), () => this.element);
    this.#outline.element.append(this.#guide.element);
    const sheet: HTMLDialogElement = shortcutSheet(
      lang,
      [planSheet(lang), tourSheet(lang)],
      button(learnText(lang, "firstStepsAgain"), () => {
        sheet.close();
        this.#guide.again();
      }),
    );
    this.#guide.changed.on(() => this.#refresh());
    this.#tools.entered.on(() => this.#guide.did("look"));
    const showHelp = () => sheet.showModal();
    const publishing = new Publishing(
      studio,
      token,
      rooms,
      surroundings,
      (check) => this.#goTo(check),
      (check) => mendOf(check, this.#actions),
    );
    const history = new HistoryPanel(studio);
    const openHistory = () => history.open();
    this.#topBar = new TopBar(studio, this.#actions, showHelp, openHistory, () => {
      publishing.open();
      this.#guide.did("publish");
    });
    const tours = new Tours(studio, () => this.#library.assets, showHelp);
    const softLocks = new SoftLocks(studio);
    const stage = h(
      "section.st-stage",
      { "aria-label": studioText(lang, "scene") },
      canvas,
      places.element,
      dimensions.element,
      marks.element,
      this.#gizmo.element,
      this.#story.over,
      tours.over,
      this.#notes.element,
      this.#empty,
      this.#tools.element,
      this.#room.view.element,
      softLocks.element,
      new ScalePrompt(studio, this.#actions).element,
      this.#told,
      help,
    );
    const modes = new Modes(studioText(lang, "modes"), studioText(lang, "modeHall"), {
      stage,
      library: strips.element,
      fields: this.#inspector.element,
    });
    this.element = h(
      "div.st-studio",
      {},
      this.#topBar.element,
      this.#outline.element,
      modes.element,
      this.#inspector.element,
      sheet,
      this.#refusals.element,
      publishing.element,
      this.#room.question.element,
      history.element,
    );
    modes.changed.on((name) => {
      modes.shown.append(softLocks.element, this.#told); // what is said is said where one looks
      if (name === HALL) canvas.focus({ preventScroll: true }); // its keys act at once
    });
    const plan = new PlanPanel(studio, this.#actions, this.#inspector.element);
    modes.register("plan", plan);
    modes.register("tours", tours);
    selection.changed.on(({ single }) => {
      const onTour = single === null || single.kind === "placement" || single.kind === "note";
      if (!onTour && modes.current === "tours") modes.choose(HALL); // where its fields are
    });
    this.#showTour = (tour, stop) => {
      modes.choose("tours");
      tours.show(tour, stop);
    };
    this.#showOnPlan = (part) => {
      modes.choose("plan");
      plan.show(part);
    };
    const notes = this.#notes;
    this.#keys = new Keys(this.element, studio, this.#actions, {
      find: () => this.#outline.focusSearch(),
      help: showHelp,
      pin: () => this.#notes.begin(),
      look: (number) => this.#tools.look(number),
      escape: () => this.#escape(),
      aim: (right, down) => this.#notes.moveAim(right, down),
      pinThere: () => this.#notes.pinThere(),
      get pinning() {
        return notes.pinning;
      },
    });
    session.changed.on((hall) => this.#follow(hall));
    session.statusChanged.on(() => this.#guide.edited(session.undoName));
    session.presentChanged.on(() => {
      this.#outline.refresh();
      scene.invalidate();
    });
    selection.changed.on(() => {
      const { single } = selection;
      session.choose(single && pathOf(single));
      if (selection.furniture.length > 0) this.#room.view.prepare();
      this.#notes.refresh();
      scene.invalidate();
    });
    session.renamed.on(({ map, from, to }) => {
      const kind = kindOf(map);
      if (kind && selection.has(kind, from)) selection.choose({ kind, id: to });
    });
    scene.drawn.on(() => this.#draw());
    this.#refresh();
  }

  /** Resolves when the room is there. */
  async open(): Promise<void> {
    const { scene, lang } = this.#studio;
    const opening = h("p.st-opening", { role: "status" }, studioText(lang, "opening"));
    scene.canvas.after(opening);
    void this.#library.load().catch(() => this.#tell(studioText(lang, "libraryFailed")));
    await scene.open();
    opening.remove();
    this.element.dataset.open = "";
    void this.#room.view.open();
    void this.#room.open();
    this.#refresh();
    this.#guide.refresh();
    this.#refusals.next();
  }

  #follow(hall: Hall): void {
    const { scene, selection } = this.#studio;
    scene.update(hall);
    this.#room.view.follow();
    selection.follow(hall);
    this.#refresh();
  }

  #refresh(): void {
    this.#outline.refresh();
    this.#story.refresh();
    this.#inspector.refresh();
    this.#library.refresh();
    this.#furniture.refresh();
    this.#notes.refresh();
    this.#topBar.refresh();
    const { placements, furniture = {} } = this.#studio.session.document;
    this.#empty.hidden = this.#guide.open || Object.keys(placements).length + Object.keys(furniture).length > 0;
  }

  #draw(): void {
    const { selection, session } = this.#studio;
    const theirs = session.present.flatMap(({ chosen }) => {
      const [id, kind] = [chosen?.at(-1), kindOf(chosen?.slice(0, -1) ?? [])];
      return id !== undefined && kind ? [{ kind, id }] : [];
    });
    this.#gizmo.draw(selection.things, this.#pointer.hovered, theirs, this.#pointer.held);
  }

  /** To what a check is about: chosen, and looked at. Assets have their own pages. */
  #goTo({ thing, path }: Check): void {
    const { selection } = this.#studio;
    if (thing[0] === "tours" && thing[1]) {
      this.#showTour(thing[1], typeof path[3] === "string" ? path[3] : null);
      return;
    }
    if (thing.at(-2) === "stairs" || thing[0] === "zones") {
      this.#showOnPlan({ kind: thing[0] === "zones" ? "zone" : "stair", id: thing.at(-1) as string });
      return;
    }
    if (thing[0] === "assets") {
      location.assign(`${this.#studio.root}desk/assets/${thing[1]}`);
      return;
    }
    const [id, kind] = [thing.at(-1) ?? "", kindOf(thing.slice(0, -1))];
    if (kind) selection.choose({ kind, id });
    else if (id === "timeline") selection.choose({ kind: "timeline", id });
    else selection.clear();
    this.#actions.fit();
  }

  #escape(): void {
    if (this.#pointer.cancel()) return;
    if (this.#notes.pinning) this.#notes.end();
    else this.#studio.selection.clear();
  }

  #tell(text: string): void {
    this.#told.textContent = text;
    this.#told.classList.add("st-shown");
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#told.classList.remove("st-shown"), TOLD_MS) as unknown as number;
  }
}
