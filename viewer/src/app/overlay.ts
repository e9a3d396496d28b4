import { formatLength, scaleBar } from "../core/lengths.ts";
import { localized } from "../document/text.ts";
import type { OnScreenControls } from "../navigation/controls.ts";
import type { Navigator } from "../navigation/navigator.ts";
import { type Place, same } from "../navigation/place.ts";
import { Markers } from "../ui/markers.ts";
import { Panel } from "../ui/panel.ts";
import { ScaleBar } from "../ui/scale-bar.ts";
import { Shell } from "../ui/shell.ts";
import { Announcer } from "./announcer.ts";
import type { Commands } from "./commands.ts";
import { placeMarkers, writeDoors, writeMarkers } from "./marker-placement.ts";
import { panelContent } from "./panel-content.ts";
import type { VisitState } from "./visit-state.ts";

const SCALE_BESIDE = 24; // px beside and above the corner, where the buttons are
const SCALE_ABOVE = 84;

/** A part of the overlay that can cover the foot of the picture. */
export interface Covering {
  /** The height that it covers, px. */
  readonly below: number;
}

/** Everything that is shown over the hall and around it, in the visitor's language. */
export class Overlay {
  readonly shell: Shell;
  readonly panel: Panel;
  readonly markers: Markers;
  readonly announcer: Announcer;
  readonly #scaleBar = new ScaleBar();
  readonly #state: VisitState;
  readonly #navigator: Navigator;
  readonly #controls: OnScreenControls;
  readonly #coverings: readonly Covering[];
  readonly #resized = new ResizeObserver(() => this.resize());

  /** `elements` come between the canvas and the bar. */
  constructor(
    state: VisitState,
    navigator: Navigator,
    commands: Commands,
    controls: OnScreenControls,
    elements: readonly HTMLElement[],
    coverings: readonly Covering[],
  ) {
    this.#state = state;
    this.#navigator = navigator;
    this.#controls = controls;
    this.#coverings = coverings;
    this.markers = new Markers(commands);
    this.panel = new Panel(commands);
    this.shell = new Shell(commands, [
      this.markers.element,
      this.#scaleBar.element,
      this.panel.element,
      ...controls.elements,
      ...elements,
    ]);
    this.announcer = new Announcer(this.shell, state);
    commands.panelChanged.on(({ focus }) => this.show(focus));
    commands.hallFocused.on(() => this.focusHall());
    commands.hovered.on(({ anything, exhibit }) => this.hover(anything, exhibit));
    commands.hinted.on(({ text, seconds, spoken }) => {
      this.shell.hint(text, seconds);
      if (spoken) this.shell.say(text);
    });
    // After a click on a button of the bar, the keyboard focus returns to the hall.
    this.shell.dialog.addEventListener("click", (event) => {
      const path = event.composedPath(); // the click may have replaced the button's icon
      const button = path.find((node) => node instanceof HTMLButtonElement);
      if (event.detail > 0 && button && !this.panel.element.contains(button)) this.focusHall();
    });
  }

  /** Whether a key that is typed on a node is meant for the hall. */
  isHall(node: Node): boolean {
    const { canvas, dialog } = this.shell;
    return node === canvas || node === dialog || this.markers.element.contains(node);
  }

  open(): void {
    const { options, lang } = this.#state;
    document.body.append(this.shell.dialog); // not in the custom element, whose page style does not suit the visit
    this.shell.texts(lang, document.title);
    this.shell.open(options.poster);
  }

  /** Follows the sizes of the canvas and of the panel. */
  observeSizes(): void {
    this.#resized.observe(this.shell.canvas);
    this.#resized.observe(this.panel.element);
  }

  close(): void {
    this.#resized.disconnect();
    this.panel.close();
    this.shell.close();
  }

  focusHall(): void {
    this.shell.canvas.focus({ preventScroll: true });
  }

  /** The visitor goes to another place. */
  arrived(place: Place, focus: boolean): void {
    const orbiting = place.kind !== "walk";
    this.#state.openPanel = null;
    this.hover(false, null);
    this.show(focus);
    this.#controls.update(this.#state.lang, orbiting);
    this.shell.orbiting(orbiting);
    this.shell.touring(place.kind === "tour");
    const { content } = this.panel;
    if (content?.kind === "exhibit") this.shell.say(content.exhibit.title);
    if (content?.kind === "note") this.shell.say(content.note.title);
  }

