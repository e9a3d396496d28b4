import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./", // beside one another, wherever the exhibition is mounted and whoever embeds a hall
  build: {
    outDir: "../exhibit/static/viewer",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // the page's policy allows no data: scripts or workers
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 900, // three itself; scripts/budget.ts weighs what counts
    rollupOptions: { input: ["src/main.ts", "src/page.ts", "src/studio.ts", "src/asset.ts"] },
  },
  test: {
    include: ["test/**/*.test.ts"],
    isolate: false, // the files share their workers, and with them three.js and jsdom: a third of the time
    testTimeout: 60_000, // on a busy machine; no test asserts how long it takes
    hookTimeout: 60_000,
  },
});
