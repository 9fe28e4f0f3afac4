import { assert, assertEquals } from "@std/assert";
import {
  E2BIG,
  EACCES,
  EAGAIN,
  EISDIR,
  ELOOP,
  EMFILE,
  ENFILE,
  ENOENT,
  ENOEXEC,
  ENOMEM,
  ENOTDIR,
  EPERM,
  ETXTBSY,
} from "../../../../lib/core/linux/errno.ts";
import {
  diagnoseSpawn,
  type SpawnFacts,
  spawnFailureText,
} from "../../../../lib/core/diagnosis/spawn_diagnosis.ts";

const SCRIPT: SpawnFacts = {
  path: "./run",
  errno: ENOENT,
  mode: 0o100755,
  danglingLink: false,
  noexecMount: false,
  head: { kind: "script", interpreter: "/bin/bash", truncated: false },
  interpreter: "fine",
};

function script(interpreter: string, truncated = false): Pick<SpawnFacts, "head"> {
  return { head: { kind: "script", interpreter, truncated } };
}

/** What stands behind `unable to spawn ./run: `. */
const rows:
  readonly (readonly [what: string, facts: Partial<SpawnFacts> | "nothing there", text: string])[] =
    [
      [
        "there is none",
        "nothing there",
        "there is no such file; every service directory needs an executable run",
      ],

      [
        "no execute bit",
        { errno: EACCES, mode: 0o100644 },
        "it has no execute bit; chmod +x ./run",
      ],
      [
        "no execute bit, on a noexec mount: the bit first",
        { errno: EACCES, mode: 0o100644, noexecMount: true },
        "it has no execute bit; chmod +x ./run",
      ],
      [
        "noexec mount",
        { errno: EACCES, noexecMount: true },
        "its file system is mounted noexec; mount it with exec (docker run --tmpfs /run:exec), or keep the script elsewhere",
      ],
      [
        "a directory",
        { errno: EACCES, mode: 0o040755 },
        "it is not a regular file; put a script or a program there",
      ],
      [
        "a directory, as some kernels say it",
        { errno: EISDIR, mode: 0o040755 },
        "it is not a regular file; put a script or a program there",
      ],
      [
        "a FIFO",
        { errno: EACCES, mode: 0o010755 },
        "it is not a regular file; put a script or a program there",
      ],

      [
        "CR LF in the first line",
        { ...script("/bin/sh\r"), interpreter: "missing" },
        "its #! line ends in CR LF, so the kernel looks for an interpreter named /bin/sh\\r; save the file with LF line ends",
      ],
      [
        "#! and nothing",
        script(""),
        "its #! line names no interpreter; write one behind #!, such as /bin/sh",
      ],
      [
        "#! and CR LF",
        script("\r"),
        "its #! line names no interpreter; write one behind #!, such as /bin/sh",
      ],
      [
        "no interpreter there",
        { interpreter: "missing" },
        "interpreter /bin/bash not found; install it in the image, or name another one in the first line",
      ],
      [
        "the interpreter can't be executed",
        { errno: EACCES, interpreter: "not executable" },
        "interpreter /bin/bash is not executable; chmod +x /bin/bash, or look at its mount options",
      ],
      [
        "a long first line",
        script("/very/long", true),
        "its #! line is longer than the 255 bytes that the kernel reads; shorten it",
      ],

      [
        "no shebang",
        { errno: ENOEXEC, head: { kind: "other" } },
        "it has no #! line and is no program; begin it with #!/bin/sh or the interpreter that it is written for",
      ],
      [
        "empty",
        { errno: ENOEXEC, head: { kind: "empty" } },
        "it is empty; write a script that begins with #!, or link a program here",
      ],
      [
        "for another machine",
        { errno: ENOEXEC, head: { kind: "elf", machine: 183 } },
        "it is a program for aarch64, and this machine is x86-64; take the build for this architecture",
      ],
      [
        "for a machine without a name",
        { errno: ENOEXEC, head: { kind: "elf", machine: 4711 } },
        "it is a program for machine 4711, and this machine is x86-64; take the build for this architecture",
      ],
      [
        "a loader of musl that is missing",
        {
          head: { kind: "elf", machine: 62, loader: "/lib/ld-musl-x86_64.so.1" },
          interpreter: "missing",
        },
        "its loader /lib/ld-musl-x86_64.so.1 is not in this image; use a static program or an image with musl",
      ],
      [
        "a loader of glibc that is missing",
        {
          head: { kind: "elf", machine: 62, loader: "/lib64/ld-linux-x86-64.so.2" },
          interpreter: "missing",
        },
        "its loader /lib64/ld-linux-x86-64.so.2 is not in this image; use a static program or an image with glibc",
      ],

      [
        "no processes left",
        { errno: EAGAIN },
        "Resource temporarily unavailable; the limit of processes is reached: raise it (ulimit -u, pids.max, docker run --pids-limit)",
      ],
      [
        "no memory left",
        { errno: ENOMEM },
        "Cannot allocate memory; there is no memory left: raise the container's limit or stop something",
      ],
      [
        "no descriptors left",
        { errno: EMFILE },
        "Too many open files; no descriptor is left: raise the hard limit (docker run --ulimit nofile=...)",
      ],
      [
        "no descriptors in the system",
        { errno: ENFILE },
        "Too many open files in system; the whole system has no descriptor left",
      ],
      ["busy", { errno: ETXTBSY }, "Text file busy; somebody has it open for writing"],
      [
        "not permitted",
        { errno: EPERM },
        "Operation not permitted; this needs privileges that the container lacks",
      ],
      [
        "a part of the path is a file",
        { errno: ENOTDIR },
        "Not a directory; a component of the path is no directory",
      ],

      ["facts that explain nothing: the kernel's own word", { errno: EACCES }, "Permission denied"],
      [
        "a script that has vanished meanwhile and is back: the kernel's own word",
        {},
        "No such file or directory",
      ],
      ["an error without a cure", { errno: E2BIG }, "Argument list too long"],
      [
        "an error that says nothing of the content",
        { errno: ELOOP, head: { kind: "empty" } },
        "Too many levels of symbolic links",
      ],
      ["a program of this machine that was refused", {
        errno: ENOEXEC,
        head: { kind: "elf", machine: 62 },
      }, "Exec format error"],
      [
        "a static program",
        { errno: EACCES, head: { kind: "elf", machine: 62 } },
        "Permission denied",
      ],
    ];

