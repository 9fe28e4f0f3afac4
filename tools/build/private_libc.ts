/**
 * The C library that the tarball brings along, so that the program runs in an image without one, and with another one.
 *
 * The base's interpreter and run path are set to PRIVATE_LIB before the compile: afterwards the appended program would be in the way. What
 * goes there is the loader (which obeys no LD_ variable) and every library that it finds for the unchanged base on this machine, under the names that it asks for.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";
import { PRIVATE_LIB } from "../layout.ts";
import { deafLoader } from "./deaf_loader.ts";

/** A library's name as programs ask for it, and the file that has it. */
export interface Library {
  readonly name: string;
  readonly path: string;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Makes a copy of `base` whose interpreter and libraries are those in PRIVATE_LIB. */
export async function patchLoader(base: string, output: string): Promise<void> {
  const interpreter = `${PRIVATE_LIB}/${basename(await interpreterOf(base))}`;
  await Deno.copyFile(base, output);
  await Deno.chmod(output, 0o755);
  await run("patchelf", ["--set-interpreter", interpreter, "--force-rpath", "--set-rpath", PRIVATE_LIB, output], {
    doing: "set the base's interpreter",
  });
}

async function interpreterOf(program: string): Promise<string> {
  return (await run("patchelf", ["--print-interpreter", program], { doing: "read the base's interpreter" })).trim();
}

/** Reads the loader's list: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)`. */
export function parseLoaderList(text: string): Library[] {
  const libraries: Library[] = [];
  for (const line of text.split("\n")) {
    const found = /^\s*(\S+) => (\S+) \(0x[0-9a-f]+\)$/.exec(line);
    if (found !== null) libraries.push({ name: basename(found[1]!), path: found[2]! });
    else if (line.includes("not found")) throw new Fatal(`a library of the base runtime is not on this machine: ${line.trim()}`);
  }
  return libraries;
}

/** Copies the loader and the libraries of `base` into the directory `into`. */
export async function copyLibraries(base: string, into: string): Promise<void> {
  const loader = await interpreterOf(base);
  const list = await run(loader, ["--list", base], { doing: "find the base's libraries" });
  await Deno.mkdir(into, { recursive: true });
  const ownLoader = `${into}/${basename(loader)}`;
  await Deno.writeFile(ownLoader, deafLoader(await Deno.readFile(loader)));
  await Deno.chmod(ownLoader, 0o755);
  for (const { name, path } of parseLoaderList(list)) {
    await Deno.copyFile(path, `${into}/${name}`);
    await Deno.chmod(`${into}/${name}`, 0o644);
  }
}
