/** The visitor's settings for every page (large text, contrast, motion, hand, sound), which are attributes of <html>. */
export type Choice = "text" | "contrast" | "motion" | "hand" | "sound";

export function chosen(choice: Choice): string | undefined {
  return document.documentElement.dataset[choice];
}

const reduced = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Whether nothing may move by itself: the visitor's setting, else the system's. */
export const CALM = {
  get matches(): boolean {
    const motion = chosen("motion");
    return motion === "calm" || (motion !== "full" && reduced?.matches === true);
  },
};
