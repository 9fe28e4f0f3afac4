/**
 * The page of `hexad serve` in a real Chromium, over one tree with one service of each kind. The
 * steps share the browser, the tree and two servers: one that anybody here may look at, and one with
 * a token that may act.
 */
import { assert, assertEquals } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { printable } from "../../../lib/core/text/printable.ts";
import type { StatusDocument } from "../../../lib/status/core/status_document.ts";
import { type Background, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../../fixture/tree.ts";
import {
  accessibilityFaults,
  assertNoSidewaysScroll,
  openPage,
  startBrowser,
} from "./page_browser.ts";
import { BOOT, GRAPH } from "./page_documents.ts";

requireToolset(OURS);

const TOKEN = "a-token-that-is-long-enough";

/** Names and lines that would do something if anything but text were made of them. */
const HOSTILE_NAMES = [
  "<img src=x onerror=alert(1)>",
  "javascript:alert(2)",
  "'\"><svg onload=alert(3)>",
  "\u202egnp.exe",
  "${alert(4)}{{alert(5)}}",
];
const HOSTILE_LINES = [
  "<script>alert(6)</script>",
  "<img src=x onerror=alert(7)>",
  "</div></main><h1>taken over</h1>",
  "\x1b[31mred\x1b]8;;http://evil.example\x07link",
  "a \u202ereversed\u202c line",
  "&lt;b&gt;&#60;b&#62;",
];

const STAYS = "#!/bin/sh\nexec sleep 100000\n";
/** Prints the lines that the test writes into its FIFO. */
const TELLS = "#!/bin/sh\nexec cat <>feed\n";

const SPEC: TreeSpec = {
  "alpha/run!": STAYS,
  "beta/run!": STAYS,
  "beta/timeout-kill": "2500\n",
  "beta/restart-policy": "sometimes\n",
  "broken/run": "#!/bin/sh\n",
  "teller/run!": TELLS,
  "teller/feed|": "",
  ...Object.fromEntries(HOSTILE_NAMES.map((name) => [`${name}/run!`, STAYS])),
};

/** A port of this machine on which nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function startServer(scandir: string, port: number, ...args: string[]): Promise<Background> {
  const words = ["serve", "-S", scandir, "--listen", `127.0.0.1:${port}`, ...args];
  const server = start(OURS.bin("hexad"), words);
  await server.stderr.until("serving");
  return server;
}

/** The row of a service, by its name as the page shows it. */
function row(page: Page, name: string): Locator {
  return page.locator("tr.service", { has: page.getByRole("link", { name, exact: true }) });
}

async function lines(page: Page): Promise<string[]> {
  return await page.locator(".line:not([hidden]) .text").allTextContents();
}

/** Waits until the page says it. */
async function says(place: Locator, text: string | RegExp): Promise<void> {
  await place.filter({ hasText: text }).first().waitFor();
}

async function hexad(...args: string[]): Promise<string> {
  return (await run(OURS.bin("hexad"), args)).stdout;
}

Deno.test({
  name: "the page of hexad serve in a browser",
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  /** Each begins where the one before has left the page. */
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    if (!await t.step(name, act)) throw new Error("the steps after this one can't be taken");
  };
  using tree = makeTree(SPEC);
  await using _svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  tree.add({ ".token": `${TOKEN}\n` });
  Deno.chmodSync(tree.path(".token"), 0o600);
  const port = freePort();
  const url = `http://127.0.0.1:${port}/`;
  let looking = await startServer(tree.root, port);
  const actingPort = freePort();
  await using _acting = await startServer(
    tree.root,
    actingPort,
    ...["--token-file", tree.path(".token"), "--allow", "start,stop,restart,signal"],
  );
  await using browser = await startBrowser();
  await using main = await openPage(browser, url, { timezoneId: "Asia/Kolkata" });
  const { page } = main;
  const alive = row(page, "alpha").locator("td.state", { hasText: "up" });
  const pidOf = async (name: string): Promise<number> =>
    Number(await row(page, name).locator("td.pid").textContent());

  await step("shows what hexad status does, what is not well first, and why", async () => {
    await alive.waitFor();
    await says(page.locator("#link"), "live");
    await says(page.locator(".summary"), "9 services: 8 up, 1 backing off");
    const said = (await hexad("status", "-S", tree.root)).trimEnd().split("\n").at(-1)!;
    assertEquals(await page.locator(".summary").textContent(), said);
    const first = page.locator("tbody tr");
    assertEquals(await first.nth(0).locator("th").textContent(), "broken");
    await says(first.nth(1).locator(".note"), "it has no execute bit; chmod +x ./run");
    assertEquals(await page.title(), "(1) hexad");
  });

  await step(
    "a service that is killed changes by itself, and is told of as an event",
    async () => {
      Deno.kill(await pidOf("beta"), "SIGKILL");
      await says(row(page, "beta").locator(".exit"), "SIGKILL");
      await says(row(page, "beta").locator(".restarts"), /^1$/);
      assert(
        (await row(page, "beta").locator(".restarts .marks").getAttribute("d"))!.startsWith("M"),
      );
      await page.getByRole("link", { name: "Events" }).click();
      await says(page.locator("table.events tr", { hasText: "beta" }), "died: SIGKILL");
      await page.goBack();
    },
  );

  await step("keys: search, open, back to where one was, arrows", async () => {
    await alive.waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("bet");
    await row(page, "alpha").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "beta" }).waitFor();
    await page.keyboard.press("Escape");
    await row(page, "beta").waitFor();
    const focused = (): Promise<string> =>
      page.evaluate("document.activeElement.textContent") as Promise<string>;
    assertEquals(await focused(), "beta");
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    await alive.waitFor();
    assertEquals(await focused(), "broken");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    const names = await page.locator("tr.service th a").allTextContents();
    assertEquals(await focused(), names.at(-2));
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
  });

  await step(
    "one service: its deaths, its configuration, why a file does not count",
    async () => {
      await row(page, "beta").getByRole("link").click();
      await says(page.locator(".deaths td.how"), "SIGKILL");
      await says(page.locator(".facts div", { hasText: "timeout-kill" }), "2500");
      await says(
        page.locator(".facts div", { hasText: "restart-policy" }),
        "always (neither always nor",
      );
      assertEquals(await page.getByRole("button", { name: "Stop" }).count(), 0);
      await page.keyboard.press("Escape");
    },
  );

  await step(
    "a log: hostile lines are text, stamps are local, it follows and is searched",
    async () => {
      await row(page, "teller").getByRole("link").click();
      await says(page.locator(".said"), "There are no lines.");
      await tree.feed("teller/feed", HOSTILE_LINES.map((line) => `${line}\n`).join(""));
      await says(page.locator(".lines"), "&lt;b&gt;");
      assertEquals(await lines(page), HOSTILE_LINES.map(printable));
      const stamp = page.locator(".line time").first();
      const utc = new Date((await stamp.getAttribute("datetime"))!);
      const there = new Date(utc.getTime() + 5.5 * 3_600_000).toISOString().slice(11, 23);
      assertEquals(await stamp.textContent(), there);

      const many = Array.from({ length: 300 }, (_, at) => `line ${at}\n`).join("");
      await tree.feed("teller/feed", many);
      await says(page.locator(".lines"), "line 299");
      const isAtEnd = "(() => { const l = document.querySelector('.lines');" +
        " return l.scrollHeight - l.scrollTop - l.clientHeight < 24 })()";
      await page.waitForFunction(isAtEnd);
      const follow = page.getByRole("button", { name: "Follow" });
      await page.evaluate("document.querySelector('.lines').scrollTop = 10");
      await page.waitForFunction("document.querySelector('.log [aria-pressed=false]')");
      await tree.feed("teller/feed", "one more\n");
      await says(page.locator(".lines"), "one more");
      assertEquals(await page.evaluate(isAtEnd), false);
      await follow.click();
      await page.waitForFunction(isAtEnd);

      await page.keyboard.press("/");
      await page.keyboard.type("LINE 29");
      await says(page.locator(".count"), "11 of 307 lines");
      assertEquals((await lines(page)).length, 11);
      assertEquals(await page.locator("mark").first().textContent(), "line 29");
      await page.keyboard.press("Escape");
      await page.locator(".count").waitFor({ state: "hidden" });
      await page.keyboard.press("Escape");
    },
  );

  await step("hostile names are text, and lead to their services", async () => {
    for (const name of HOSTILE_NAMES) {
      await row(page, printable(name)).getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: printable(name), exact: true }).waitFor();
      await says(page.locator(".facts"), "PID");
      await page.keyboard.press("Escape");
    }
    assertEquals(await page.locator("main img, main script, main iframe").count(), 0);
  });

  await step(
    "nothing is asked while nobody looks, and all is there when somebody does",
    async () => {
      const before = await pidOf("alpha");
      const hide = (hidden: boolean): Promise<unknown> =>
        page.evaluate(
          `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true });
         document.dispatchEvent(new Event("visibilitychange"))`,
        );
      await hide(true);
      await says(page.locator("#link"), "asleep");
      let asked = 0;
      const count = (): void => void asked++;
      page.on("request", count);
      Deno.kill(before, "SIGKILL");
      await eventually("the restart of alpha", async () => {
        const text = await hexad("status", "--json", "-S", tree.root, "alpha");
        const { services: [alpha] } = JSON.parse(text) as StatusDocument;
        return alpha!.restarts === 1 && alpha!.pid !== null;
      });
      page.off("request", count);
      assertEquals(asked, 0);
      await hide(false);
      await says(row(page, "alpha").locator(".restarts"), /^1$/);
      await says(page.locator("#link"), "live");
    },
  );

  await step("a lost connection is told, and state and log are taken up again", async () => {
    await row(page, "teller").getByRole("link").click();
    await says(page.locator(".lines"), "one more");
    const known = await lines(page);
    looking.kill("SIGKILL");
    await looking.ended();
    await says(page.getByRole("alert"), "The connection is lost");
    await tree.feed("teller/feed", "meanwhile\n");
    looking = await startServer(tree.root, port);
    // it may have come back by itself already, and then there is nothing to click on
    await page.evaluate("document.getElementById('retry').click()");
    await says(page.locator("#link"), "live");
    await says(page.locator(".lines"), "meanwhile");
    await tree.feed("teller/feed", "afterwards\n");
    await says(page.locator(".lines"), "afterwards");
    assertEquals(await lines(page), [...known, "meanwhile", "afterwards"]);
    await page.getByRole("alert").waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
  });

  await step("of 400 services only what has changed is drawn again", async () => {
    await using other = await openPage(browser, "about:blank");
    let changed = "";
    await other.page.route("**/v1/services", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: manifold(await response.json(), changed) });
    });
    await other.page.goto(url);
    await row(other.page, "s399").waitFor();
    await other.page.evaluate(
      `globalThis.touched = new Set();
       new MutationObserver((all) => {
         for (const { target } of all) {
           const row = (target.closest ? target : target.parentElement).closest("tr");
           touched.add(row ? row.querySelector("th").textContent : "the table");
         }
       }).observe(document.querySelector("tbody"), {
         subtree: true, childList: true, characterData: true, attributeFilter: ["class", "href"],
       })`,
    );
    changed = "s123";
    Deno.kill(await pidOf("beta"), "SIGKILL"); // an event, after which the page looks
    await says(row(other.page, "s123").locator("td.pid"), "4242");
    assertEquals(await other.page.evaluate("[...touched]"), ["s123"]);
    assertEquals(other.faults, []);
  });

  await step("axe-core finds nothing, and no view is wider than a phone", async () => {
    await using phone = await openPage(browser, url, {
      viewport: { width: 360, height: 740 },
      colorScheme: "dark",
    });
    await phone.page.route("**/v1/graph", (route) => route.fulfill({ json: GRAPH }));
    await phone.page.route("**/v1/boot", (route) => route.fulfill({ json: BOOT }));
    const look = async (hash: string, sign: string): Promise<void> => {
      await phone.page.goto(`${url}${hash}`);
      await phone.page.locator(sign).first().waitFor();
      await assertNoSidewaysScroll(phone.page);
      assertEquals(await accessibilityFaults(phone.page), [], hash);
    };
    await look("", "tr.service.unwell");
    await look("#/service/teller", ".line");
    await look("#/events", ".nothing");
    await look("#/graph", "svg.graph a");
    await look("#/boot", "svg.boot rect");
    assertEquals(phone.faults, []);
    const dark = await background(phone.page);
    await alive.waitFor();
    assertEquals(await accessibilityFaults(page), []);
    const light = await background(page);
    assert(dark !== light);
    await page.getByRole("button", { name: "Appearance: as the system" }).click();
    assertEquals(await background(page), dark);
    await page.reload();
    await alive.waitFor();
    assertEquals(await background(page), dark);
    await row(page, "beta").getByRole("link").click();
    await page.locator(".deaths").waitFor();
    await page.locator(".facts dt").first().waitFor();
    assertEquals(await accessibilityFaults(page), []);
  });

  await step("with a token: signing in, a question before a stop, signing out", async () => {
    await using acting = await openPage(browser, `http://127.0.0.1:${actingPort}/#/service/beta`);
    const button = (name: string): Locator =>
      acting.page.getByRole("button", { name, exact: true });
    await acting.page.getByLabel("Token").fill("no such token");
    await button("Sign in").click();
    await says(acting.page.locator(".login .said"), "that is not the token");
    assertEquals(await accessibilityFaults(acting.page), []);
    await acting.page.getByLabel("Token").fill(TOKEN);
    await button("Sign in").click();
    await says(acting.page.locator(".service-head .words"), "up");
    const dialog = acting.page.getByRole("dialog");
    await button("Stop").click();
    await says(dialog, "Stop beta?");
    await acting.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await says(acting.page.locator(".service-head .words"), "up");
    await button("Stop").click();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await says(acting.page.locator(".service-head .words"), "down");
    await button("Start").click();
    await says(acting.page.locator(".service-head .words"), "up");
    await button("Sign out").click();
    await acting.page.getByLabel("Token").waitFor();
    assertEquals(acting.faults, []);
  });

  assertEquals(main.faults, []);
  looking.kill("SIGTERM");
  await looking.ended();
});

function background(page: Page): Promise<string> {
  return page.evaluate("getComputedStyle(document.body).backgroundColor") as Promise<string>;
}

/** A look at 400 services, of which one may have another pid. */
function manifold(status: StatusDocument, changed: string): StatusDocument {
  const sample = status.services.find(({ name }) => name === "alpha")!;
  const still = { since: null, lastExit: null, memory: null, cpu: null, log: null };
  const services = Array.from({ length: 400 }, (_, at) => {
    const name = `s${at}`;
    return { ...sample, ...still, name, pid: name === changed ? 4242 : 7 };
  });
  return { ...status, services };
}
