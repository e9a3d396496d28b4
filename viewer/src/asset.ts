import "./asset/asset.css";
import type { Asset } from "./document/schema.ts";
import type { Lang } from "./document/text.ts";

// The page of an asset in the library: puts the 3D view in the place of the thumbnail that the server has rendered.
const shell = document.getElementById("asset-view");
const form = document.getElementById("asset-transform");
const { root = "/" } = document.documentElement.dataset;
const lang: Lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const webgl = document.createElement("canvas").getContext("webgl2");
if (shell?.dataset.asset && form instanceof HTMLFormElement && webgl) {
  webgl.getExtension("WEBGL_lose_context")?.loseContext(); // the view makes its own
  const asset = JSON.parse(shell.dataset.asset) as Asset;
  void import("./asset/asset-view.ts").then(({ AssetView }) => new AssetView(shell, form, asset, root, lang).open());
}
