import { type Browser, type BrowserContextOptions, chromium as launcher, type Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { args, chromium } from "../../../../vitest.browser.ts";

/** A page that was opened from a file, and what it did that a report must not do. */
export interface Opened {
  readonly page: Page;
  /** Errors and warnings, what the policy forbade, dialogs, and requests for anything but the file itself. */
  readonly problems: readonly string[];
}

export type Open = (path: string, options?: BrowserContextOptions) => Promise<Opened>;

const executablePath = chromium();

/** Tests that open files in headless Chromium; one skipped test that says so where there is none. */
export function describeInBrowser(title: string, body: (open: Open) => void): void {
  if (executablePath === undefined) {
    const why = "no Chromium found: install it, or say where it is in CHROMIUM";
    describe(title, () => {
      if (!process.env.DOWNHILL_REQUIRE_BROWSER) return it.skip(`(skipped: ${why})`);
      it("runs in a browser", () => {
        throw new Error(why);
      });
    });
    return;
  }
  describe(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launcher.launch({ executablePath, args: [...args] });
    });
    afterAll(() => browser.close());
    body((path, options) => open(browser, path, options));
  });
}

async function open(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  const address = `file://${path}`;
  page.on("console", (message) => void problems.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith("data:")) problems.push(`request: ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(event.violatedDirective));
  });
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  await page.waitForFunction(() => document.querySelectorAll(".drawing:empty").length === 0);
  return { page, problems };
}
