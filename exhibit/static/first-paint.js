// Before the first paint: what the visitor has chosen for every page (viewer/src/page/settings-dialog.ts writes it).
try {
  Object.assign(document.documentElement.dataset, JSON.parse(localStorage.getItem("longyao-look") ?? "{}"));
} catch {} // no storage: the page as it comes

// Who comes straight into a visit (viewer/src/navigation/place.ts) gets the page behind it when they leave (viewer/src/main.ts): its
// pictures would keep the hall waiting.
if (/^#(walk$|(exhibit|note|tour|view)=)/.test(location.hash)) {
  const { dataset } = document.documentElement;
  dataset.visit = "";
  addEventListener("load", () => customElements.get("longyao-hall") ?? delete dataset.visit);
}
