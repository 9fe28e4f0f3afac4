/**
 * A real browser for the tests of the page: Debian's Chromium, driven by playwright-core. It
 * watches each page it opens: a page that breaks the content security policy, runs what it should
 * only show, or throws, fails its test.
 */
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { assertEquals } from "@std/assert";
import { DEADLINE_MS } from "../../fixture/deadline.ts";

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong in it: exceptions, dialogs, violations of the policy. */
  readonly faults: readonly string[];
}

export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // a root in a container has no namespaces for its sandbox
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    timeout: DEADLINE_MS,
  });
}

/** A page of its own, with nothing of the others. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, ...options });
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(`exception: ${message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) faults.push(message.text());
  });
  await page.goto(url);
  return {
    page,
    faults,
    [Symbol.asyncDispose]: async () => {
      // an answer that is on its way is not waited for
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await context.close();
    },
  };
}

/** What axe-core finds wrong with what the page shows now, a line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>" +
      " violations.flatMap(({ id, help, nodes }) =>" +
      " nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`)))",
  );
  return found as string[];
}

/** The page is nowhere wider than its window. */
export async function assertNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(
    "[document.documentElement.scrollWidth, innerWidth]",
  ) as [number, number];
  assertEquals(wide, window);
}
