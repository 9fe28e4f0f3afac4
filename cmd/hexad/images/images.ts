/** hexad images, dockerfiles: those images of a repository of Dockerfiles that a change affects. */
import { normalize } from "@std/path";
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { shellLine } from "../../../lib/core/shell/quoting.ts";
import { suggestion } from "../../../lib/core/text/edit_distance.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { tableLines } from "../../../lib/core/text/text_table.ts";
import { changedContexts, withBases } from "../../../lib/images/core/affected_images.ts";
import {
  type CommandSettings,
  type Engine,
  engineCommands,
} from "../../../lib/images/core/engine_commands.ts";
import { type ImageGraph, imageGraph } from "../../../lib/images/core/image_graph.ts";
import { isSameNamespace, prefixOf } from "../../../lib/images/core/image_reference.ts";
import { imagesDocument } from "../../../lib/images/core/images_document.ts";
import {
  causeText,
  findingText,
  type ImagesPlan,
  imagesPlan,
  type PlannedImage,
  type Selection,
} from "../../../lib/images/core/images_plan.ts";
import { imageTreeLines } from "../../../lib/images/core/images_tree.ts";
import { builtAlready, findEngine } from "../../../lib/images/engine_search.ts";
import { fingerprintsOf } from "../../../lib/images/fingerprints.ts";
import { type Difference, GitRepository } from "../../../lib/images/git_repository.ts";
import { ImageFailure } from "../../../lib/images/image_failure.ts";
import { hasDockerfile, readContexts } from "../../../lib/images/read_contexts.ts";
import { textWidth } from "../../../lib/terminal/text_width.ts";
import { type Context, Failure } from "../../context.ts";
import { sayLine } from "../../messages.ts";
import { parseArguments } from "../arguments.ts";
import { outputForm } from "../output_form.ts";
import { carryOut, type RunOutcome } from "./carry_out.ts";
import {
  type ImagesArguments,
  type ImagesRequest,
  imagesRequest,
  isEngineAction,
} from "./request.ts";
import { table } from "./table.ts";

export { table };

const EXIT_FAILED = 1;
const SHORT_COMMIT = 10;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const request = imagesRequest(given);
  try {
    return await new ImagesCommand(context, given, request).run();
  } catch (error) {
    if (error instanceof ImageFailure) throw new Failure(error.code, error.message);
    throw error;
  }
}

/** What the images are to be done with. */
interface Work {
  readonly settings: CommandSettings;
  /** Contexts that need nothing any more. */
  readonly found: readonly string[];
}

class ImagesCommand {
  readonly #context: Context;
  readonly #given: ImagesArguments;
  readonly #request: ImagesRequest;
  readonly #repository = new GitRepository();
  readonly #graph: ImageGraph;
  readonly #difference: Difference | undefined;
  readonly #gone: readonly string[];
  readonly #plan: ImagesPlan;

