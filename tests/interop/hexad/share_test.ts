/**
 * What the tarball hexad-doc has: completions, in the shells that they are for, and manual pages.
 */
import { assert, assertEquals } from "@std/assert";
import { OWN_COMMANDS } from "../../../cmd/hexad/commands.ts";
import { DIST, DIST_FILES } from "../../../tools/layout.ts";
import { SERVICEDIR_ROWS } from "../../../lib/servicedir/core/servicedir_files.ts";
import { run } from "../../fixture/command.ts";
import { openTerminal, type Terminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const PATH = `${OURS.bin("").slice(0, -1)}:${Deno.env.get("PATH")}`;

/** share/ of hexad-doc, and a scan directory with services whose names are a shell's business. */
async function withShare(body: (share: Tree, scandir: string) => Promise<void>): Promise<void> {
  using tree = makeTree({
    "scan/web/run!": "",
    "scan/web/log/run!": "",
    "scan/worker/run!": "",
    "scan/two words/run!": "",
    "scan/$(touch stolen)/run!": "",
  });
  const { code, stderr } = await run("tar", [
    "-xzf",
    `${DIST}/${DIST_FILES.doc}`,
    "-C",
    tree.root,
  ]);
  assertEquals([code, stderr], [0, ""]);
  await body(tree, tree.path("scan"));
  assert(!tree.exists("stolen"), "a service's name was run");
}

/** What bash offers for the last of the words. */
async function bashOffers(share: Tree, words: readonly string[]): Promise<string[]> {
  const script =
    'source share/bash-completion/completions/hexad; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _hexad; ' +
    'if (( ${#COMPREPLY[@]} > 0 )); then printf "%s\\n" "${COMPREPLY[@]}"; fi';
  const { stdout, stderr } = await run("bash", ["--norc", "-c", script, "bash", ...words], {
    cwd: share.root,
    env: { PATH },
  });
  assertEquals(stderr, "");
  return stdout.split("\n").filter((line) => line !== "").sort();
}

/** What fish offers for the end of the line. */
async function fishOffers(share: Tree, line: string): Promise<string[]> {
  const script = "source share/fish/vendor_completions.d/hexad.fish; complete -C $argv[1]";
  const { stdout, stderr } = await run("fish", ["--no-config", "-c", script, line], {
    cwd: share.root,
    env: { PATH, HOME: share.root },
  });
  assertEquals(stderr, "");
  return stdout.split("\n").filter((offer) => offer !== "").map((offer) => offer.split("\t")[0]!)
    .sort();
}

Deno.test("bash completes commands, options, values and services", () =>
  withShare(async (share, scandir) => {
    const offers = (...words: string[]): Promise<string[]> =>
      bashOffers(share, ["hexad", ...words]);
    assertEquals(await offers("stat"), ["status"]);
    assertEquals(await offers(""), Object.keys(OWN_COMMANDS).sort());
    assertEquals(await offers("-S", scandir, "resta"), ["restart"]);
    assertEquals(await offers("-S", scandir, "restart", "wo"), ["worker"]);
    assertEquals(await offers("--scandir", "=", scandir, "restart", "wo"), ["worker"]);
    assertEquals(await offers("-S", `${scandir}/wo`), [`${scandir}/worker`]);
    assertEquals(await offers("--li"), ["--list"]);
    assertEquals(await offers("s6-svs"), [
      "s6-svscan",
      "s6-svscanboot",
      "s6-svscanctl",
      "s6-svstat",
    ]);
    assertEquals(await offers("status", "--js"), ["--json"]);
    assertEquals(await offers("logs", "--time", ""), ["iso", "local", "none", "raw"]);
    assertEquals(await offers("logs", "--time", "=", "lo"), ["local"]);
    assertEquals(await offers("logs", "--time", "="), ["iso", "local", "none", "raw"]);
    assertEquals(await offers("kill", "-s", "SIGU"), ["SIGUSR1", "SIGUSR2"]);
    assertEquals(await offers("restart", "-S", scandir, "w"), ["web", "web/log", "worker"]);
    assertEquals(await offers("restart", "--scandir", "=", scandir, "wo"), ["worker"]);
    assertEquals(await offers("stop", "-S", scandir, "--", "-"), []);
    assertEquals(await offers("stop", "-S", scandir, ""), [
      "\\$\\(touch\\ stolen\\)",
      "two\\ words",
      "web",
      "web/log",
      "worker",
    ]);
    assertEquals(await offers("status", "-S", `${scandir}/wo`), [`${scandir}/worker`]);
    assertEquals(await offers("completions", "f"), ["fish"]);
    assertEquals(await offers("help", "serviced"), ["servicedir"]);
    assertEquals(await offers("restart", "-S", "/nonexistent", ""), []);
  }));

Deno.test("fish completes commands, options, values and services", () =>
  withShare(async (share, scandir) => {
    const offers = (line: string): Promise<string[]> => fishOffers(share, `hexad ${line}`);
    assertEquals(await offers("stat"), ["status"]);
    assertEquals(await offers(""), Object.keys(OWN_COMMANDS).sort());
    assertEquals(await offers(`-S ${scandir} resta`), ["restart"]);
    assertEquals(await offers(`-S ${scandir} restart wo`), ["worker"]);
    assertEquals(await offers(`--scandir=${scandir} restart wo`), ["worker"]);
    assertEquals(await offers("--li"), ["--list"]);
    assertEquals(await offers("s6-svst"), ["s6-svstat"]);
    assertEquals(await offers("status --js"), ["--json"]);
    assertEquals(await offers("logs --time "), ["iso", "local", "none", "raw"]);
    assertEquals(await offers("logs --time=lo"), ["--time=local"]);
    assertEquals(await offers("kill -s SIGU"), ["SIGUSR1", "SIGUSR2"]);
    assertEquals(await offers(`restart -S ${scandir} w`), ["web", "web/log", "worker"]);
    assertEquals(await offers(`restart --scandir=${scandir} wo`), ["worker"]);
    assertEquals((await offers(`stop -S ${scandir} `)).length, 5);
    assertEquals(await offers("completions f"), ["fish"]);
    assertEquals(await offers("help serviced"), ["servicedir"]);
  }));

async function typeAndSee(terminal: Terminal, line: string, pattern: RegExp): Promise<void> {
  await terminal.type("C-u", "C-l");
  await terminal.until(/^\S*[%$#] ?$/);
  await terminal.type("-l", line);
  await terminal.type("Tab");
  await terminal.until(pattern);
}

Deno.test("zsh completes commands, options, values and services, typed into it", () =>
  withShare(async (share, scandir) => {
    const setup =
      `fpath=(${
        share.path("share/zsh/site-functions")
      } $fpath); autoload -U compinit; compinit -u -d ${share.path("dump")}; ` +
      "unsetopt beep; PROMPT='$ '; cd " + share.root;
    share.add({ ".zshrc": `${setup}\n` });
    await using terminal = await openTerminal([
      "env",
      `ZDOTDIR=${share.root}`,
      `PATH=${PATH}`,
      "zsh",
      "-d",
      "-i",
    ], {
      columns: 150,
      rows: 40,
    });
    await terminal.until(/^\$$/);
    await typeAndSee(terminal, "hexad stat", /^\$ hexad status$/);
    await typeAndSee(terminal, `hexad -S ${scandir} resta`, /restart$/);
    await typeAndSee(terminal, `hexad -S ${scandir} restart wo`, /restart worker$/);
    await typeAndSee(terminal, `hexad --scandir=${scandir} restart wo`, /restart worker$/);
    await typeAndSee(terminal, "hexad --li", /^\$ hexad --list$/);
    await typeAndSee(terminal, "hexad s6-svst", /^\$ hexad s6-svstat$/);
    await typeAndSee(terminal, "hexad status --js", /^\$ hexad status --json$/);
    await typeAndSee(terminal, "hexad logs --time=lo", /^\$ hexad logs --time=local$/);
    await typeAndSee(
      terminal,
      "hexad kill -s SIGUSR",
      /^\$ hexad kill -s SIGUSR\n(.*\n)?SIGUSR1 +SIGUSR2$/,
    );
    await typeAndSee(terminal, `hexad restart -S ${scandir} wo`, /restart -S \S+ worker$/);
    await typeAndSee(terminal, `hexad stop -S ${scandir} tw`, /stop -S \S+ two\\ words$/);
    await typeAndSee(
      terminal,
      `hexad stop -S ${scandir} \\$`,
      /stop -S \S+ \\\$\\\(touch\\ stolen\\\)$/,
    );
    await typeAndSee(terminal, "hexad help serviced", /^\$ hexad help servicedir$/);
  }));

Deno.test("bash, typed into it, completes a service and quotes what its name needs", () =>
  withShare(async (share, scandir) => {
    share.add({
      bashrc:
        `source share/bash-completion/completions/hexad\nPS1='$ '\nbind 'set bell-style none'\n`,
    });
    await using terminal = await openTerminal(
      [
        "env",
        "-C",
        share.root,
        `PATH=${PATH}`,
        "HISTFILE=/dev/null",
        "bash",
        "--rcfile",
        "bashrc",
        "-i",
      ],
      { columns: 150 },
    );
    await terminal.until(/^\$$/);
    await typeAndSee(terminal, "hexad stat", /^\$ hexad status$/);
    await typeAndSee(terminal, `hexad stop -S ${scandir} tw`, /stop -S \S+ two\\ words$/);
  }));

Deno.test("completions services names what is there; a name that would be several lines is left out; what is misspelt is suggested", async () => {
  using tree = makeTree({ "web/run!": "", "web/log/run!": "", "a\nb/run!": "" });
  assertEquals(await run(HEXAD, ["completions", "-S", tree.root, "services"]), {
    code: 0,
    stdout: "web\nweb/log\n",
    stderr: "",
  });
  const { code, stderr } = await run(HEXAD, ["completions", "bsah"]);
  assertEquals([code, stderr.split("\n")[0]], [
    100,
    "hexad completions: fatal: no completions for bsah; did you mean bash?",
  ]);
});

Deno.test("the completions of the tarball are those that the program prints", () =>
  withShare(async (share) => {
    const files = {
      bash: "bash-completion/completions/hexad",
      zsh: "zsh/site-functions/_hexad",
      fish: "fish/vendor_completions.d/hexad.fish",
    };
    for (const [shell, path] of Object.entries(files)) {
      assertEquals(share.text(`share/${path}`), (await run(HEXAD, ["completions", shell])).stdout);
    }
  }));

Deno.test("there is a manual page for each command, and mandoc finds nothing wrong with any", () =>
  withShare(async (share) => {
    const directory = share.path("share/man/man1");
    const pages = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    const names = Object.keys(OWN_COMMANDS).map((name) => `hexad-${name}.1`);
    const s6 = [...Deno.readDirSync(OURS.bin(""))].map(({ name }) => name).filter((name) =>
      /^s6-(sv|log|ftrig|supervise)/.test(name)
    );
    assertEquals(
      ["hexad.1", ...names, ...s6.map((name) => `${name}.1`)].filter((page) =>
        !pages.includes(page)
      ),
      [],
    );
    const { code, stdout, stderr } = await run("mandoc", [
      "-Tlint",
      "-Wstyle",
      ...pages.map((page) => `${directory}/${page}`),
    ]);
    assertEquals([code, stdout, stderr], [0, "", ""]);
    const shown = await run("mandoc", ["-Tascii", `${directory}/hexad-status.1`]);
    for (
      const long of (await OWN_COMMANDS.status!.load()).table.options.map((option) => option.long)
    ) {
      assert(shown.stdout.split(/.[\b]/).join("").includes(`--${long}`), long);
    }
  }));

Deno.test("there is a manual page of section 5 for each format, whole, and mandoc finds nothing wrong with any", () =>
  withShare(async (share) => {
    const directory = share.path("share/man/man5");
    const pages = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    assertEquals(pages, [
      "hexad-formats.5",
      "hexad-overlay.5",
      "hexad-rc.5",
      "hexad-servicedir.5",
    ]);
    const paths = pages.map((page) => `${directory}/${page}`);
    const { code, stdout, stderr } = await run("mandoc", ["-Tlint", "-Wstyle", ...paths]);
    assertEquals([code, stdout, stderr], [0, "", ""]);
    const shown = async (page: string): Promise<string> =>
      (await run("mandoc", ["-Tutf8", `${directory}/${page}`])).stdout.replace(/.[\b]/g, "");
    const servicedir = await shown("hexad-servicedir.5");
    for (const [name] of SERVICEDIR_ROWS) assert(servicedir.includes(name), name);
    for (const word of ["death_tally", ".s6-svscan/lock", "ftrig1:", "current"]) {
      assert((await shown("hexad-formats.5")).includes(word), word);
    }
    for (const page of pages) {
      // nothing of Markdown is left
      assertEquals((await shown(page)).match(/\]\(|^#+ |^```|^\|.*\|$/gm), null, page);
    }
  }));
