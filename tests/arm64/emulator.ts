/**
 * Programs for arm64 run on this machine: the kernel hands them to an emulator for as long as a
 * test holds it. Source: binfmt_misc in the kernel's admin-guide; scripts/qemu-binfmt-conf.sh.
 */
import { run as runTool } from "../../tools/command.ts";

const EMULATOR = "/usr/bin/qemu-aarch64-static";
/** The beginning of an ELF file for arm64, and which of its bits count. */
const MAGIC = "\\x7fELF\\x02\\x01\\x01" + "\\x00".repeat(9) + "\\x02\\x00\\xb7\\x00";
const MASK = "\\xff".repeat(7) + "\\x00" + "\\xff".repeat(8) + "\\xfe\\xff\\xff\\xff";
/** The emulator is opened now, so that roots without it will do. */
const FLAGS = "OCF";

const OWN = "hexad-";

/** Whether the kernel has one already that stays: another test's goes when that test ends. */
async function isRegistered(directory: string): Promise<boolean> {
  for await (const { name } of Deno.readDir(directory)) {
    if (name !== "register" && name !== "status" && !name.startsWith(OWN)) {
      const text = await Deno.readTextFile(`${directory}/${name}`);
      if (text.startsWith("enabled") && text.includes("b700")) return true;
    }
  }
  return false;
}

/** Holds the emulator in the kernel until it is disposed of. */
export async function holdEmulator(): Promise<AsyncDisposable> {
  const directory = await Deno.makeTempDir({ prefix: "hexad-binfmt-" });
  const name = `${OWN}${crypto.randomUUID().slice(0, 8)}`;
  await runTool("mount", ["-t", "binfmt_misc", "none", directory], {
    doing: "mount binfmt_misc, as root",
  });
  const own = !await isRegistered(directory);
  if (own) {
    const line = `:${name}:M::${MAGIC}:${MASK}:${EMULATOR}:${FLAGS}`;
    await Deno.writeTextFile(`${directory}/register`, line);
  }
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      if (own) await Deno.writeTextFile(`${directory}/${name}`, "-1");
      await runTool("umount", [directory]);
      await Deno.remove(directory);
    },
  };
}
