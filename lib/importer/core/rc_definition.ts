/**
 * Turns the files of a service directory into definitions for s6-rc: a longrun with its logger at
 * the other end of a pipeline, or a oneshot with an `up` that runs its script. Pure.
 */
import { quoteForExecline } from "../../core/shell/quoting.ts";
import type { PlannedFile } from "./service_plan.ts";

export interface RcDefinition {
  readonly name: string;
  readonly files: readonly PlannedFile[];
}

export interface RcOptions {
  readonly name: string;
  readonly type: "longrun" | "oneshot";
  readonly dependencies: readonly string[];
  /** The path of the definition when it is used. */
  readonly place: string;
  /** Its scripts start in the container's environment. */
  readonly withContenv: boolean;
}

/** The name to put into a bundle: the service, or its pipeline. */
export interface RcService {
  readonly definitions: readonly RcDefinition[];
  readonly member: string;
}

const LOG = "log/";

function small(path: string, text: string): PlannedFile {
  return { path, text: text === "" ? "" : `${text}\n`, executable: false };
}

function dependencyFiles(dependencies: readonly string[]): PlannedFile[] {
  return dependencies.map((name) => small(`dependencies.d/${name}`, ""));
}

/** @param files as serviceFilesOf writes them */
export function rcService(files: readonly PlannedFile[], options: RcOptions): RcService {
  const { name, type, dependencies, place, withContenv } = options;
  const scripts = withContenv ? files.map(inContainerEnvironment) : files;
  const own = scripts.filter(({ path }) => !path.startsWith(LOG));
  const common = [small("type", type), ...own, ...dependencyFiles(dependencies)];
  if (type === "oneshot") {
    const script = `${place}/run`;
    const up = small("up", /^[\w/.@%+=:,-]+$/.test(script) ? script : quoteForExecline(script));
    return { definitions: [{ name, files: [...common, up] }], member: name };
  }
  const logFiles = scripts.filter(({ path }) => path.startsWith(LOG));
  if (logFiles.length === 0) return { definitions: [{ name, files: common }], member: name };
  const [log, pipeline] = [`${name}-log`, `${name}-pipeline`];
  return {
    definitions: [
      { name, files: [...common, small("producer-for", log)] },
      {
        name: log,
        files: [
          small("type", "longrun"),
          ...logFiles.map((file) => ({ ...file, path: file.path.slice(LOG.length) })),
          small("consumer-for", name),
          small("pipeline-name", pipeline),
          ...dependencyFiles(dependencies),
        ],
      },
    ],
    member: pipeline,
  };
}

/** The kernel passes only one word after an interpreter, so options move to a separate line. */
function inContainerEnvironment(file: PlannedFile): PlannedFile {
  const { path, text } = file;
  if (path !== "run" && path !== "finish" && path !== `${LOG}run`) return file;
  const shell = /^#!\/bin\/sh( -e)?\n/.exec(text);
  if (shell !== null) {
    const rest = text.slice(shell[0].length);
    const option = shell[1] === undefined ? "" : "set -e\n";
    return { ...file, text: `#!/command/with-contenv sh\n${option}${rest}` };
  }
  return { ...file, text: text.replace(/^(#!\S*execlineb -P\n)/, "$1with-contenv\n") };
}