function factsOf(facts: Partial<SpawnFacts> | "nothing there"): SpawnFacts {
  if (facts === "nothing there") {
    return { path: "./run", errno: ENOENT, danglingLink: false, noexecMount: false };
  }
  return { ...SCRIPT, ...facts };
}

for (const [what, facts, text] of rows) {
  Deno.test(`spawnFailureText(): ${what}: ${text}`, () => {
    assertEquals(spawnFailureText(factsOf(facts)), `unable to spawn ./run: ${text}`);
  });
}

Deno.test("spawnFailureText(): a link to nowhere", () => {
  const facts = { ...factsOf("nothing there"), danglingLink: true };
  assertEquals(
    spawnFailureText(facts),
    "unable to spawn ./run: it is a symbolic link to nothing; mend the link",
  );
});

Deno.test("spawnFailureText(): names the file that it was about", () => {
  assertEquals(
    spawnFailureText({ ...SCRIPT, path: "./finish", errno: EACCES, mode: 0o100600 }),
    "unable to spawn ./finish: it has no execute bit; chmod +x ./finish",
  );
});

Deno.test("diagnoseSpawn(): whatever the facts, the cause is one line and no CR", () => {
  const heads: SpawnFacts["head"][] = [
    undefined,
    { kind: "empty" },
    { kind: "other" },
    { kind: "elf", machine: -1 },
    ...["", "\r", "/x\r", "/x"].map((name) => script(name).head),
  ];
  for (let errno = 1; errno < 134; errno++) {
    for (const head of heads) {
      for (const interpreter of ["missing", "not executable", "fine"] as const) {
        const facts: SpawnFacts = {
          path: "./run",
          errno,
          mode: 0o100755,
          danglingLink: false,
          noexecMount: false,
          interpreter,
          ...(head === undefined ? {} : { head }),
        };
        const { cause, cure } = diagnoseSpawn(facts);
        assert(cause !== "", `error ${errno}`);
        assert(!/[\r\n]/.test(cause + cure), `error ${errno}: ${cause}`);
      }
    }
  }
});
