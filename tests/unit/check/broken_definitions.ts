/** Definitions for s6-rc in an image, each with one thing wrong with it. */
import type { TreeSpec } from "../../fixture/tree.ts";
import type { Broken } from "./broken_directories.ts";
import { IMAGE } from "./broken_directories.ts";

const RUN = "#!/bin/sh\nexec sleep 1000\n";
const DEFINITIONS = "etc/s6-overlay/s6-rc.d";

/** Everything sound: a oneshot after base, and a longrun that needs it. */
const SOUND: TreeSpec = {
  "init/type": "oneshot",
  "init/up": `/${DEFINITIONS}/init/run\n`,
  "init/run!": "#!/command/with-contenv sh\necho $PUID\n",
  "init/dependencies.d/base": "",
  "web/type": "longrun\n",
  "web/run": RUN,
  "web/dependencies.d/init": "",
  "user/contents.d/init": "",
  "user/contents.d/web": "",
};

function definitions(
  what: string,
  spec: TreeSpec,
  found: readonly string[],
  says?: string,
): Broken {
  const inside = Object.fromEntries(
    Object.entries({ ...SOUND, ...spec }).map((
      [name, text],
    ) => [`image/${DEFINITIONS}/${name}`, text]),
  );
  const places = found.map((line) => `image/${DEFINITIONS}/${line}`);
  return {
    what,
    spec: { ...IMAGE, ...inside },
    operand: "image",
    found: places,
    ...(says === undefined ? {} : { says }),
  };
}

function up(text: string, found: string, says?: string): Broken {
  return definitions(
    `up: ${JSON.stringify(text)}`,
    { "init/up": text, "init/run!": "#!/bin/sh\n" },
    [found, ...LEFT_OVER],
    says,
  );
}

/** `up` names it no more. */
const LEFT_OVER = ["init/run warning rc-run-unused"];

export const SOUND_DEFINITIONS: readonly Broken[] = [
  definitions("a sound tree", {}, []),
  definitions("a mark, a README, an empty list of dependencies", {
    "init/up": "# a mark",
    "init/run!": "",
    "init/README": "x",
  }, LEFT_OVER),
  definitions("a script in execline with a shebang", {
    "init/up":
      "#!/command/execlineb -P\nwith-contenv\nforeground { echo one }\nimportas -i X X\necho $X\n",
    "init/down": `/${DEFINITIONS}/init/run\n`,
  }, []),
  definitions("a shell's text behind -c", {
    "init/up": `/bin/sh -c "echo $X && true | cat > /x"\n`,
    "init/down": `${DEFINITIONS}/init/run`,
  }, []),
  definitions("an argument that looks like an operator, in quotes", {
    "init/up": 'echo "&&" "a;"\n',
    "init/down": `/${DEFINITIONS}/init/run\n`,
  }, []),
];

export const BROKEN_DEFINITIONS: readonly Broken[] = [
  definitions(
    "no type",
    { "bad/up": "true\n" },
    ["bad/type error rc-source"],
    "there is no such file",
  ),
  definitions("a blank behind the type", { "bad/type": "oneshot \n", "bad/up": "true\n" }, [
    "bad/type:1 error rc-source",
  ]),
  definitions("a type with CR LF", { "bad/type": "oneshot\r\n", "bad/up": "true\n" }, [
    "bad/type:1 error rc-source",
  ], "CR LF"),
  definitions("no up", { "init/up": "", "bad/type": "oneshot\n", "user/contents.d/bad": "" }, [
    "bad/up error rc-source",
    ...LEFT_OVER,
  ]),
  definitions("no run", { "bad/type": "longrun\n", "user/contents.d/bad": "" }, [
    "bad/run error rc-source",
    "bad/run error no-run",
  ]),
  definitions(
    "a misspelt dependency",
    { "web/dependencies.d/inti": "" },
    ["web/dependencies.d/inti error rc-source"],
    "did you mean init?",
  ),
  definitions(
    "a member that nobody defines",
    { "user/contents.d/webb": "" },
    ["user/contents.d/webb error rc-source"],
    "did you mean web?",
  ),
  definitions(
    "a cycle",
    { "init/dependencies.d/web": "" },
    ["init error rc-source"],
    "init -> web (dependencies.d/web) -> init",
  ),
  definitions("no way to base", {
    "lone/type": "longrun",
    "lone/run": RUN,
    "user/contents.d/lone": "",
  }, ["lone warning rc-no-base"]),
  definitions("in no bundle", {
    "lone/type": "longrun",
    "lone/run": RUN,
    "lone/dependencies.d/base": "",
  }, ["lone warning rc-not-started"]),
  definitions(
    "a dependant of a longrun without readiness",
    {
      "after/type": "oneshot",
      "after/up": "true",
      "after/dependencies.d/web": "",
      "user/contents.d/after": "",
    },
    ["after warning rc-not-ready"],
    "web",
  ),
  definitions(
    "a dependant that waits for the health of a longrun without checks",
    {
      "after/type": "oneshot",
      "after/up": "true",
      "after/dependencies.d/web": "healthy\n",
      "user/contents.d/after": "",
    },
    ["after/dependencies.d/web warning rc-not-checked"],
    "give web a health-check",
  ),
  definitions("a health-check that says nothing", { "web/health-check/interval": "9000" }, [
    "web/health-check error no-check",
  ]),
  definitions("a logger inside", { "web/log/run!": RUN }, ["web/log warning rc-log"]),
  definitions("down of a longrun", { "web/down": "" }, ["web/down warning rc-ignored"]),
  definitions("dependencies of a bundle", { "user/dependencies.d/base": "" }, [
    "user/dependencies.d warning rc-ignored",
  ]),
  definitions("a misspelt file", { "init/dependancies.d/x": "" }, [
    "init/dependancies.d warning misspelt-name",
  ], "dependencies.d"),
  definitions("a timeout in words", { "init/timeout-up": "5s\n" }, [
    "init/timeout-up:1 error rc-source",
  ]),
  definitions("variables of the container", { "web/run": "#!/bin/sh\nexec sleep $DELAY\n" }, [
    "web/run:2 warning no-contenv",
  ], "DELAY"),
  definitions("up names a script without execute bit", {
    "init/up": `/${DEFINITIONS}/init/go\n`,
    "init/go": "#!/bin/sh\n",
  }, [
    "init/go error no-execute-bit",
    ...LEFT_OVER,
  ]),
  definitions("a run without interpreter", { "web/run": "exec sleep 1\n" }, [
    "web/run error no-shebang",
  ]),
  definitions("a run that up does not name", { "init/up": "true\n" }, LEFT_OVER),
  definitions("a condition that is none", { "web/condition": "if [ -n x ]\n" }, [
    "web/condition:1 warning rc-own-file",
  ]),
  up("echo a && echo b\n", "init/up:1 error up-for-shell", "&&"),
  up("echo one\necho two\n", "init/up:2 error up-for-shell", "more than one line"),
  up("#!/bin/sh\nset -e\nmkdir /x\n", "init/up:2 error up-for-shell", "set"),
  up("FOO=1 env\n", "init/up:1 error up-for-shell", "FOO=1"),
  up("echo $HOME\n", "init/up:1 error up-for-shell", "$HOME"),
  up("echo hi > /tmp/x\n", "init/up:1 error up-for-shell", ">"),
  up("/bin/echo hi\r\n", "init/up:1 error crlf-lines"),
  up("if { true\n", "init/up:1 error rc-source", "unmatched {"),
];
