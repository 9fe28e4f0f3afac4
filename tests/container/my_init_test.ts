/**
 * my_init as the first process of containers, with the files that an image of phusion's has in
 * /etc, and setuser.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { type Container, runContainer, startContainer } from "./container.ts";
import { addFiles, image } from "./images.ts";
import { script } from "./overlay_container.ts";
import { oncePerRun } from "./podman.ts";

const WAIT_FOR_EVER = "while :; do sleep 1000 & wait $!; done";

const FILES: TreeSpec = {
  "etc/my_init.d/10_first!": script(
    "echo first $FROM_IMAGE $FROM_ENGINE",
    "echo later >/etc/container_environment/ADDED",
  ),
  "etc/my_init.d/20_second!": script("echo second $ADDED ${HOME-no HOME}"),
  "etc/my_init.d/not_executable": "exit 9\n",
  "etc/rc.local!": script("echo rc.local"),
  "etc/my_init.pre_shutdown.d/1!": script("echo before the end"),
  "etc/my_init.post_shutdown.d/1!": script("echo after the end"),
  "etc/container_environment/FROM_IMAGE": "image\n",
  "etc/passwd": "root:x:0:0::/root:/bin/sh\nwww:x:33:34::/var/www:/bin/sh\n",
  "etc/group": "root:x:0:\nwww:x:34:\nmail:x:8:www\n",
  "etc/service/web/run!": script(
    "trap 'kill $!; echo web: last line; exit 0' TERM",
    "echo web: up $ADDED",
    WAIT_FOR_EVER,
  ),
  "etc/service/web/log/run!": script('while read -r line; do echo "log: $line"; done'),
};

const ENVIRONMENT = ["FROM_ENGINE=engine", "KILL_PROCESS_TIMEOUT=1", "KILL_ALL_PROCESSES_TIMEOUT=1"]
  .flatMap((variable) => ["--env", variable]);

const INSTALL = 'RUN ["/usr/bin/hexad", "--install", "--compat", "baseimage", "/sbin"]\n';

/** An image with those files. */
async function myInit(): Promise<string> {
  const shell = await image("shell");
  await oncePerRun("my-init", () => addFiles("my-init", shell, FILES, INSTALL));
  return "my-init";
}

async function begin(flags: readonly string[], ...words: string[]): Promise<Container> {
  return await startContainer({
    image: await myInit(),
    flags: [...ENVIRONMENT, ...flags],
    command: ["/sbin/my_init", ...words],
  });
}

Deno.test("my_init: boots, supervises, and stops everything in order on SIGTERM", async () => {
  using deaf = makeTree({ "run!": script("trap '' TERM", "echo deaf: up", WAIT_FOR_EVER) });
  await using container = await begin(["--volume", `${deaf.root}:/etc/service/deaf`]);
  const { stdout, stderr } = container;
  for (const line of ["log: web: up later\n", "deaf: up\n"]) await stdout.until(line);
  assertMatch(stdout.text, /^first image engine\nsecond later no HOME\nrc.local\n/);
  const variables = await container.said("cat", "/etc/container_environment.sh");
  assertMatch(variables, /^export FROM_ENGINE=engine$/m);
  assertMatch(variables, /^export ADDED=later$/m);
  assertMatch(
    await container.said("cat", "/etc/container_environment.json"),
    /^\{.*"FROM_IMAGE": "image".*\}$/,
  );
  // a service that comes later is found
  await container.said(
    "sh",
    "-c",
    "mkdir /etc/new; printf '#!/bin/sh\\necho new: up; exec sleep 1000\\n' >/etc/new/run; chmod +x /etc/new/run; mv /etc/new /etc/service",
  );
  await stdout.until("new: up\n");
  assertEquals(await container.stop(30), 2);
  assertMatch(stdout.text, /\nbefore the end\n(.*\n)*log: web: last line\n(.*\n)*after the end\n$/);
  assertMatch(stderr.text, /^\*\*\* Running \/etc\/my_init.d\/10_first...\n/);
  assertMatch(
    stderr.text,
    /\*\*\* Init system aborted.\n\*\*\* Killing all processes...\n\*\*\* Not all processes have exited in time. Forcing them to exit.\n$/,
  );
});

Deno.test("my_init -- CMD: its exit code is the container's, setuser makes it another user", async () => {
  const show = 'echo "$(id -u):$(id -g):$(id -G) $USER $HOME $UID"; exit 7';
  await using container = await begin(
    [],
    "--quiet",
    "--skip-startup-files",
    "--",
    "setuser",
    "www",
    "sh",
    "-c",
    show,
  );
  assertEquals(await container.ended(), 7);
  assertMatch(container.stdout.text, /(^|\n)33:34:34 8 www \/var\/www 33\n/);
  assertEquals(container.stderr.text, "");
});

Deno.test("my_init: a startup file that fails, --skip-runit, a wrong command line", async () => {
  using tree = makeTree({ "x!": script("exit 3") });
  const run = async (flags: readonly string[], ...words: string[]) => {
    const { code, stdout, stderr } = await runContainer({
      image: await myInit(),
      flags,
      command: ["/sbin/my_init", ...words],
    });
    return { code, stdout, stderr };
  };
  const failing = ["--volume", `${tree.root}:/etc/my_init.d`];
  const [failed, skipped, wrong, refused] = await Promise.all([
    run(failing, "--quiet"),
    run(
      [],
      "--quiet",
      "--skip-startup-files",
      "--skip-runit",
      "--",
      "sh",
      "-c",
      "sleep 1000 & exit 5",
    ),
    run([], "--skip-runit"),
    run([], "--frob"),
  ]);
  assertEquals(failed, {
    code: 1,
    stdout: "",
    stderr: "*** /etc/my_init.d/x failed with status 3\n",
  });
  assertEquals(skipped, { code: 5, stdout: "", stderr: "" });
  assertEquals([wrong.code, refused.code], [1, 2]);
  assertMatch(refused.stderr, /^my_init: fatal: unknown option: --frob/);
});
