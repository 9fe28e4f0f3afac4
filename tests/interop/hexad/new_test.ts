/** `hexad new`: what it writes is sound, and runs under C s6 and under ours. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const HEXAD = OURS.bin("hexad");
const EXECLINE = "/usr/lib/execline/bin";

function create(tree: Tree, ...args: string[]): Promise<Result> {
  return run(HEXAD, ["new", "-C", tree.path("scan"), ...args], { cwd: tree.root });
}

/** Prints what it was given, byte for byte, and stays. */
const TELLS = `#!/bin/sh
echo told to stderr >&2
printf '<%s>' "$@" "$GREETING" "$LINES" "$(pwd)" "$(id -un)"
echo
exec sleep 100000
`;
const ARGUMENTS = [
  "it's",
  'a "quoted" $word',
  "{",
  "",
  "two\nlines",
  "back\\slash",
  "ü",
  "#no comment",
];

for (const toolset of [OURS, THEIRS]) {
  for (const language of ["sh", "execline"]) {
    Deno.test(`new: a service in ${language} runs under ${toolset.name === "ours" ? "hexad" : "C s6"} with all that was asked for`, async () => {
      using tree = makeTree({ "scan/": "", "bin/tells!": TELLS });
      const made = await create(
        tree,
        ...(language === "sh" ? [] : ["--execline"]),
        ...[
          "--user",
          "nobody",
          "--chdir",
          "/usr",
          "--env",
          "GREETING=hello  ",
          "--env",
          "LINES=one\ntwo",
          "--log-dir",
          "./main",
          ...(toolset === OURS ? [] : ["--log-form", "process"]),
        ],
        ...[
          "--check",
          `test -e ${tree.path("ready")}`,
          "web",
          "--",
          tree.path("bin/tells"),
          ...ARGUMENTS,
        ],
      );
      assertEquals(made, { code: 0, stdout: `${tree.path("scan")}/web\n`, stderr: "" });
      const PATH = `${toolset.bin("").slice(0, -1)}:${EXECLINE}:${Deno.env.get("PATH")}`;
      await using svscan = await startSvscan(toolset, tree, { scandir: "scan", env: { PATH } });
      const expected = [
        "told to stderr",
        `<${[...ARGUMENTS, "hello  ", "one\ntwo", "/usr", "nobody"].join("><")}>`,
      ].join("\n");
      const lines = (): string => {
        const text = tree.exists("scan/web/log/main/current")
          ? tree.text("scan/web/log/main/current")
          : "";
        return text.split("\n").map((line) => line.replace(/^[0-9-]{10} [0-9:.]+ {1,2}/, "")).join(
          "\n",
        ).trimEnd();
      };
      await eventually("all lines in the log", () => lines().includes("<nobody>"));
      assertEquals(lines(), expected);
      const stat = (field: string): Promise<Result> =>
        run(toolset.bin("s6-svstat"), ["-o", field, tree.path("scan/web")]);
      assertEquals((await stat("ready")).stdout, "false\n");
      Deno.writeTextFileSync(tree.path("ready"), "");
      await eventually(
        "the service to be ready",
        async () => (await stat("ready")).stdout === "true\n",
      );
      assertEquals(Deno.statSync(tree.path("scan/web/log/main")).uid, 65534);
      void svscan;
    });
  }
}

Deno.test("new: a name alone is a service that runs the program of that name", async () => {
  using tree = makeTree({ "scan/": "" });
  assertEquals((await create(tree, "cat")).code, 0);
  assertEquals(tree.text("scan/cat/run"), "#!/bin/sh -e\nexec cat\n");
  assertEquals(Deno.statSync(tree.path("scan/cat/run")).mode! & 0o777, 0o755);
  assertEquals([...Deno.readDirSync(tree.path("scan/cat"))].map(({ name }) => name), ["run"]);
});

