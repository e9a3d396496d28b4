import type { CommandName } from "../../document/commands/names.ts";
import type { OpeningPlace, PlanFace, WallGraph } from "../../document/plan.ts";
import { looksOf, openingPlaces, planFaces, planOf, wallGraph } from "../../document/plan.ts";
import type { Hall, Plan } from "../../document/schema.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import type { PlanChoice } from "./plan-choice.ts";
import type { PlanView } from "./plan-view.ts";
import type { Preview } from "./preview.ts";

/** What a plan means, worked out once for each plan. */
export interface PlanGeometry {
  readonly plan: Plan | null;
  readonly graph: WallGraph;
  readonly faces: readonly PlanFace[];
  readonly looks: readonly (string | null)[];
  readonly places: ReadonlyMap<string, OpeningPlace>;
}

/** What the parts of the plan share. */
export class PlanContext {
  readonly studio: Studio;
  readonly actions: Actions;
  readonly view: PlanView;
  readonly choice: PlanChoice;
  readonly preview: Preview;
  #known: PlanGeometry | null = null;
  #groups = 0;

  constructor(studio: Studio, actions: Actions, view: PlanView, choice: PlanChoice, preview: Preview) {
    this.studio = studio;
    this.actions = actions;
    this.view = view;
    this.choice = choice;
    this.preview = preview;
  }

  get hall(): Hall {
    return this.studio.session.document;
  }

  get geometry(): PlanGeometry {
    const plan = planOf(this.hall);
    if (this.#known && this.#known.plan === plan) return this.#known;
    const graph = wallGraph(plan ?? { walls: {} });
    const faces = planFaces(graph);
    this.#known = {
      plan,
      graph,
      faces,
      looks: plan ? looksOf(faces, plan) : [],
      places: plan ? openingPlaces(plan, graph, faces) : new Map(),
    };
    return this.#known;
  }

  /** Makes an edit; exhibits keep their notes. False if nothing has changed: the command could not be done. */
  edit(name: CommandName, next: Hall, group?: string): boolean {
    if (next === this.hall) return false;
    this.actions.edit(name, next, group);
    return true;
  }

  /** A name for edits that are one step to undo. */
  group(): string {
    this.#groups += 1;
    return `plan ${this.#groups}`;
  }
}
