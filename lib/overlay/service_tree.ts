/**
 * The services that s6-rc manages in a container. /init reads their definitions itself and makes
 * the live folder that clients look for. The engine in this process brings them up and down.
 * Source: s6-overlay 3.2.3, rc.init and rc.shutdown, for the files on disk and the order of
 * messages.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { checked } from "../libc/bind.ts";
import { O_CREAT, O_EXCL, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, mkdir, open } from "../libc/file.ts";
import { COMPILED_FILE, encodeDatabase } from "../rc/core/compiled_form.ts";
import type { RcDatabase } from "../rc/core/database.ts";
import { resolveName } from "../rc/core/database.ts";
import type { ChangeRequest, Line } from "../rc/core/engine_state.ts";
import { omissionsOf } from "../rc/core/make_record.ts";
import { errorsOf, type Note, placeOf } from "../rc/core/source/finding.ts";
import { lineText } from "../rc/core/lines.ts";
import { type ReadDatabase, readSound } from "../rc/core/source/leave_out.ts";
import { overlaySource, TOP } from "../rc/core/source/overlay_source.ts";
import type { RawSource } from "../rc/core/source/raw_definition.ts";
import { writeFile } from "../rc/live_folder.ts";
import type { LiveSet } from "../rc/live_set.ts";
import { openSources } from "../rc/open_sources.ts";
import type { ScriptStdio } from "../rc/port.ts";
import { RcServer } from "../rc/rc_server.ts";
import type { ScandirProcess } from "../scandir/scandir_process.ts";
import type { StartedService } from "./core/boot_summary.ts";
import type { OwnSteps, ServiceTree, Severity } from "./port.ts";
import type { RenderedServices } from "./rendered_services.ts";
import { isOverlays, readTreeSources } from "./tree_sources.ts";

const DIRECTORY_MODE = 0o755;
const NO_SOURCES = { sources: [overlaySource(new Set())], deprecated: undefined } as const;

export interface TreeOptions {
  readonly process: ScandirProcess;
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
  /** Renders the image's services.yaml; its directory is undefined where there is none. */
  renderServices(): Promise<RenderedServices>;
  /** The logscript for a logger's service directory; undefined: it runs as it is. */
  logscriptOf(servicedir: string): string | undefined;
  /** The container's environment, for conditions. */
  environment(): ReadonlyMap<string, string>;
  say(severity: Severity, who: string, text: string): void;
  /** Prints a whole line, at every verbosity. */
  print(text: string): void;
}

/**
 * Undefined for an image without definitions. @throws {SyscallError} If something can't be made in
 * the runtime directory.
 */
export async function openServiceTree(options: TreeOptions): Promise<ServiceTree | undefined> {
  const { directory, bundledir, say } = options;
  const rendered = await options.renderServices();
  const found = readTreeSources(directory, bundledir, rendered.directory) ??
    (rendered.notes.length === 0 ? undefined : NO_SOURCES);
  if (found === undefined) return undefined;
  if (found.deprecated !== undefined) {
    say(
      "warning",
      "init",
      `defining user bundles in ${found.deprecated} is deprecated, please define them in ${directory}/user-bundles.d instead`,
    );
  }
  const readOf = (sources: readonly RawSource[], notes: readonly Note[]): ReadDatabase => {
    const read = readSound(sources, { tolerates: (name) => name === "legacy-services" });
    return { ...read, notes: [...notes, ...read.notes] };
  };
  const read = readOf(found.sources, rendered.notes);
  tellMistakes(read, options);
  const { database } = read;
  writeGraph(options.compiled, database);
  const warn = (text: string): void => say("warning", "s6-rc", text);
  const set = openSources({
    ...options,
    rc: new RcServer(options.process, warn),
    database,
    leftOut: omissionsOf(read.leftOut),
    keepsOutput: true,
    ownScript: ({ path, name }, script) =>
      isOverlays(path) && script !== "reload" ? options.own[name]?.[script]() : undefined,
    warn,
    reread: {
      read: async () => {
        const again = await options.renderServices();
        const sources = readTreeSources(directory, bundledir, again.directory) ?? NO_SOURCES;
        return readOf(sources.sources, again.notes);
      },
      top: TOP,
      isSpared: ({ path }) => isOverlays(path),
      keepsGraph: true,
    },
  });
  return {
    faults: Math.max(read.leftOut.length, errorsOf(read.notes).length),
    up: (limitMs) =>
      change(set, options, {
        direction: "up",
        named: resolveName(database, TOP) ?? [],
        timeoutMs: limitMs,
      }),
    started: () => startedServices(set, set.database),
    close: () => set.loop.close(),
    down: (graceMs) => change(set, options, { direction: "down", named: [], live: true, graceMs }),
  };
}

function startedServices(set: LiveSet, { services }: RcDatabase): StartedService[] {
  return services.flatMap(({ name, path }, number) => {
    const { up, stamps: { startedMs, endedMs } } = set.loop.engine.services[number]!;
    if (!up || path === "" || startedMs === undefined || endedMs === undefined) return [];
    return [{ name, tookMs: endedMs - startedMs, isStep: isOverlays(path) }];
  });
}

/** Reports errors in definitions, each with its cure, and what does not start because of them. */
function tellMistakes({ notes, leftOut }: ReadDatabase, { say, verbosity }: TreeOptions): void {
  for (const note of notes) {
    if (note.kind === "say" && note.tag === "warning" && note.level < verbosity) {
      say("warning", "s6-rc-compile", note.text);
    }
  }
  for (const finding of errorsOf(notes)) {
    const { cause, cure } = finding;
    say("warning", "s6-rc", `${placeOf(finding)}: ${cause}${cure === "" ? "" : `; ${cure}`}`);
  }
  const byCause = new Map<string, string[]>();
  for (const { name, becauseOf } of leftOut) {
    byCause.set(becauseOf, [...byCause.get(becauseOf) ?? [], name]);
  }
  for (const [cause, names] of byCause) {
    say("warning", "s6-rc", `not started because of ${cause}: ${names.join(", ")}`);
  }
}

/** Stores the graph where s6-rc-db finds it. @throws {SyscallError} If it can't be written. */
function writeGraph(compiled: string, database: RcDatabase): void {
  checked(`create directory ${compiled}`, mkdir(compiled, DIRECTORY_MODE));
  close(open(`${compiled}/lock`, O_WRONLY | O_CREAT | O_EXCL, 0o644));
  writeFile(`${compiled}/${COMPILED_FILE}`, encodePath(encodeDatabase(database)));
}

/** @returns the exit code that s6-rc would have */
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
