import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One window, three back ends: the shell, a browser over the development bridge, and invented data for looking at states. */
const backends: Record<string, { file: string; out: string }> = {
  tauri: { file: "./src/platform/tauri.ts", out: "dist" },
  http: { file: "./src/platform/http.ts", out: "dist-http" },
  fixture: { file: "./tests/fixture/backend.ts", out: "dist-fixture" },
};

export default defineConfig(({ mode }) => {
  const backend = backends[mode] ?? backends["fixture"]!;
  return {
    plugins: [svelte()],
    base: "./",
    resolve: {
      alias: { "#backend": here(backend.file), "#texts": here("./src/paraglide/messages.js") },
      ...(process.env["VITEST"] ? { conditions: ["browser"] } : {}),
    },
    build: {
      outDir: backend.out,
      // WebKitGTK 2.50, WebView2 and Safari 16.4 are the oldest engines that show this window.
      target: ["es2022", "safari16.4"],
      // The content security policy knows no data: addresses.
      assetsInlineLimit: 0,
      sourcemap: mode !== "tauri",
    },
    test: {
      environment: "jsdom",
      include: ["tests/**/*.test.ts"],
      setupFiles: ["./tests/setup.ts"],
      // No test says how fast something is: a busy computer may take its time.
      testTimeout: 60_000,
    },
  };
});
