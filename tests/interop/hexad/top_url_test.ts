/** `hexad top --url`: a tree that hexad serve shows, on a terminal: the same keys, and a server that goes. */
import { assertEquals } from "@std/assert";
import { type Background, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { STAYS } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do printf "%b\\n" "$line"; done\n';
const NOTES_USR1 = "#!/bin/sh\ntrap 'echo usr1 >>told' USR1\n: >begun\n" +
  "while :; do sleep 0.1; done\n";

async function serving(tree: Tree, ...args: string[]): Promise<Background> {
  const server = start(HEXAD, [
    "serve",
    "-S",
    tree.path("scan"),
    "--listen",
    `unix:${tree.path("socket")}`,
    ...args,
  ]);
  await server.stderr.until("serving ");
  return server;
}

Deno.test("top --url: keys act as the server allows, logs are followed, and a server that is gone is told and taken up again", async (t) => {
  using tree = makeTree({
    "scan/db/run!": NOTES_USR1,
    "scan/db/reload-signal": "USR1\n",
    "scan/web/run!": REPEATS,
    "scan/web/in|": "",
    "scan/web/log/logscript": "t ./main\n",
    "scan/zed/run!": STAYS,
  });
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  const url = `unix:${tree.path("socket")}`;
  await tree.feed("scan/web/in", "before\n");
  await eventually(
    "a log, and a handler of USR1",
    () =>
      tree.exists("scan/db/begun") && tree.exists("scan/web/log/main/current") &&
      tree.text("scan/web/log/main/current").includes("before"),
  );
  let server = await serving(tree);
  try {
    await using terminal = await openTerminal([HEXAD, "top", "--url", url], { columns: 120 });
    await t.step("what there is, and no right to change it", async () => {
      await terminal.until(
        /^hexad top +unix:.* 3 services, all well\n.*\n> +db +up .*\n +web +up /,
      );
      await terminal.type("r");
      await terminal.until(/\nthis server may not restart services; --allow restart lets it$/);
      await terminal.type("R");
      await terminal.until(/\nthis server may not signal services; --allow signal lets it$/);
    });
    await t.step("a server that goes and comes back", async () => {
      await server[Symbol.asyncDispose]();
      await terminal.until(/\n> +db +up [^]*\nunable to ask unix:.*\(trying again\)$/);
      await terminal.type("j");
      await terminal.until(/\n> +web +up [^]*\nunable to ask unix:.*\(trying again\)$/);
      server = await serving(tree, "--allow", "start,stop,restart,signal");
      await terminal.until(/\n> +web +up [^]*\nthe services can be seen again$/);
    });
    await t.step("keys stop, start and reload", async () => {
      await terminal.type("s");
      await terminal.until(/\nstop web\? \(y\/n\)$/);
      await terminal.type("y");
      await terminal.until(/\n> +web +down[^]*\nweb: told to stop$/);
      await terminal.type("K", "Enter");
      await terminal.until(/\nweb does not run, so nothing was sent$/);
      await terminal.type("u");
      await terminal.until(/\n> +web +up[^]*\nweb: told to start$/);
      await terminal.type("k", "R");
      await terminal.until(/\n> +db +up[^]*\ndb: told to reload$/);
      await eventually(
        "its reload-signal",
        () => tree.exists("scan/db/told") && tree.text("scan/db/told") === "usr1\n",
      );
    });
    await t.step("a log, through a server that goes and comes back", async () => {
      await terminal.type("j", "Enter");
      await terminal.until(/^web +log, following\n\d{4}-.* before\n/);
      await tree.feed("scan/web/in", "\\033[2Jhostile\n");
      await terminal.until(/ \\x1b\[2Jhostile\n/);
      await server[Symbol.asyncDispose]();
      await terminal.until(/\(trying again\)\n/);
      await tree.feed("scan/web/in", "meanwhile\n");
      server = await serving(tree);
      await terminal.until(/ meanwhile\n/);
      await terminal.type("q");
      await terminal.until(/\n> +web +up /);
      await terminal.type("q");
      await terminal.until(/\[exit 0\]/);
    });
    await t.step("what can't be shown is told before there is a screen", async () => {
      await using none = await openTerminal([HEXAD, "top", "--url", url, "wbe"], { columns: 200 });
      await none.until(/^hexad top: fatal: no service wbe in .*; did you mean web\?\n\[exit 100\]/);
      await using both = await openTerminal(
        [HEXAD, "top", "--url", url, "-S", tree.path("scan")],
        { columns: 100 },
      );
      await both.until(/--scandir and --url exclude each other/);
    });
  } finally {
    await server[Symbol.asyncDispose]();
  }
});

Deno.test("status, logs --url: a scan directory beside it makes no sense", async () => {
  for (const command of ["status", "logs"]) {
    const { code, stderr } = await run(HEXAD, [command, "--url", "unix:/nowhere", "-S", "/tmp"]);
    assertEquals([code, stderr.includes("--scandir and --url exclude each other")], [100, true]);
  }
});
