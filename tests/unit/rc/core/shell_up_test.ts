import { assertEquals } from "@std/assert";
import { CHAIN_SHAPES } from "../../../../lib/execline/core/chain_shape.ts";
import { shellTrait } from "../../../../lib/rc/core/source/shell_up.ts";

function trait(text: string): string | undefined {
  const found = shellTrait(
    new TextEncoder().encode(text),
    (name) => Object.hasOwn(CHAIN_SHAPES, name),
  );
  return found === undefined ? undefined : `${found.line} ${found.what}`;
}

/** What images have, and execline means as they do. */
const EXECLINE = [
  "",
  "# a mark\n",
  "/etc/s6-overlay/s6-rc.d/init/run",
  "#!/bin/sh\n/etc/s6-overlay/scripts/prepare\n",
  "# shellcheck shell=bash\n/etc/s6-overlay/scripts/prepare\n",
  "#!/command/execlineb -P\nwith-contenv\n/etc/s6-overlay/scripts/prepare\n",
  "if { mkdir -p /logs/a }\nchown nobody /logs/a\n",
  'with-contenv\nbackticks\nimportas -i HOST HOST\necho "$HOST"\n',
  "foreground { echo one }\necho two",
  "mkdir -p\n  /a\n  /b\n",
  "cp \\\n  /a /b\n",
  '/bin/sh -c "echo $HOME > /x && true"\n',
  "sh -c 'true'\n",
  's6-setuidgid app sh -c "echo $HOME; exit"\n',
  'echo "a && b" "2>&1"\n',
];

/** Each with what gives it away. */
const SHELL: readonly (readonly [text: string, found: string])[] = [
  ["echo a && echo b", "1 &&"],
  ["echo a | cat", "1 |"],
  ["true || false", "1 ||"],
  ["echo a; echo b", "1 ;"],
  ["echo one\necho two\n", "2 more than one line"],
  ["#!/bin/bash\nset -e\nmkdir /x\n", "2 set"],
  ["source /etc/profile\n", "1 source"],
  ["FOO=1 env", "1 FOO=1"],
  ["echo $HOME", "1 $HOME"],
  ["echo ${HOME}/x", "1 $HOME"],
  ['echo "$HOME"', "1 $HOME"],
  ["echo $(date)", "1 $(date)"],
  ["echo hi > /tmp/x", "1 >"],
  ["daemon 2>&1", "1 2>&1"],
  ["echo hi >/tmp/x", "1 >/tmp/x"],
  ["if [ -e /x ]\nthen echo y\nfi\n", "2 then"],
  ["sleep 1 &", "1 &"],
];

for (const text of EXECLINE) {
  Deno.test(`an up in execline: ${JSON.stringify(text)}`, () =>
    assertEquals(trait(text), undefined));
}
for (const [text, found] of SHELL) {
  Deno.test(`an up for a shell: ${JSON.stringify(text)}`, () => assertEquals(trait(text), found));
}
