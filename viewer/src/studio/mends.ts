import type { Actions } from "./actions.ts";
import type { Check } from "./check.ts";

/** What puts a finding of checks.ts right at once; null where a curator has to decide. */
export function mendOf({ id, thing }: Check, actions: Pick<Actions, "scale" | "hangAtEyeHeight">): (() => void) | null {
  const own = thing[1] ?? "";
  if (id === "not-life-size") return () => actions.scale(own, 1);
  if (id === "picture-height") return () => actions.hangAtEyeHeight(own);
  return null;
}
