/**
 * The clients as they are used from outside: through `podman exec`, in an image that has nothing
 * but hexad and one static program.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { image } from "./images.ts";
import { loggedService, probeService } from "./service_tree.ts";

const NOT_RUNNING = 1;
const TIMED_OUT = 99;
const NOT_SUPERVISED = 102;
const SYSTEM_FAILURE = 111;
const NO_SUCH_COMMAND = 127;

async function startUp(tree: Tree): Promise<Container> {
  const container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  return container;
}

function stat(container: Container, fields: string, service = "db"): Promise<string> {
  return container.said("/usr/bin/s6-svstat", "-o", fields, `/service/${service}`);
}

Deno.test("clients: s6-svstat tells the line and every field", async () => {
  using tree = makeTree(probeService("db", { "notification-fd": "3\n", "data/notify": "3" }));
  await using container = await startUp(tree);
  await container.said("/usr/bin/s6-svwait", "-U", "/service/db");
  assertMatch(
    await container.said("/usr/bin/s6-svstat", "/service/db"),
    /^up \(pid \d+ pgid \d+\) \d+ seconds, ready \d+ seconds\n$/,
  );
  assertEquals(
    await stat(container, "up,ready,wantedup,normallyup,paused,exitcode,signal"),
    "true true true true false -1 NA\n",
  );
});

Deno.test("clients: s6-svc stops and starts a service and waits for it", async () => {
  using tree = makeTree(loggedService("db"));
  await using container = await startUp(tree);
  await container.said("/usr/bin/s6-svc", "-wD", "-d", "/service/db");
  assertEquals(await stat(container, "up,wantedup,exitcode"), "false false 0\n");
  await container.said("/usr/bin/s6-svc", "-wu", "-u", "/service/db");
  assertEquals(await stat(container, "up"), "true\n");
  await container.said("/usr/bin/s6-svc", "-wr", "-k", "/service/db");
  assertEquals(await stat(container, "up"), "true\n");
  assertMatch(
    await container.said("/usr/bin/s6-svdt", "/service/db"),
    /^@[0-9a-f]{24} exitcode 0\n@[0-9a-f]{24} signal SIGKILL\n$/,
  );
});

Deno.test("clients: s6-svwait waits for what has come already, and for what does not come no longer than it was told to", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startUp(tree);
  assertEquals((await container.exec(["/usr/bin/s6-svwait", "-u", "/service/db"])).code, 0);
  assertEquals(
    (await container.exec(["/usr/bin/s6-svwait", "-d", "-t", "100", "/service/db"])).code,
    TIMED_OUT,
  );
});

Deno.test("clients: a wait that began before the event ends with it", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startUp(tree);
  await using waiting = container.startExec([
    "/usr/bin/s6-svlisten1",
    "-d",
    "/service/db",
    "/usr/bin/s6-svc",
    "-d",
    "/service/db",
  ]);
  assertEquals(await waiting.ended(), 0);
  assertEquals(await stat(container, "up"), "false\n");
});

Deno.test("clients: hexad top on the terminal of exec -it, in an image that describes no terminal: shows, restarts by a key, quits", async () => {
  using tree = makeTree(loggedService("db"));
  await using container = await startUp(tree);
  await using terminal = container.execOnTerminal(["/usr/bin/hexad", "top"]);
  await terminal.screen.until("\x1b[?1049h");
  await terminal.screen.until(/\/service {2}1 service, all well[^]*> {2}db +up /);
  await terminal.type("r");
  await terminal.screen.until("db: told to restart");
  await terminal.screen.until(/> {2}db +up .* 1 {2}/);
  await terminal.type("q");
  await terminal.screen.until("\x1b[?1049l");
  assertEquals(await terminal.ended(), 0);
});

Deno.test("clients: what is not supervised is told by the documented exit codes", async () => {
  using tree = makeTree({ ...probeService("db"), ".elsewhere/run=": "/bin/probe" });
  await using container = await startUp(tree);
  const codes = async (...words: string[]): Promise<number> =>
    (await container.exec([`/usr/bin/${words[0]}`, ...words.slice(1)])).code;
  assertEquals(await codes("s6-svok", "/service/db"), 0);
  assertEquals(await codes("s6-svok", "/service/.elsewhere"), NOT_RUNNING);
  assertEquals(await codes("s6-svstat", "/service/.elsewhere"), NOT_RUNNING);
  assertEquals(await codes("s6-svc", "-u", "/service/.elsewhere"), NOT_SUPERVISED);
  assertEquals(await codes("s6-svscanctl", "-a", "/service/.elsewhere"), 100);
});

Deno.test("clients: s6-svscanctl -a finds a new service and -n lets go of one that was removed", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startUp(tree);
  tree.add(probeService("new"));
  await container.said("/usr/bin/s6-svscanctl", "-a", "/service");
  await container.stdout.until("new: up\n");
  tree.rename("new", ".new");
  await container.said("/usr/bin/s6-svscanctl", "-an", "/service");
  await container.stdout.until("new: last line\n");
  assertEquals(await stat(container, "up"), "true\n");
});

Deno.test("clients: an ordinary user of the container may not control or look into root's services, and is told so", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startUp(tree);
  for (
    const words of [["s6-svc", "-d", "/service/db"], ["s6-svstat", "/service/db"], [
      "s6-svscanctl",
      "-t",
      "/service",
    ]]
  ) {
    const { code, stdout, stderr } = await container.exec([
      `/usr/bin/${words[0]}`,
      ...words.slice(1),
    ], ["--user", "1000"]);
    assertEquals([code, stdout], [SYSTEM_FAILURE, ""], words.join(" "));
    assertMatch(stderr, /^s6-\w+: (fatal|warning): .*Permission denied\n$/);
  }
  assertEquals(await stat(container, "up"), "true\n");
});

/** One `podman exec` for all: each takes much longer than the command that it runs. */
const ASK_ALL = `
for name in $(hexad --list); do
  link=/usr/bin/$name
  test -e "$link" || link=/usr/lib/hexad/bin/$name
  "$link" --help >/service/link && hexad "$name" --help >/service/word && cmp /service/link /service/word || exit
  grep -q -- "$name" /service/link || exit
  echo "$name"
done
`;

