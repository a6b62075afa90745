import { defineConfig } from "vite";

// Where `npm run dev` finds the service: the fake one of `npm run fake`, or a real one (API_URL of `make demo`).
const api = process.env.API_URL ?? "http://127.0.0.1:8099";

export default defineConfig({
  // Relative addresses, so that the service can be put under any path.
  base: "./",
  build: { target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": api } },
});
