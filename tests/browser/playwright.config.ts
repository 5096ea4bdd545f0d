import { defineConfig } from "@playwright/test";

// Playwright's own browsers are not needed: Debian's Chromium shows the window.
export default defineConfig({
  testDir: "specs",
  globalSetup: "./household.ts",
  outputDir: process.env["ZHKH_WORK"] ? `${process.env["ZHKH_WORK"]}/results` : "results",
  // One town serves all specs; each spec has a core and a phone of its own.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    viewport: { width: 1366, height: 768 },
    locale: "ru-RU",
    timezoneId: "Europe/Moscow",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
  },
});
