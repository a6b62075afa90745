import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

// Node 20 does not read TypeScript: the tests are built first, then node's own runner runs them.
export default defineConfig({
  build: {
    ssr: true,
    outDir: ".test",
    rollupOptions: { input: readdirSync("tests").filter((f) => f.endsWith(".test.ts")).map((f) => `tests/${f}`) },
  },
});
