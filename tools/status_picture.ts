/**
 * `deno run -A tools/status_picture.ts`: writes docs/status.svg, the picture in the README.
 *
 * It is what `hexad status` prints on a terminal about a small tree in which one service fails. The
 * tree is made in a temporary directory, supervised by the programs of the build, and removed.
 */
import { join } from "@std/path";
import { build, FOR_THIS_MACHINE } from "./build.ts";
import { Fatal, runTool } from "./fatal.ts";
import { DEV_BIN, ROOT } from "./layout.ts";

const SLEEPS = "#!/bin/sh\nexec sleep 1000\n";
const LOGS = "#!/bin/sh\nexec s6-log t n5 s100000 ./main\n";

const TREE: Readonly<Record<string, string>> = {
  "cron/run": SLEEPS,
  "db/run": "#!/bin/sh\necho >&3\nexec sleep 1000\n",
  "db/notification-fd": "3\n",
  "web/run": "#!/bin/sh\necho 'listening on :8080'\necho >&3\nexec sleep 1000\n",
  "web/notification-fd": "3\n",
  "web/log/run": LOGS,
  "worker/run": "#!/bin/sh\necho 'queue:6379: connection refused'\nexit 1\n",
  "worker/log/run": LOGS,
};

/** Restarts of the failing service after which the table looks like one from real life. */
const RESTARTS = 3;

const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 19;
const MARGIN = 14;
const BACKGROUND = "#1d2021";
const FOREGROUND = "#ebdbb2";
/** Colours of ECMA-48's SGR that `hexad status` uses. */
const COLOURS: Readonly<Record<string, string>> = {
  "31": "#fb4934",
  "32": "#b8bb26",
  "33": "#fabd2f",
  "2": "#a89984",
};

async function writeTree(scandir: string): Promise<void> {
  for (const [path, text] of Object.entries(TREE)) {
    const file = join(scandir, path);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, text, { mode: path.endsWith("/run") ? 0o755 : 0o644 });
  }
}

const environment = { PATH: `${DEV_BIN}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}` };

async function output(program: string, args: readonly string[]): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], env: environment, stdin: "null" });
  const { success, stdout } = await command.output();
  if (!success) throw new Fatal(`unable to run ${program} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

/** Waits until the failing service has died a few times, which its events tell. */
async function waitForDeaths(scandir: string): Promise<void> {
  const args = ["-t", "60000", join(scandir, "worker/event"), `d(.*d){${RESTARTS}}`];
  await output(join(DEV_BIN, "s6-ftrig-wait"), args);
}

/** What stands on the screen of a terminal, with its colours. */
async function statusOnTerminal(scandir: string): Promise<string> {
  const text = await output("script", [
    "-qec",
    `stty cols 110; ${DEV_BIN}/hexad status -S ${scandir}; true`,
    "/dev/null",
  ]);
  return text.replaceAll("\r", "").trimEnd();
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

interface Style {
  readonly fill: string;
  readonly bold: boolean;
}

const PLAIN: Style = { fill: FOREGROUND, bold: false };

function styleAfter(style: Style, codes: string): Style {
  if (codes === "" || codes === "0") return PLAIN;
  if (codes === "1") return { ...style, bold: true };
  return { ...style, fill: COLOURS[codes] ?? style.fill };
}

/** One line of the terminal as SVG; each piece of one style stands at its own column. */
function lineOf(text: string, y: number): string {
  let style = PLAIN;
  let column = 0;
  const pieces: string[] = [];
  // deno-lint-ignore no-control-regex
  for (const [, codes, plain] of text.matchAll(/(?:\x1b\[([0-9;]*)m)?([^\x1b]*)/g)) {
    if (codes !== undefined) style = styleAfter(style, codes);
    if (plain === undefined || plain === "") continue;
    const x = (MARGIN + column * CHARACTER_WIDTH).toFixed(1);
    const weight = style.bold ? ' font-weight="bold"' : "";
    if (plain.trim() !== "") {
      pieces.push(
        `<text x="${x}" y="${y}" fill="${style.fill}"${weight}>${escapeXml(plain)}</text>`,
      );
    }
    column += plain.length;
  }
  return pieces.join("\n");
}

function pictureOf(screen: string): string {
  const lines = ["$ hexad status", ...screen.split("\n")];
  // deno-lint-ignore no-control-regex
  const columns = Math.max(...lines.map((line) => line.replace(/\x1b\[[0-9;]*m/g, "").length));
  const width = Math.ceil(2 * MARGIN + columns * CHARACTER_WIDTH);
  const height = 2 * MARGIN + lines.length * LINE_HEIGHT;
  const rows = lines.map((line, row) => lineOf(line, MARGIN + (row + 1) * LINE_HEIGHT - 5));
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }</style>
<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>
${rows.filter((row) => row !== "").join("\n")}
</svg>
`;
}

async function draw(): Promise<number> {
  await build(FOR_THIS_MACHINE);
  const scandir = await Deno.makeTempDir({ prefix: "hexad-picture-" });
  try {
    await writeTree(scandir);
    const svscan = new Deno.Command("/bin/sh", {
      args: ["-c", 'exec s6-svscan -d 3 "$0" 3>&1 >&2', scandir],
      env: environment,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    try {
      await svscan.stdout.getReader().read(); // the newline that says that all supervisors are there
      await output(join(DEV_BIN, "s6-svwait"), ["-U", "-t", "60000", join(scandir, "web")]);
      await waitForDeaths(scandir);
      await Deno.writeTextFile(
        `${ROOT}/docs/status.svg`,
        pictureOf(await statusOnTerminal(scandir)),
      );
    } finally {
      svscan.kill("SIGTERM");
      await svscan.status;
    }
  } finally {
    await Deno.remove(scandir, { recursive: true });
  }
  return 0;
}

await runTool("status_picture", draw);
