/**
 * System calls that are refused by a filter which is older than they are: with EPERM (Docker before
 * 20.10.10, libseccomp before 2.5) or with ENOSYS, as by an old kernel. All of hexad works there.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { startContainer } from "./container.ts";
import { buildInContext, compileStatic, image, type ImageName } from "./images.ts";
import { script } from "./overlay_container.ts";
import { under } from "./service_tree.ts";

const REFUSALS = { EPERM: 1, ENOSYS: 38 } as const;

/** By number on x86-64. Source: linux/arch/x86/entry/syscalls/syscall_64.tbl. */
const CALLS = {
  renameat2: 316,
  memfd_create: 319,
  statx: 332,
  rseq: 334,
  pidfd_send_signal: 424,
  pidfd_open: 434,
  clone3: 435,
  close_range: 436,
  openat2: 437,
  faccessat2: 439,
  epoll_pwait2: 441,
} as const;

/**
 * Services of every kind that starts something: a script of execline, a logger, a hosted log, a
 * lock, leftovers to be killed.
 */
const SERVICES: TreeSpec = {
  "db/run!":
    "#!/usr/bin/execlineb -P\nforeground { echo db: up }\nforeground { redirfd -w 1 /dev/fd/3 echo }\nfdclose 3\nsleep 1000000\n",
  "db/notification-fd": "3\n",
  "db/log/run!": "#!/usr/bin/execlineb -P\ns6-log -d3 T n3 s100000 ./lines\n",
  "db/log/notification-fd": "3\n",
  "hosted/run!": script("echo hosted: up", "exec sleep 1000000"),
  "hosted/log/logscript": "T n3 s100000 ./lines\n",
  "locked/run!": script("exec sleep 1000000"),
  "locked/lock-fd": "7\n",
  "leaving/run!": script("sleep 1000000 &", "exec sleep 1000000"),
  "leaving/flag-kill-leftovers": "",
};
const NAMES = ["db", "hosted", "locked", "leaving"].join(" ");
const LOGGERS = "db/log hosted/log";

/**
 * Runs s6-svscan on the services, looks at them, restarts each; runs a chain with a pipe, a lock
 * and a substitution; stops everything.
 */
const WORK = [
  'cp -R /service/template "$1" && cd "$1" || exit 1',
  "s6-svscan . &",
  `for name in ${NAMES} ${LOGGERS}; do until s6-svok $name; do :; done; done`,
  `s6-svwait -u -t 30000 ${NAMES} ${LOGGERS} || exit 2`,
  "s6-svwait -U -t 30000 db db/log || exit 3",
  `for name in ${NAMES} ${LOGGERS}; do s6-svc -wr -T 30000 -r $name || exit 4; done`,
  `s6-svwait -u -t 30000 ${NAMES} ${LOGGERS} || exit 5`,
  "hexad status --json --scandir . | grep -q db || exit 6",
  "s6-svstat -o up,ready db",
  "execlineb -c 'pipeline { echo piped } backtick WORD { cat } importas WORD WORD s6-setlock lock echo $WORD'",
  "execlineb -c 'backtick WORD { s6-echo told } importas WORD WORD echo $WORD' || exit 7",
  'mkdir one two && touch two/file && s6-update-symlinks "$1/links" "$1/one/" && s6-update-symlinks "$1/links" "$1/two/" || exit 8',
  "test -e links/file || exit 9",
  'hexad new -C "$1" made -- /bin/sleep 1000000 >/dev/null || exit 10',
  "kill -TERM $!",
  "wait $!",
].join("\n");

/** The image with refuse.c in it. */
async function withRefuse(from: ImageName): Promise<string> {
  const tag = `${from}-refuse`;
  await image(from);
  await buildInContext(
    tag,
    `FROM ${from}\nCOPY refuse /bin/refuse\n`,
    (directory) => compileStatic("refuse.c", `${directory}/refuse`),
  );
  return tag;
}

/**
 * Those on which others of hexad's hang are refused alone, too; for each of all there is an older
 * way.
 */
const SETS: readonly (readonly [name: string, numbers: readonly number[]])[] = [
  ...(["clone3", "pidfd_open", "pidfd_send_signal"] as const).map((name) =>
    [name, [CALLS[name]]] as const
  ),
  ["all", Object.values(CALLS)],
];

const EACH = SETS.flatMap(([calls, numbers]) =>
  Object.entries(REFUSALS).map(([refusal, errno]) => ({ calls, numbers, refusal, errno }))
);

Deno.test("refused calls: s6-svscan, services, loggers, a lock and clients work where calls are refused", async (test) => {
  using tree = makeTree(under("template", SERVICES));
  const command = ["/bin/sh", "-c", "echo here; exec sleep 1000000"];
  await using container = await startContainer({ image: await withRefuse("shell"), tree, command });
  await container.stdout.until("here\n");
  for (const { calls, numbers, refusal, errno } of EACH) {
    await test.step(`${calls} with ${refusal}`, async () => {
      const directory = `${calls}-${refusal}`;
      const words = [
        "/bin/refuse",
        numbers.join(","),
        String(errno),
        "/bin/sh",
        "-c",
        WORK,
        "sh",
        `/service/${directory}`,
      ];
      const { code, stdout, stderr } = await container.exec(words);
      assertEquals({ code, stdout, stderr }, {
        code: 0,
        stdout: "true true\npiped\ntold\n",
        stderr: "",
      });
      assertMatch(tree.text(`${directory}/db/log/lines/current`), /db: up\n/);
      assertMatch(tree.text(`${directory}/hosted/log/lines/current`), /hosted: up\n/);
    });
  }
});

Deno.test("refused calls: /init boots, supervises and stops where clone3 is refused", async (test) => {
  using tree = makeTree({
    "cont-init.d/1!": script("echo script"),
    "services.d/web/run!": script("echo >&3", "exec sleep 1000000"),
    "services.d/web/notification-fd": "3\n",
  });
  const volumes = ["cont-init.d", "services.d"].flatMap((
    name,
  ) => ["--volume", `${tree.path(name)}:/etc/${name}`]);
  const image = await withRefuse("overlay-shell");
  for (const [refusal, errno] of Object.entries(REFUSALS)) {
    await test.step(`with ${refusal}`, async () => {
      await using container = await startContainer({
        image,
        flags: [...volumes, "--env", "S6_CMD_WAIT_FOR_SERVICES=1", "--entrypoint", "/bin/refuse"],
        command: [
          String(CALLS.clone3),
          String(errno),
          "/init",
          "sh",
          "-c",
          "s6-svstat -o up,ready /run/service/web; exec sleep 1000000",
        ],
      });
      await container.stdout.until("script\ntrue true\n");
      await container.kill("SIGTERM");
      assertEquals(await container.ended(), 128 + 15);
    });
  }
});
