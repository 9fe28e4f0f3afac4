/**
 * Scripts of an image that begin with with-contenv: /init runs that itself, so that nothing has
 * been in their process before the shell.
 */
import { assertEquals } from "@std/assert";
import { runInit } from "./overlay_container.ts";

/**
 * Page faults of a shell that has just begun are some hundred; a process in which our runtime has
 * been before has had thousands.
 */
const TELL =
  'read -r line </proc/$$/stat; set -- ${line##*)}; [ "$8" -lt 2000 ] && echo "$NAME: $SECRET" || echo "$NAME: after $8 page faults"';

function withContenv(name: string, ...more: readonly string[]): string {
  return ["#!/command/with-contenv sh", `NAME=${name}`, TELL, ...more, ""].join("\n");
}

Deno.test("overlay launch: a script of with-contenv, wherever /init starts it, is a shell from the beginning, in the container's environment", async () => {
  const definitions = "s6-overlay/s6-rc.d";
  const user = `${definitions}/user/contents.d`;
  const { code, stdout } = await runInit({
    files: {
      "cont-init.d/1!": withContenv("cont-init"),
      "cont-finish.d/1!": withContenv("cont-finish"),
      [`${definitions}/file/type`]: "oneshot\n",
      [`${definitions}/file/up`]: `/etc/${definitions}/file/run\n`,
      [`${definitions}/file/run!`]: withContenv("oneshot"),
      [`${definitions}/line/type`]: "oneshot\n",
      [`${definitions}/line/up`]: `with-contenv sh /etc/${definitions}/line/run\n`,
      [`${definitions}/line/run!`]: withContenv("line"),
      [`${definitions}/web/type`]: "longrun\n",
      [`${definitions}/web/notification-fd`]: "3\n",
      [`${definitions}/web/run!`]: withContenv("run", "echo >&3", "exec sleep 1000 3>&-"),
      [`${definitions}/web/finish!`]: withContenv("finish"),
      [`${user}/file`]: "",
      [`${user}/line`]: "",
      [`${user}/web`]: "",
    },
    env: { SECRET: "x" },
    command: ["/command/with-contenv", "sh", "-c", 'echo "CMD: $SECRET"'],
  });
  const names = ["CMD", "cont-finish", "cont-init", "finish", "line", "oneshot", "run"];
  assertEquals([code, stdout.trimEnd().split("\n").sort()], [0, names.map((name) => `${name}: x`)]);
});
