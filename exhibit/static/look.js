// Before the first paint: what the visitor has chosen for every page (viewer/src/page/settings.ts writes it).
try {
  Object.assign(document.documentElement.dataset, JSON.parse(localStorage.getItem("longyao-look") ?? "{}"));
} catch {} // no storage: the page as it comes