const lines: readonly (readonly [line: string, env: readonly string[], run: string])[] = [
  ["sleep 5", [], "exec sleep 5"],
  ["sleep $TIME", [], "exec sleep $TIME"],
  ["sleep $TIME", ["TIME=5"], "exec s6-envdir ./env /bin/sh -c 'exec sleep $TIME'"],
  ["sleep 5 >/dev/null", [], "exec sleep 5 >/dev/null"],
  ["cd /srv && exec ./server", [], "exec /bin/sh -c 'cd /srv && exec ./server'"],
  ["A=1 sleep 5", [], "exec /bin/sh -c 'A=1 exec sleep 5'"],
  ["echo a | cat", [], "exec /bin/sh -c 'echo a | cat'"],
  ["! true", [], "exec /bin/sh -c '! true'"],
  ["echo 'it''s; fine'", [], "exec echo 'it''s; fine'"],
];
for (const [line, env, expected] of lines) {
  Deno.test(`new --cmd: ${line}${env.length > 0 ? ", with variables" : ""}`, async () => {
    using tree = makeTree({ "scan/": "" });
    assertEquals(
      (await create(tree, "x", "--cmd", line, ...env.flatMap((text) => ["-e", text]))).code,
      0,
    );
    assertEquals(tree.text("scan/x/run"), `#!/bin/sh -e\n${expected}\n`);
  });
}

Deno.test("new: what is there is left as it is", async () => {
  using tree = makeTree({ "scan/web/run": "mine", "scan/dangling=": "nowhere" });
  for (const name of ["web", "dangling"]) {
    const { code, stderr } = await create(tree, name);
    assertEquals(code, 100);
    assertStringIncludes(stderr, `${name} is there already; choose another name`);
  }
  assertEquals(tree.text("scan/web/run"), "mine");
  assertEquals([...Deno.readDirSync(tree.path("scan"))].map(({ name }) => name).sort(), [
    "dangling",
    "web",
  ]);
});

const refused: readonly (readonly [args: readonly string[], says: string])[] = [
  [[], "a name is needed"],
  [[".hidden"], "no name for a service: .hidden"],
  [["a/b"], "no name for a service: a/b"],
  [["web", "-n", "0"], "no descriptor that a service can have: 0"],
  [["web", "-n", "3", "-k", "true"], "either --notify or --check"],
  [["web", "-e", "NOVALUE"], "not NAME=VALUE: NOVALUE"],
  [["web", "-e", ".X=1"], "no variable for env/: .X"],
  [["web", "--cmd", "x", "y"], "either --cmd or a program: y"],
  [["web", "--chdir", "srv"], "--chdir needs an absolute directory"],
  [["web", "--log-form", "file"], "there are process, logscript"],
  [["web", "--prefix", "--log-form", "process"], "none of the form process"],
  [["web", "--rc", "--prefix"], "--prefix is for service directories"],
  [["web", "--log-dir", "logs"], "a log directory begins with / or ./"],
  [["web", "--exceline"], "did you mean --execline?"],
];
for (const [args, says] of refused) {
  Deno.test(`new ${args.join(" ")}: refused, and nothing is made`, async () => {
    using tree = makeTree({ "scan/": "" });
    const { code, stderr } = await create(tree, ...args);
    assertEquals(code, 100);
    assertStringIncludes(stderr, says);
    assertEquals([...Deno.readDirSync(tree.path("scan"))], []);
  });
}

Deno.test("new: a daemon that would leave is told at once", async () => {
  using tree = makeTree({ "scan/": "" });
  const { code, stderr } = await create(tree, "sshd", "--down", "-n", "3");
  assertEquals(code, 0);
  assertMatch(stderr, /sshd puts itself into the background.*add -D/);
  assertEquals([tree.text("scan/sshd/down"), tree.text("scan/sshd/notification-fd")], ["", "3\n"]);
});

Deno.test("new: a logger without a process is ready under hexad", async () => {
  using tree = makeTree({ "scan/": "" });
  assertEquals(
    (await create(
      tree,
      "talk",
      "--log-form",
      "logscript",
      "--log-dir",
      "./main",
      "--cmd",
      "echo hello; exec sleep 100000",
    )).code,
    0,
  );
  assertEquals(tree.text("scan/talk/log/logscript"), "-b -- n20 s1000000 T ./main\n");
  await using svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  const current = "scan/talk/log/main/current";
  await eventually(
    "its line in the log",
    () => tree.exists(current) && tree.text(current).endsWith("hello\n"),
  );
  void svscan;
});
