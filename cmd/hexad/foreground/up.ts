/** hexad up: the services of a services.yaml as a tree of their own, in the foreground. */
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import type { ProjectPlace } from "../../../lib/foreground/core/project_place.ts";
import { ForegroundTree } from "../../../lib/foreground/foreground_tree.ts";
import { OrderedTree } from "../../../lib/foreground/ordered_tree.ts";
import { removeTree } from "../../../lib/files/remove_tree.ts";
import { outliveFileSizeLimit } from "../../../lib/libc/disposition.ts";
import { trySetChildSubreaper } from "../../../lib/libc/process.ts";
import { raiseNofileLimit } from "../../../lib/libc/resource_limit.ts";
import { fileFindingLine } from "../../../lib/onefile/core/file_findings.ts";
import { BUNDLE } from "../../../lib/onefile/core/render_services.ts";
import { type RenderedFiles, renderFiles } from "../../../lib/onefile/render_files.ts";
import { updateTree } from "../../../lib/onefile/rendered_tree.ts";
import { lineText } from "../../../lib/rc/core/lines.ts";
import type { ReadDatabase } from "../../../lib/rc/core/source/leave_out.ts";
import { readSound } from "../../../lib/rc/core/source/leave_out.ts";
import { notesOfFiles } from "../../../lib/rc/core/source/file_notes.ts";
import { readSources } from "../../../lib/rc/read_sources.ts";
import { takeScandir } from "../../../lib/scandir/system.ts";
import { UnsuitableError } from "../../../lib/supervise/control.ts";
import { outliveChildren } from "../../../lib/supervise/outlive_children.ts";
import { type Context, Failure } from "../../context.ts";
import { logHostCommand } from "../../log/log_host_command.ts";
import { sayLine } from "../../messages.ts";
import { allowScriptsHere } from "../../run_scripts_here.ts";
import { selfCommand } from "../../self.ts";
import { parseArguments } from "../arguments.ts";
import { notificationFdOf, notify } from "../program/notification_fd.ts";
import { upInBackground } from "./background.ts";
import { noteWriter, widthOf } from "./foreground_output.ts";
import { linkCommands, placeOf, projectFiles, takePlace } from "./project.ts";

const EXIT_FINDINGS = 1;
/** Of lines of s6-rc: warnings, and nothing of what goes well. */
const VERBOSITY = 1;

export const table = {
  summary:
    "Runs the services of a services.yaml in the foreground, in their order, with the time and the name before each line.",
  usage: "[-f FILE]... [-p PROFILE]... [-k] [-d] [-D FD]",
  operands: "none",
  options: [
    {
      short: "f",
      long: "file",
      arg: "FILE",
      kind: "file",
      repeatable: true,
      text: "the file, or several that are merged; default: services.yaml of this directory",
    },
    {
      short: "p",
      long: "profile",
      arg: "PROFILE",
      repeatable: true,
      text: "also the services of this profile; default: those in COMPOSE_PROFILES",
    },
    { short: "k", long: "keep", text: "go on when all services have ended" },
    {
      short: "d",
      long: "detach",
      text:
        "go into the background once all are up, and print their scan directory; hexad down ends them. Implies --keep",
    },
    {
      short: "D",
      long: "notification-fd",
      arg: "FD",
      text: "write the exit code of the start and a newline to this descriptor",
    },
  ],
  exits: [
    [
      "0",
      "ended by a signal or hexad down, or all services have done their work; with --detach: all are up",
    ],
    ["N", "the exit code of an essential service, or of the first service that failed for good"],
    ["1", "a file has a mistake, or services could not be brought up"],
    ["100", "wrong usage, no file, or it is up already"],
    ["111", "system call failed"],
  ],
  example: "hexad up -f services.yaml",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, values } = parseArguments(context.argv, table);
  const told = notificationFdOf(value("notification-fd"));
  const files = projectFiles(values("file"));
  const place = placeOf(files);
  const profiles = values("profile");
  const render = (): RenderedFiles =>
    renderFiles(files, {
      environment: context.env,
      ...(profiles.length === 0 ? {} : { profiles }),
      language: { kind: "execline", interpreter: `${place.bin}/execlineb` },
      withContenv: false,
      dependencies: [],
      inForeground: true,
      form: "definitions",
    });
  const rendered = render();
  for (const finding of rendered.findings.all) {
    sayLine(`${context.program}: ${fileFindingLine(finding)}`);
  }
  if (rendered.findings.hasErrors) return EXIT_FINDINGS;
  takePlace(place);
  if (flag("detach")) {
    return await upInBackground(context, place, [
      ...files.flatMap((file) => ["--file", file]),
      ...profiles.flatMap((profile) => ["--profile", profile]),
    ]);
  }
  const tree = treeIn(context, place, { file: files[0]!, rendered, staysIdle: flag("keep") });
  try {
    return await bringUp(context, tree, place, render, told);
  } finally {
    removeTree(place.directory);
  }
}

interface Starting {
  readonly file: string;
  readonly rendered: RenderedFiles;
  readonly staysIdle: boolean;
}

/** @throws {Failure} If it is up already. */
function treeIn(
  context: Context,
  place: ProjectPlace,
  { file, rendered: { directories }, staysIdle }: Starting,
): ForegroundTree {
  outliveFileSizeLimit();
  raiseNofileLimit();
  outliveChildren();
  trySetChildSubreaper();
  try {
    const control = takeScandir(place.scandir);
    const writers = directories.filter(({ files }) =>
      files.some(({ path }) => path === "run" || path === "up")
    );
    const nameWidth = widthOf(writers.map(({ name }) => name));
    return new ForegroundTree({
      control,
      nameWidth,
      keepsGoing: true,
      staysIdle,
      note: noteWriter(context, nameWidth),
      setlock: (args) => selfCommand("s6-setlock", args),
      logHost: logHostCommand,
      warn: (text) => context.warn(text),
      warnOfService: (name, text) => context.warn(`${name}: ${text}`),
    });
  } catch (error) {
    if (!(error instanceof UnsuitableError)) throw error;
    throw new Failure(
      EXIT_USAGE,
      `${file} is up already: hexad apply -l ${place.live} takes changes over, hexad down ends it`,
    );
  }
}

async function bringUp(
  context: Context,
  tree: ForegroundTree,
  place: ProjectPlace,
  render: () => RenderedFiles,
  notificationFd: number | undefined,
): Promise<number> {
  linkCommands(place);
  allowScriptsHere();
  const ordered = new OrderedTree({
    process: tree.process,
    place,
    top: BUNDLE,
    read: () => readAgain(place, render()),
    print: (line) => {
      if (line.level <= VERBOSITY) sayLine(lineText(context.program, line));
    },
    warn: (text) => context.warn(text),
  });
  tree.follow(ordered);
  // where somebody waits for the answer, that one tells
  if (notificationFd === undefined) {
    context.info(`hexad status -S ${place.scandir} shows these services while they run`);
  }
  const ended = tree.run();
  const code = await ordered.up();
  if (notificationFd !== undefined) notify(notificationFd, String(code));
  tree.endIfIdle();
  const ownCode = await ended;
  return ownCode === 0 ? code : ownCode;
}

/** The definitions as the files are now; a mistake leaves everything as it is. */
function readAgain(place: ProjectPlace, { findings, directories }: RenderedFiles): ReadDatabase {
  if (!findings.hasErrors) updateTree(place.source, directories);
  const read = readSound(readSources([place.source]));
  return { ...read, notes: [...notesOfFiles(findings.all), ...read.notes] };
}