  /** Marks the exhibit or the door under the pointer. */
  hover(anything: boolean, exhibit: string | null): void {
    this.shell.over(anything);
    this.markers.mark(exhibit, "ly-hovered");
  }

  /** Writes the panel. With `focus` the keyboard focus moves into it. */
  show(focus: boolean): void {
    const { session, openPanel, timelineChapter, lang, options } = this.#state;
    const { place, lastExhibit, followedChapter } = this.#navigator;
    const content = panelContent(
      {
        hall: session?.hall.document ?? null,
        failed: session?.hall.failed ?? [],
        hallTitles: session?.hallTitles ?? null,
        place,
        openPanel,
        lastExhibit,
        followedChapter,
        timelineChapter,
        media: options.media,
      },
      lang,
    );
    this.panel.show(content, lang, focus);
    this.shell.panelled(openPanel, content !== null);
    this.fit();
  }

  /** Writes all texts: another hall was entered, or the language was switched. */
  texts(): void {
    const { session, lang } = this.#state;
    const hall = session?.hall;
    this.shell.texts(lang, hall ? localized(hall.document.title, lang) : document.title);
    this.#controls.update(lang, !this.#navigator.onFoot);
    this.shell.hint(null);
    this.show(false);
    if (!session || !hall) return;
    writeMarkers(this.markers, session, lang);
    writeDoors(session, lang);
    this.announcer.loading(hall, !session.cameraController);
    if (hall.settled) this.announcer.settled(hall.failed.length);
  }

  /** One exhibit (its id) or more than one (null) has arrived or failed. */
  changed(id: string | null): void {
    const { session, lang, openPanel } = this.#state;
    if (!session) return;
    const { hall } = session;
    writeMarkers(this.markers, session, lang);
    if (id === null && hall.settled) this.announcer.settled(hall.failed.length);
    if (openPanel === "list" || same(this.#navigator.place, { kind: "exhibit", id })) this.show(false);
    this.announcer.loading(hall, !session.cameraController);
    this.#state.draw();
  }

  /** A frame was drawn. */
  drawn(): void {
    const { session } = this.#state;
    if (!session?.cameraController) return;
    this.shell.reveal();
    placeMarkers(this.markers, session, session.cameraController, this.#navigator.place);
    this.#scaleBar.show(this.#scale());
  }

  /** The scale bar of the exhibit that is looked at, in the lower left corner of the free part of the canvas. */
  #scale(): Parameters<ScaleBar["show"]>[0] {
    const { session } = this.#state;
    const { place } = this.#navigator;
    const controller = session?.cameraController;
    const exhibit = place.kind === "exhibit" ? session?.hall.exhibits.get(place.id) : undefined;
    if (!controller || !exhibit || controller.flying || exhibit.placement.kind !== "object") return null;
    if (exhibit.asset?.unit !== "metre" || !exhibit.body) return null;
    const { free, distance, pose, size } = controller;
    const { scale } = exhibit.placement;
    const { metres, pixels } = scaleBar(distance, pose.fov_deg, size.height, scale, Math.min(160, free.width * 0.35));
    const bottom = free.y + free.height - SCALE_ABOVE;
    return { text: formatLength(metres, metres / 5), width: pixels, x: free.x + SCALE_BESIDE, y: bottom };
  }

  resize(): void {
    this.#state.viewport?.resize();
    this.fit();
  }

  /** Frames the view in the part of the canvas that nothing covers. */
  fit(): void {
    const { clientWidth, clientHeight } = this.shell.canvas;
    const covered = this.panel.element.getBoundingClientRect();
    const panel = covered.width > 0 ? covered : null; // on a phone a tool hides the panel
    const below = Math.max(...this.#coverings.map((covering) => covering.below));
    this.shell.sheet(panel?.height ?? below);
    this.#state.session?.cameraController?.fit(clientWidth, clientHeight, panel, below);
    this.#state.draw();
  }
}
