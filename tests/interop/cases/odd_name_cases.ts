/** Names of services that are legal for the kernel and awkward for everybody else. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { is215, type Pairing, test } from "../pairing.ts";

/** Prints its argument's bytes in hexadecimal, is ready, and stays. */
const TELLS_NAME =
  "#!/bin/sh\nprintf 'named %s\\n' \"$(printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n')\"\necho >&3\nexec sleep 100000 3>&-\n";

const LONGEST = "n".repeat(251);

/**
 * What a name is, how the shell's printf writes it, and whether hexad's clients can be given it:
 * Deno's runtime takes arguments of UTF-8 only.
 */
const NAMES: readonly (readonly [string, string, boolean])[] = [
  ["with spaces", "two words  more ", true],
  ["in Unicode", "база-данных-データ-😀", true],
  ["with a leading dash", "-dash", true],
  ["with a newline", "a\\nb", true],
  ["of characters that shells know", "$HOME;`id`&*?'\"\\\\", true],
  ["that is not UTF-8", "lat\\351n-\\377\\200", false],
  ["with cut-off and surrogate UTF-8", "\\342\\202-\\355\\240\\200", false],
  ["of 251 bytes", LONGEST, true],
];

/** Runs a script of sh in the tree, with the odd name as $1. */
async function inShell(tree: Tree, name: string, script: string): Promise<string> {
  const words = [
    "-c",
    `name=$(printf -- '${
      name.replaceAll("%", "%%").replaceAll("'", `'\\''`)
    }.'); set -- "\${name%.}"; ${script}`,
  ];
  const { code, stdout, stderr } = await run("/bin/sh", words, { cwd: tree.root });
  assertEquals({ code, stderr }, { code: 0, stderr: "" }, script);
  return stdout;
}

export function oddNameCases(p: Pairing): void {
  for (const [what, name, isUtf8] of NAMES) {
    test(
      p,
      `a service with a name ${what} is started by that name, shown, commanded, waited for and logged`,
      async () => {
        using tree = makeTree({
          "run!": TELLS_NAME,
          "log!": "#!/bin/sh\nexec cat >lines\n",
          "scan/": "",
        });
        const hex = await inShell(tree, name, `printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'`);
        await inShell(
          tree,
          name,
          'mkdir -p "scan/$1/log"; cp run "scan/$1/run"; echo 3 >"scan/$1/notification-fd"; cp log "scan/$1/log/run"',
        );
        await using svscan = await startSvscan(p.daemon, tree, { scandir: "scan" });
        const named = isUtf8 || p.client !== OURS;
        const client = (program: string, args: string): Promise<string> =>
          inShell(
            tree,
            name,
            `cd scan; ${named ? 'service="$1"' : 'cd "./$1"; service=.'}; ${
              p.client.bin(program)
            } ${args} -- "$service"`,
          );
        // the supervisors come a moment after s6-svscan's notification
        const svok = `(cd "$directory" && ${
          p.client.bin("s6-svok")
        } . && test -s supervise/status)`;
        await inShell(
          tree,
          name,
          `for directory in "scan/$1" "scan/$1/log"; do until ${svok}; do :; done; done`,
        );
        await client("s6-svwait", "-U -t 15000");
        assertStringIncludes(await client("s6-svstat", ""), "up (pid ");
        await client("s6-svc", "-wD -T 15000 -d");
        assertEquals(await svscan.stop(), 0);
        assertEquals(await inShell(tree, name, 'cat "scan/$1/log/lines"'), `named ${hex}\n`);
      },
    );
  }
  // 2.11 has no such limit
  if (!is215(p.daemon)) return;
  test(
    p,
    "a name longer than 251 bytes is a warning, and its neighbours are supervised",
    async () => {
      const long = "n".repeat(252);
      using tree = makeTree({
        [`scan/${long}/run!`]: TELLS_NAME,
        "scan/db/run!": TELLS_NAME,
        "scan/db/notification-fd": "3",
      });
      await using svscan = await startSvscan(p.daemon, tree, { scandir: "scan" });
      await svscan.output.until("named 6462\n");
      await svscan.output.until(`warning: name too long - not spawning service: ${long}`);
      assertEquals(tree.exists(`scan/${long}/supervise`), false);
    },
  );
}
