/** The visitor's settings for every page (large text, contrast, motion, hand, sound), which are attributes of <html>. */
export type Setting = "text" | "contrast" | "motion" | "hand" | "sound";

export function settingOf(setting: Setting): string | undefined {
  return document.documentElement.dataset[setting];
}

const reduced = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Whether nothing may move by itself: the visitor's setting, else the system's. */
export const REDUCED_MOTION = {
  get matches(): boolean {
    const motion = settingOf("motion");
    return motion === "calm" || (motion !== "full" && reduced?.matches === true);
  },
};