Deno.test("clients: every command is there as a link, answers --help, and hexad runs it by name", async () => {
  using tree = makeTree();
  const listed = await runContainer({
    image: await image("hexad"),
    command: ["/usr/bin/hexad", "--list"],
  });
  const names = listed.stdout.trimEnd().split("\n");
  for (const expected of ["s6-svscan", "s6-supervise", "s6-svc", "s6-svwait"]) {
    assert(names.includes(expected), listed.stdout);
  }
  await using container = await startContainer({
    image: await image("shell"),
    tree,
    command: ["/bin/sh", "-c", ASK_ALL],
  });
  // one after the other, so that the limit is for each and not for all of them
  for (const name of names) await container.stdout.until(new RegExp(`^${name}$`, "m"));
  assertEquals([await container.ended(), container.stderr.text], [0, ""]);
});

Deno.test("clients: --version tells hexad's and the runtime's", async () => {
  const { code, stdout } = await runContainer({
    image: await image("hexad"),
    command: ["/usr/bin/s6-svscan", "--version"],
  });
  assertEquals(code, 0);
  assertMatch(stdout, /^s6-svscan \(hexad\) \d+\.\d+\.\d+, .*Deno \d+\.\d+\.\d+/);
});

Deno.test("clients: a link with a name that hexad has no command for says so and exits with 127", async () => {
  using tree = makeTree({ "s6-nosuch=": "/usr/bin/hexad" });
  const { code, stdout, stderr } = await runContainer({
    image: await image("hexad"),
    tree,
    command: ["/service/s6-nosuch", "--help"],
  });
  assertEquals([code, stdout], [NO_SUCH_COMMAND, ""]);
  assertMatch(
    stderr,
    /^s6-nosuch: fatal: no command s6-nosuch; (did you mean s6-\w+\?|there are: .* s6-svok .*)\n$/,
  );
});

Deno.test("clients: hexad --install makes links in any directory of the image", async () => {
  using tree = makeTree({ "bin/": "" });
  const installed = await runContainer({
    image: await image("hexad"),
    tree,
    command: ["/usr/bin/hexad", "--install", "/service/bin"],
  });
  assertEquals(installed, { code: 0, stdout: "", stderr: "" });
  const { code, stderr } = await runContainer({
    image: await image("hexad"),
    tree,
    command: ["/service/bin/s6-svok", "/service"],
  });
  assertEquals([code, stderr], [NOT_RUNNING, ""]);
});
