// Before the first paint: what the visitor has chosen for every page (viewer/src/page/settings-dialog.ts writes it).
try {
  Object.assign(document.documentElement.dataset, JSON.parse(localStorage.getItem("longyao-look") ?? "{}"));
} catch {} // no storage: the page as it comes

// Who comes straight into a visit (viewer/src/navigation/place.ts) gets the page behind it when they leave (viewer/src/main.ts): its
// pictures would keep the hall waiting. The visit's scripts are requested now, not when one script has named the next.
if (/^#(walk$|(exhibit|note|tour|view)=)/.test(location.hash)) {
  const { dataset } = document.documentElement;
  dataset.visit = "";
  for (const href of document.currentScript.dataset.visit?.match(/\S+/g) ?? [])
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  addEventListener("load", () => customElements.get("longyao-hall") ?? delete dataset.visit);
}
