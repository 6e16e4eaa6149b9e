import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// The server under development answers on 8080; `make run` starts it.
const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false },
  build: {
    outDir: "dist",
    target: "es2022",
    // The policy allows no data: scripts or fonts, and a worker must be a file of its own.
    assetsInlineLimit: 0,
    // MapLibre is one piece of 1 MB; splitting it further gains nothing on an intranet.
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/api": server, "/openapi.json": server } },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
