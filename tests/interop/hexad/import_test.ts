/**
 * `hexad import`: services of other supervisors run under C s6 and under ours; and what the command
 * says and refuses.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const EXECLINE = "/usr/lib/execline/bin";
const TELLS = `#!/bin/sh
printf '<%s>' "$@" "$GREETING" "$(pwd)" "$(id -un)"
echo
exec sleep 100000
`;

function importInto(tree: Tree, ...args: string[]): Promise<Result> {
  return run(OURS.bin("hexad"), ["import", "--to", tree.path("scan"), ...args], { cwd: tree.root });
}

interface Case {
  readonly what: string;
  /** What is imported. */
  readonly operand: string;
  spec(tree: Tree): Record<string, string>;
  /** What its service tells. */
  told(tree: Tree): string;
  /** Where; absent: the output of s6-svscan. */
  readonly log?: string;
}

const CASES: readonly Case[] = [
  {
    what: "supervisord",
    operand: "supervisord.conf",
    spec: (tree) => ({
      "supervisord.conf": [
        "[program:app]",
        `command=${tree.path("bin/tells")} "two words" 'it is $5' --port=%(ENV_PORT)s`,
        'environment=GREETING="hello, you"',
        "directory=/usr",
        "user=nobody",
        `stdout_logfile=${tree.path("logs/app.log")}`,
        "redirect_stderr=true",
      ].join("\n"),
    }),
    told: () => "<two words><it is $5><--port=8080><hello, you></usr><nobody>",
    log: "logs/app/current",
  },
  {
    what: "a Procfile",
    operand: "app/Procfile",
    spec: () => ({ "app/Procfile": "app: GREETING=hi ../bin/tells $PORT 'two words'\n" }),
    told: (tree) => `<5000><two words><hi><${tree.path("app")}><root>`,
  },
  {
    what: "runit",
    operand: "sv",
    spec: (tree) => ({
      "sv/app/run!": `#!/bin/sh\nexec 2>&1\nexec chpst -u nobody -e ./env -o 512 ${
        tree.path("bin/tells")
      } "$(ulimit -c 0; echo one)"\n`,
      "sv/app/env/GREETING": "hello",
      "sv/app/log/run!": "#!/bin/sh\nmkdir -p ./main\nexec svlogd -tt ./main\n",
      "sv/app/log/main/config": "s100000\nn5\n",
    }),
    told: (tree) => `<one><hello><${tree.path("scan/app")}><nobody>`,
    log: "scan/app/log/main/current",
  },
  {
    what: "a unit of systemd",
    operand: "app.service",
    spec: (tree) => ({
      "app.service": [
        "[Service]",
        'Environment="GREETING=hello, you"',
        `ExecStartPre=/usr/bin/test -d %T`,
        `ExecStartPre=-/bin/false`,
        `ExecStart=${tree.path("bin/tells")} 'two words' "\${GREETING}" %N`,
        "WorkingDirectory=/usr",
        "User=nobody",
        "StandardOutput=inherit",
        "Restart=always",
        "LimitNOFILE=512",
      ].join("\n"),
    }),
    told: () => "<two words><hello, you><app><hello, you></usr><nobody>",
  },
];

function environmentOf(toolset: Toolset): Record<string, string> {
  return {
    PATH: `${toolset.bin("").slice(0, -1)}:${EXECLINE}:${Deno.env.get("PATH")}`,
    PORT: "8080",
  };
}

for (const toolset of [OURS, THEIRS]) {
  for (const language of ["sh", "execline"]) {
    for (const { what, operand, spec, told, log } of CASES) {
      Deno.test(`import: a service of ${what}, in ${language}, runs under ${toolset.name === "ours" ? "hexad" : "C s6"}`, async () => {
        using tree = makeTree({ "scan/": "", "bin/tells!": TELLS, "logs/": "" });
        tree.add(spec(tree));
        const { code, stdout, stderr } = await importInto(
          tree,
          ...(language === "sh" ? [] : ["-x"]),
          ...(toolset === OURS ? [] : ["--log-form", "process"]),
          operand,
        );
        assertEquals([code, stderr], [0, ""]);
        assertStringIncludes(stdout, `${tree.path("scan")}/app\n`);
        const env = environmentOf(toolset);
        await using svscan = await startSvscan(toolset, tree, {
          scandir: "scan",
          env: what === "a Procfile" ? { PATH: env.PATH! } : env,
        });
        if (log === undefined) await svscan.output.until(told(tree));
        else {await eventually(`its line in ${log}`, () =>
            tree.exists(log) && tree.text(log).includes(told(tree)));}
      });
    }
  }
}

