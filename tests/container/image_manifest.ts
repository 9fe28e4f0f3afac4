/** What is in an image: a line for each path, by which two images are compared. */
import { run } from "../fixture/command.ts";
import { podman } from "./podman.ts";

async function output(program: string, args: readonly string[], cwd: string): Promise<string[]> {
  const { code, stdout, stderr } = await run(program, args, { cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

/**
 * Type, mode, owner, link target, and for what is no directory size and time too, by path; and the
 * digest of each file. A directory's time changes when something is added to it.
 */
export async function manifestOf(tag: string): Promise<Map<string, string>> {
  const engine = await podman();
  const root = (await engine.done(["image", "mount", tag])).trim();
  try {
    const manifest = new Map<string, string>();
    const directories = ["-type", "d", "-printf", "%p\\t%y %m %U:%G\\n"];
    const others = ["-not", "-type", "d", "-printf", "%p\\t%y %m %U:%G %s %T@ %l\\n"];
    for (
      const line of [
        ...await output("find", [".", ...directories], root),
        ...await output("find", [".", ...others], root),
      ]
    ) {
      const tab = line.indexOf("\t");
      manifest.set(line.slice(1, tab), line.slice(tab + 1));
    }
    for (
      const line of await output(
        "find",
        [".", "-type", "f", "-exec", "sha256sum", "--", "{}", "+"],
        root,
      )
    ) {
      const path = line.slice(line.indexOf("  ") + 3);
      manifest.set(path, `${manifest.get(path)} ${line.slice(0, 64)}`);
    }
    return manifest;
  } finally {
    await engine.done(["image", "unmount", tag]);
  }
}
