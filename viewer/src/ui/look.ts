/** What the visitor has chosen for every page (large text, contrast, motion, hand, sound), as <html> tells it. */
export type Choice = "text" | "contrast" | "motion" | "hand" | "sound";

export function chosen(choice: Choice): string | undefined {
  return document.documentElement.dataset[choice];
}

const reduced = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Nothing flies, glides or turns by itself: the visitor's wish, else the system's. */
export const CALM = {
  get matches(): boolean {
    const motion = chosen("motion");
    return motion === "calm" || (motion !== "full" && reduced?.matches === true);
  },
};