Deno.test("import: a unit that tells readiness to a socket is ready when it has", async () => {
  using tree = makeTree({
    "scan/": "",
    "bin/notifies!": `#!/usr/bin/perl
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
(my $path = $ENV{NOTIFY_SOCKET}) =~ s/^@/\\0/;
sleep 1 until -e "$ARGV[0]";
send($socket, "READY=1\\n", 0, pack_sockaddr_un($path)) or die;
sleep 100000;
`,
  });
  tree.add({
    "app.service": `[Service]\nType=notify\nRestart=always\nStandardOutput=inherit\nExecStart=${
      tree.path("bin/notifies")
    } ${tree.path("go")}\n`,
  });
  assertEquals((await importInto(tree, "app.service")).code, 0);
  await using svscan = await startSvscan(OURS, tree, { scandir: "scan", env: environmentOf(OURS) });
  const field = async (name: string): Promise<string> =>
    (await run(OURS.bin("s6-svstat"), ["-o", name, tree.path("scan/app")])).stdout;
  await eventually(
    "the service to be up and not ready",
    async () => await field("up,ready") === "true false\n",
  );
  Deno.writeTextFileSync(tree.path("go"), "");
  await eventually("the service to be ready", async () => await field("ready") === "true\n");
  void svscan;
});

Deno.test("import: what can't be carried over is listed with its line; --strict makes that an exit code", async () => {
  using tree = makeTree({
    "scan/": "",
    "s.conf": "[program:web]\ncommand=/bin/cat\npriority=10\n; comment\nserverurl=x\n",
  });
  const { code, stdout } = await importInto(tree, "--dry-run", "--strict", "s.conf");
  assertEquals(code, 1);
  assertStringIncludes(stdout, "==> web/run (executable)\n#!/bin/sh -e\n");
  assertStringIncludes(stdout, "s.conf:3: priority=10: all services start at once");
  assertStringIncludes(stdout, "s.conf:5: serverurl=x: there is no server");
  assertEquals([...Deno.readDirSync(tree.path("scan"))], []);
  assertEquals((await importInto(tree, "--dry-run", "s.conf")).code, 0);
});

Deno.test("import: nothing is made if one name is there, or stands for two", async () => {
  const two = "[program:a]\ncommand=/bin/cat\n[program:b]\ncommand=/bin/cat\n";
  using tree = makeTree({
    "scan/b/": "",
    "two.conf": two,
    "again.conf": "[program:a]\ncommand=/bin/cat\n",
  });
  const there = await importInto(tree, "two.conf");
  assertEquals(there.code, 100);
  assertStringIncludes(there.stderr, "scan/b is there already");
  tree.remove("scan/b");
  const twice = await importInto(tree, "two.conf", "again.conf");
  assertEquals(twice.code, 100);
  assertStringIncludes(twice.stderr, "there are two services called a");
  assertEquals([...Deno.readDirSync(tree.path("scan"))], []);
});

Deno.test("import: what looks like nothing, and what is no file, is refused", async () => {
  using tree = makeTree({
    "scan/": "",
    "text": "just some text\n",
    "fifo|": "",
    "empty/": "",
    "zero=": "/dev/zero",
    "large": "#".repeat(1048577),
  });
  const expected: readonly (readonly [args: readonly string[], code: number, says: string])[] = [
    [[], 100, "a file or a directory is needed"],
    [["text"], 100, "looks like none of supervisord, procfile, runit, systemd"],
    [["empty"], 100, "looks like none of"],
    [["--format", "upstart", "text"], 100, "there are supervisord, procfile, runit, systemd"],
    [["fifo"], 111, "unable to read fifo: Invalid argument; it is no regular file"],
    [["zero"], 111, "unable to read zero: Invalid argument; it is no regular file"],
    [
      ["--format", "systemd", "large"],
      111,
      "unable to read large: File too large; a configuration has at most 1048576 bytes",
    ],
    [["missing"], 111, "missing: No such file or directory"],
  ];
  for (const [args, code, says] of expected) {
    const result = await importInto(tree, ...args);
    assertEquals(result.code, code, result.stderr);
    assertStringIncludes(result.stderr, says);
  }
  assertEquals([...Deno.readDirSync(tree.path("scan"))], []);
});

Deno.test("import --json is as its schema says, written and not", async () => {
  using tree = makeTree({
    "supervisord.conf":
      "[program:app]\ncommand=/bin/cat\npriority=5\nstdout_logfile=NONE\n\n[program:db]\ncommand=/bin/cat\n",
    "scan/": "",
  });
  const documents = [];
  for (const more of [["--dry-run"], []]) {
    const { code, stdout, stderr } = await importInto(tree, "--json", ...more, "supervisord.conf");
    assertEquals([code, stderr], [0, ""]);
    documents.push(
      checkedDocument(stdout, "import.schema.json") as {
        readonly services: readonly {
          readonly name: string;
          readonly path?: string;
          readonly files?: readonly { readonly path: string }[];
        }[];
        readonly notes: readonly unknown[];
      },
    );
  }
  const [dry, written] = documents;
  assertEquals(dry!.services.map(({ name }) => name), ["app", "db"]);
  assertEquals(dry!.notes, written!.notes);
  assertEquals(written!.services.map(({ path }) => path), [
    tree.path("scan/app"),
    tree.path("scan/db"),
  ]);
  for (const { path } of dry!.services[0]!.files!) {
    assertEquals(tree.exists(`scan/app/${path}`), true);
  }
});
