import { expect, test } from "../home";
import { openSection } from "../resident";
import { expectAccessible } from "../window";

// Chromium plays the camera: a moving picture of its own, and nobody is asked for leave.
test.use({
  permissions: ["camera"],
  launchOptions: {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  },
});

test("the camera gives a photo to a ticket", async ({ window }) => {
  await openSection(window, "Заявки");
  await window.getByRole("button", { name: "Создать", exact: true }).click();
  await window.getByRole("button", { name: "Сделать снимок" }).click();
  const dialog = window.getByRole("dialog", { name: "Снимок" });
  const shoot = dialog.getByRole("button", { name: "Снять", exact: true });
  await expect(shoot).not.toHaveAttribute("aria-disabled");
  await expect.poll(() => dialog.locator("video").evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await shoot.click();
  await expect(dialog.getByRole("button", { name: "Снять заново" })).toBeVisible();
  await expectAccessible(window);
  await dialog.getByRole("button", { name: "Прикрепить" }).click();
  await expect(window.getByRole("button", { name: /^Убрать Снимок .+\.jpg$/ })).toBeVisible();
});
