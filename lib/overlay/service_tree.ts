/**
 * The services that s6-rc works on in a container. /init reads their definitions itself, makes the
 * live folder that clients look for, and lets the engine in this process bring them up and down.
 * Source: s6-overlay 3.2.3, rc.init and rc.shutdown, for what is on disk and when things are told.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { placeLink } from "../files/place_link.ts";
import { O_CREAT, O_EXCL, O_WRONLY } from "../core/linux/open_flags.ts";
import { access, close, F_OK, mkdir, open } from "../libc/file.ts";
import { isMountedNoexec } from "../libc/mount.ts";
import { COMPILED_FILE, encodeDatabase } from "../rc/core/compiled_form.ts";
import type { RcDatabase, Service } from "../rc/core/database.ts";
import { resolveName } from "../rc/core/database.ts";
import type { ChangeRequest, Line } from "../rc/core/engine_state.ts";
import { errorsOf } from "../rc/core/source/finding.ts";
import { lineText } from "../rc/core/lines.ts";
import { type ReadDatabase, readSound } from "../rc/core/source/leave_out.ts";
import { TOP } from "../rc/core/source/overlay_source.ts";
import { makeLiveFolder, pointTo, writeFile } from "../rc/live_folder.ts";
import { LiveSet } from "../rc/live_set.ts";
import type { ScriptStdio } from "../rc/port.ts";
import { RcHost } from "../rc/rc_host.ts";
import { copyDefinition } from "../rc/write_compiled.ts";
import type { ScandirHost } from "../scandir/host.ts";
import type { OwnSteps, ServiceTree, Severity } from "./port.ts";
import { isOverlays, readTreeSources } from "./tree_sources.ts";

const DIRECTORY_MODE = 0o755;
/** What a supervisor executes, which must not be a copy where nothing can be executed. */
const PROGRAMS = ["run", "finish"];

export interface TreeOptions {
  readonly host: ScandirHost;
  /** `s6-overlay` of the profile. */
  readonly directory: string;
  /** S6_RUNTIME_BUNDLEDIR, or empty. */
  readonly bundledir: string;
  readonly verbosity: number;
  /** Where the live folder and the scan directory are, and where the graph is kept. */
  readonly live: string;
  readonly scandir: string;
  readonly compiled: string;
  /** Descriptors of scripts. */
  readonly stdio: ScriptStdio;
  readonly own: OwnSteps;
  /** The container's environment, for conditions. */
  environment(): ReadonlyMap<string, string>;
  say(severity: Severity, who: string, text: string): void;
  /** Says a whole line, whatever the verbosity. */
  print(text: string): void;
}

/**
 * Undefined for an image without definitions. @throws {SyscallError} If what has to be made in the
 * runtime directory can't be.
 */
export function openServiceTree(options: TreeOptions): ServiceTree | undefined {
  const { directory, bundledir, say } = options;
  const found = readTreeSources(directory, bundledir);
  if (found === undefined) return undefined;
  if (found.deprecated !== undefined) {
    say(
      "warning",
      "init",
      `defining user bundles in ${found.deprecated} is deprecated, please define them in ${directory}/user-bundles.d instead`,
    );
  }
  const read = readSound(found.sources, { tolerates: (name) => name === "legacy-services" });
  tellMistakes(read, options);
  const set = makeLive(read.database, options);
  const rcHost = new RcHost(options.host, (text) => say("warning", "s6-rc", text));
  rcHost.add(set, set.folder, () => {});
  return {
    faults: Math.max(read.leftOut.length, errorsOf(read.notes).length),
    up: (limitMs) =>
      change(set, options, {
        direction: "up",
        named: resolveName(read.database, TOP) ?? [],
        timeoutMs: limitMs,
      }),
    close: () => set.loop.close(),
    down: (graceMs) => change(set, options, { direction: "down", named: [], live: true, graceMs }),
  };
}

/** What is wrong with definitions, each with its cure, and what does not start because of it. */
function tellMistakes({ notes, leftOut }: ReadDatabase, { say, verbosity }: TreeOptions): void {
  for (const note of notes) {
    if (note.kind === "say" && note.tag === "warning" && note.level < verbosity) {
      say("warning", "s6-rc-compile", note.text);
    }
  }
  for (const { file, line, cause, cure } of errorsOf(notes)) {
    const place = line === undefined ? file : `${file}:${line}`;
    say("warning", "s6-rc", `${place}: ${cause}${cure === "" ? "" : `; ${cure}`}`);
  }
  const byCause = new Map<string, string[]>();
  for (const { name, becauseOf } of leftOut) {
    byCause.set(becauseOf, [...byCause.get(becauseOf) ?? [], name]);
  }
  for (const [cause, names] of byCause) {
    say("warning", "s6-rc", `not started because of ${cause}: ${names.join(", ")}`);
  }
}

/** Makes what stands on disk of the services. @throws {SyscallError} If it can't be made. */
function makeLive(database: RcDatabase, options: TreeOptions): LiveSet {
  const { host, live, scandir, compiled, own, environment, say } = options;
  checked(`create directory ${compiled}`, mkdir(compiled, DIRECTORY_MODE));
  close(open(`${compiled}/lock`, O_WRONLY | O_CREAT | O_EXCL, 0o644));
  writeFile(`${compiled}/${COMPILED_FILE}`, encodePath(encodeDatabase(database)));
  const states = database.services.map(() => ({ up: false, wanted: false }));
  const folder = makeLiveFolder({
    live,
    maker: "s6-rc-init",
    scandir,
    prefix: "",
    compiled,
    states,
  });
  const isNoexec = isMountedNoexec(folder);
  for (const service of database.services) {
    if (service.type === "longrun") {
      makeServicedir(service, `${folder}/servicedirs/${service.name}`, { isNoexec, say });
    }
  }
  pointTo(folder, live);
  return new LiveSet({
    host,
    live,
    folder,
    scandir,
    prefix: "",
    database,
    states,
    environment,
    ownScript: ({ path, name }, script) =>
      isOverlays(path) && script !== "reload" ? own[name]?.[script]() : undefined,
    warn: (text) => say("warning", "s6-rc", text),
  });
}

interface ServicedirOptions {
  /** Nothing can be executed where the service directory is. */
  readonly isNoexec: boolean;
  readonly say: TreeOptions["say"];
}

/** One that can't be copied whole is told, and fails when it is to be started. */
function makeServicedir(
  { path, name }: Service,
  to: string,
  { isNoexec, say }: ServicedirOptions,
): void {
  checked(`create directory ${to}`, mkdir(to, DIRECTORY_MODE));
  if (path === "") return;
  try {
    copyDefinition(path, to);
    if (isNoexec) {
      for (const program of PROGRAMS) linkProgram(`${path}/${program}`, `${to}/${program}`);
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    say("warning", "s6-rc", `${error.message} (the service ${name} can't be started)`);
  }
  writeFile(`${to}/down`, new Uint8Array(0));
}

/** Puts a link to the image's file in the place of its copy. */
function linkProgram(from: string, to: string): void {
  if (access(to, F_OK) < 0) return;
  placeLink(from, to, { kind: "symbolic", force: true });
}

/** @returns what s6-rc would exit with */
function change(
  set: LiveSet,
  options: TreeOptions,
  request: Omit<ChangeRequest, "id">,
): Promise<number> {
  const { verbosity, stdio, print } = options;
  const ended = Promise.withResolvers<number>();
  set.loop.change(request, {
    stdio,
    say: (line: Line) => {
      if (line.level <= verbosity) print(lineText("s6-rc", line));
    },
    end: ended.resolve,
  });
  return ended.promise;
}
