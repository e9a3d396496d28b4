import { Group } from "three";
import { levelsOf } from "../document/levels.ts";
import type { Asset } from "../document/schema.ts";
import type { CachedModel, ModelCache } from "./model-cache.ts";

const URGENCY = 4; // as urgent as a finer model of an exhibit

/** A model that a tool shows for a while. Its coarsest level is loaded first, then its finest. */
export class TemporaryModel {
  readonly asset: Asset;
  /** In the asset's frame. */
  readonly group = new Group();
  state: "waiting" | "shown" | "failed" = "waiting";
  readonly #models: ModelCache;
  readonly #changed: () => void;
  #shown: CachedModel | null = null;
  #left = false;

  constructor(models: ModelCache, asset: Asset, changed: () => void) {
    this.asset = asset;
    this.#models = models;
    this.#changed = changed;
    void this.#fill();
  }

  /** Removes it from the scene. Its models stay in memory while the budget allows. */
  leave(): void {
    this.#left = true;
    this.group.removeFromParent();
    if (this.#shown) this.#shown.needed = false;
  }

  async #fill(): Promise<void> {
    const levels = levelsOf(this.asset);
    for (const file of new Set([levels[0], levels.at(-1)])) {
      if (!file || this.#left) return;
      try {
        const model = await this.#models.take(file, URGENCY, performance.now() / 1000);
        if (this.#shown) this.#shown.needed = false;
        model.needed = !this.#left;
        this.#shown = model;
        this.group.clear().add(model.object);
        this.state = "shown";
      } catch {
        if (!this.#shown) this.state = "failed"; // otherwise the coarser level stays
      }
      if (!this.#left) this.#changed();
    }
  }
}
