/**
 * What git tells about the repository that we stand in. Paths are asked for with `-z`: otherwise git
 * puts quotes round those that are not ASCII.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { capture, type Captured } from "./capture.ts";
import { ImageFailure } from "./image_failure.ts";

/** What a branch is compared with if it has no upstream, and if HEAD is no branch. */
const USUAL_UPSTREAMS = ["@{upstream}", "origin/HEAD", "origin/main", "origin/master"];

export interface Revision {
  /** As it was said. */
  readonly name: string;
  readonly commit: string;
}

export interface Difference {
  /** What was compared with: the last commit that both have. */
  readonly from: Revision;
  /** Undefined for the work tree. */
  readonly to: Revision | undefined;
  /** From the top of the repository. */
  readonly paths: readonly string[];
  /** What somebody should know about the comparison. */
  readonly warnings: readonly string[];
}

export interface DifferenceRequest {
  /** Undefined for the upstream branch. */
  readonly from: string | undefined;
  /** Undefined for HEAD. */
  readonly to: string | undefined;
  /** With what is not committed. */
  readonly worktree: boolean;
}

export class GitRepository {
  /** The top of the work tree, absolute. */
  readonly root: string;
  /** Where we are, from the top: `A/B/`, or "". */
  readonly here: string;
  readonly #isShallow: boolean;

  /** @throws {ImageFailure} If there is no git, or no repository with a work tree around here. */
  constructor() {
    const { exitStatus, stdout, complaint } = capture([
      "git",
      "rev-parse",
      "--show-toplevel",
      "--is-shallow-repository",
      "--show-prefix",
    ]);
    if (exitStatus !== 0) {
      throw new ImageFailure(EXIT_USAGE, `unable to find a repository here: ${complaint}`);
    }
    const [, root = "", shallow, here = ""] = /^([^]*)\n(true|false)\n([^]*)\n$/.exec(stdout) ?? [];
    this.root = root;
    this.here = here;
    this.#isShallow = shallow === "true";
  }

  /** Files at the place of a Dockerfile, and what may be a link to a context or a submodule. */
  paths(): readonly string[] {
    const kinds = ["--cached", "--others", "--exclude-standard"];
    return this.#list(["ls-files", "-z", ...kinds, "--", ":(glob)*/*/Dockerfile", ":(glob)*/*"]);
  }

  /** @throws {ImageFailure} If a revision is not there, or there is nothing to compare with. */
  difference({ from, to, worktree }: DifferenceRequest): Difference {
    const warnings: string[] = [];
    const head = this.#commit(to ?? "HEAD");
    const upstream = from === undefined ? this.#upstream() : this.#commit(from);
    const base = this.#run(["merge-base", upstream.commit, head.commit]);
    if (base.exitStatus !== 0) {
      if (from === undefined) throw this.#unrelated(upstream.name, head.name);
      warnings.push(
        `${upstream.name} and ${head.name} have no common commit${
          this.#isShallow ? " in this shallow clone" : ""
        }: they are compared as they are`,
      );
    }
    if (to !== undefined && this.#commit("HEAD").commit !== head.commit) {
      warnings.push(`${to} is not what is checked out: the Dockerfiles are those of the work tree`);
    }
    const commit = base.exitStatus === 0 ? base.stdout.trim() : upstream.commit;
    return {
      from: { name: upstream.name, commit },
      to: worktree ? undefined : head,
      paths: this.#changedPaths(commit, worktree ? undefined : head.commit),
      warnings,
    };
  }

  /** The id of each file's content. @param paths Of regular files, from the top */
  blobIds(paths: readonly string[]): readonly string[] {
    if (paths.length === 0) return [];
    const input = encodePath(paths.map((path) => `${quotedPath(path)}\n`).join(""));
    const { stdout } = this.#checked(["hash-object", "--no-filters", "--stdin-paths"], input);
    return stdout.trimEnd().split("\n");
  }

  #changedPaths(from: string, to: string | undefined): readonly string[] {
    const options = ["--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative"];
    const ends = to === undefined ? [from] : [from, to];
    const changed = this.#list(["diff", ...options, ...ends, "--"]);
    if (to !== undefined) return changed;
    return [...changed, ...this.#list(["ls-files", "-z", "--others", "--exclude-standard"])];
  }

  #upstream(): Revision {
    for (const name of USUAL_UPSTREAMS) {
      const commit = this.#tryCommit(name);
      if (commit !== undefined) return { name, commit };
    }
    throw new ImageFailure(
      EXIT_USAGE,
      "there is no upstream branch to compare with: name a commit with --from, or use --all",
    );
  }

  #commit(name: string): Revision {
    const commit = this.#tryCommit(name);
    if (commit !== undefined) return { name, commit };
    throw new ImageFailure(EXIT_USAGE, `there is no commit ${name} here${this.#shallowHint()}`);
  }

  #tryCommit(name: string): string | undefined {
    if (name === "" || name.startsWith("-")) return undefined;
    const { exitStatus, stdout } = this.#run([
      "rev-parse",
      "--verify",
      "--quiet",
      `${name}^{commit}`,
    ]);
    return exitStatus === 0 ? stdout.trim() : undefined;
  }

  #unrelated(one: string, other: string): ImageFailure {
    return new ImageFailure(
      EXIT_USAGE,
      `${one} and ${other} have no common commit${this.#shallowHint()}`,
    );
  }

  #shallowHint(): string {
    return this.#isShallow
      ? ": this clone is shallow; git fetch --unshallow gets the rest, or name a commit with --from"
      : "";
  }

  /** What git writes with a NUL after each. */
  #list(args: readonly string[]): readonly string[] {
    return this.#checked(args).stdout.split("\0").filter((path) => path !== "");
  }

  #checked(args: readonly string[], input?: Uint8Array<ArrayBuffer>): Captured {
    const captured = this.#run(args, input);
    if (captured.exitStatus === 0) return captured;
    throw new ImageFailure(EXIT_USAGE, `git ${args[0]} failed: ${captured.complaint}`);
  }

  #run(args: readonly string[], input?: Uint8Array<ArrayBuffer>): Captured {
    return capture(["git", ...args], {
      directory: this.root,
      ...(input === undefined ? {} : { input }),
    });
  }
}

/** As git reads it from a list with one path a line. */
function quotedPath(path: string): string {
  if (!path.startsWith('"') && !path.includes("\n")) return path;
  return `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
