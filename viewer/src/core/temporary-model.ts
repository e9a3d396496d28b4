import { Group } from "three";
import { levelsOf } from "../document/levels.ts";
import type { Asset } from "../document/schema.ts";
import type { CachedModel, ModelCache } from "./model-cache.ts";

const URGENCY = 4; // like any finer model's

/** A model that is on show for a while without being an exhibit: coarse first, then as fine as it gets. */
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

  /** Goes. Its models stay in memory while there is room. */
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
        if (!this.#shown) this.state = "failed"; // else the coarser one stays
      }
      if (!this.#left) this.#changed();
    }
  }
}