  constructor(context: Context, given: ImagesArguments, request: ImagesRequest) {
    this.#context = context;
    this.#given = given;
    this.#request = request;
    this.#graph = imageGraph(readContexts(this.#repository), {
      buildArgs: request.buildArgs,
      platform: given.value("platform"),
      buildPlatform: `linux/${Deno.build.arch === "aarch64" ? "arm64" : "amd64"}`,
    }, request);
    const isCompared = !given.flag("all") && request.contexts.length === 0;
    this.#difference = isCompared
      ? this.#repository.difference({
        from: given.value("from"),
        to: given.value("to"),
        worktree: given.flag("worktree"),
      })
      : undefined;
    const contexts = changedContexts(
      this.#difference?.paths ?? [],
      (each) => hasDockerfile(this.#repository, each),
    );
    this.#gone = contexts.gone;
    this.#plan = imagesPlan(this.#graph, this.#selection(contexts));
  }

  async run(): Promise<number> {
    const { action } = this.#request;
    this.#tellFindings();
    const { images, errors } = this.#plan;
    if (images.length === 0) this.#tellNothing();
    if (!isEngineAction(action)) {
      if (this.#given.flag("json")) this.#writeDocument(undefined, undefined);
      else if (action === "graph") this.#writeLines(imageTreeLines(images));
      else if (images.length > 0) this.#writeLines(this.#listLines());
      return errors.length > 0 ? EXIT_FAILED : 0;
    }
    if (errors.length > 0) {
      if (this.#given.flag("json")) this.#writeDocument(undefined, undefined);
      return EXIT_FAILED;
    }
    return await this.#work();
  }

  #selection(contexts: ReturnType<typeof changedContexts>): Selection {
    if (this.#difference !== undefined) return { kind: "changed", contexts };
    if (this.#given.flag("all")) return { kind: "all" };
    return { kind: "named", contexts: this.#request.contexts.map((each) => this.#named(each)) };
  }

  /** The context of this name: from the top of the repository, or from where we are. */
  #named(word: string): string {
    const { images } = this.#graph;
    const fromHere = normalize(`/${this.#repository.here}${word}`).slice(1).replace(/\/$/, "");
    const context = [word, fromHere].find((each) => images.has(each));
    if (context !== undefined) return context;
    const known = [...images.keys()];
    throw new UsageError(`there is no ${word}/Dockerfile here${suggestion(word, known)}`);
  }

  #tellFindings(): void {
    const { program } = this.#context;
    for (const text of this.#difference?.warnings ?? []) this.#context.warn(text);
    for (const each of this.#gone) {
      this.#context.info(
        `${printable(each)} has no Dockerfile any more: its images are left alone`,
      );
    }
    for (const finding of this.#plan.warnings) this.#context.warn(printable(findingText(finding)));
    for (const finding of this.#plan.errors) {
      sayLine(`${program}: error: ${printable(findingText(finding))}`);
    }
  }

  #tellNothing(): void {
    const from = this.#difference?.from;
    if (from === undefined) {
      return this.#context.info("there are no images: no file is */*/Dockerfile");
    }
    const since = `${from.name} (${from.commit.slice(0, SHORT_COMMIT)})`;
    this.#context.info(`no image is affected by what has changed since ${since}`);
  }

  #names({ name, tags }: PlannedImage): string[] {
    return tags.map((tag) => `${prefixOf(this.#graph.home)}${name}:${tag}`);
  }

  #listLines(): string[] {
    const { width, paint } = outputForm(this.#context);
    return tableLines(
      [{ title: "CONTEXT" }, { title: "WHY" }, { title: "IMAGES", shrinksTo: 20 }],
      this.#plan.images.map((image) => [
        { text: printable(image.context) },
        { text: printable(causeText(image.cause)) },
        { text: printable(this.#names(image).join(" ")) },
      ]),
      { textWidth, paint, ...(width === undefined ? {} : { width }) },
    );
  }

  #writeLines(lines: readonly string[]): void {
    this.#context.out(lines.map((line) => `${line}\n`).join(""));
  }

  async #work(): Promise<number> {
    const { flag } = this.#given;
    const { settings, found } = await this.#prepare();
    if (flag("dry-run")) {
      if (flag("json")) this.#writeDocument(settings, undefined);
      else {
        const left = this.#plan.images.filter(({ context }) => !found.includes(context));
        this.#writeLines(left.flatMap((image) => this.#commands(image, settings).map(shellLine)));
      }
      return 0;
    }
    if (this.#plan.images.length === 0) {
      if (flag("json")) this.#writeDocument(settings, undefined);
      return 0;
    }
    const action = this.#request.action as Parameters<typeof engineCommands>[0];
    const outcome = await carryOut(this.#context, {
      action,
      jobs: this.#plan.images.map((image) => ({
        name: image.context,
        // only a build needs what others have made
        after: action === "build" ? image.bases : [],
        commands: this.#commands(image, settings),
      })),
      directory: this.#repository.root,
      atOnce: this.#request.jobs,
      keepGoing: flag("keep-going"),
      found,
      quiet: flag("json"),
    });
    if (flag("json")) this.#writeDocument(settings, outcome);
    return outcome.exitCode;
  }

  async #prepare(): Promise<Work> {
    const { engine: asked, buildArgs, action, newName } = this.#request;
    const { home, namespaces } = this.#graph;
    const { flag, value } = this.#given;
    const isNameless = prefixOf(home) === "";
    if ((action === "push" || action === "pull") && isNameless) {
      throw new UsageError(
        `FROM lines do not tell where these images are: ${action} needs --registry or --organization`,
      );
    }
    const target = { ...home, ...newName };
    if (action === "retag" && isSameNamespace(home, target)) {
      throw new Failure(EXIT_USAGE, `the images are called ${prefixOf(home)} already`);
    }
    const engine = flag("dry-run") && asked !== undefined
      ? asked
      : findEngine(this.#context.env.get("PATH") ?? "", asked);
    const platform = value("platform");
    const { images } = this.#plan;
    const fingerprints = action === "build"
      ? await fingerprintsOf(withBases(this.#graph.images, images), this.#repository, [
        platform ?? "",
        ...[...buildArgs].flat(),
      ])
      : undefined;
    const settings = {
      engine,
      home,
      namespaces,
      target,
      ...(platform === undefined ? {} : { platform }),
      buildArgs,
      ...(fingerprints === undefined ? {} : { fingerprints }),
    };
    const found = fingerprints !== undefined && flag("resume")
      ? builtAlready(images, { engine, home, fingerprints })
      : [];
    return { settings, found };
  }

  #commands(image: PlannedImage, settings: CommandSettings): string[][] {
    const { action } = this.#request;
    return isEngineAction(action) ? engineCommands(action, image, settings) : [];
  }

  #writeDocument(settings: CommandSettings | undefined, outcome: RunOutcome | undefined): void {
    const engine: Engine | undefined = settings?.engine;
    const document = imagesDocument(this.#plan, {
      action: this.#request.action,
      root: this.#repository.root,
      from: this.#difference?.from.commit ?? null,
      to: this.#difference?.to?.commit ?? null,
      home: this.#graph.home,
      engine: engine ?? null,
      gone: this.#gone,
      names: (image) => this.#names(image),
      commands: (image) => settings === undefined ? undefined : this.#commands(image, settings),
      result: (context) => outcome?.results.get(context),
    });
    this.#context.out(`${JSON.stringify(document)}\n`);
  }
}
