import "./studio/studio.css";
import "./studio/learn/learn.css";
import "./studio/plan/plan.css";
import "./studio/room/room.css";
import "./studio/direct/direct.css";
import "./studio/place/place.css";
import "./studio/people/people.css";
import type { Lang } from "./document/text.ts";
import { openStudio } from "./studio/open-studio.ts";

// The page of the studio: fills the shell that the server has rendered.
const shell = document.getElementById("studio");
const { root = "/" } = document.documentElement.dataset;
const lang: Lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const webgl = document.createElement("canvas").getContext("webgl2");
if (shell && webgl) {
  webgl.getExtension("WEBGL_lose_context")?.loseContext(); // the studio makes its own
  void openStudio(shell, root, lang);
}
