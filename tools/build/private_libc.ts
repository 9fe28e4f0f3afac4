/**
 * The C library in the tarball, with which the program runs in images that have no C library or a
 * different one.
 *
 * The base's interpreter and run path are set to PRIVATE_LIB before the compile, because afterwards
 * the appended program would be in the way. PRIVATE_LIB gets the loader and every library that the
 * loader finds for the unchanged base on this machine, under the names that the base asks for, with
 * the changes of library_patches.ts.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";
import { PRIVATE_LIB } from "../layout.ts";
import { type DebianOrigin, installedOrigin } from "./debian_origin.ts";
import { Elf } from "./elf.ts";
import { privateLibrary, privateLoader } from "./library_patches.ts";
import { MACHINE_CODE } from "./machine_code.ts";

/** A library's name as programs ask for it, and its file. */
export interface Library {
  readonly name: string;
  readonly path: string;
  /** Undefined if it is of no package. */
  readonly origin?: DebianOrigin | undefined;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Makes a copy of `base` that uses the interpreter and the libraries in PRIVATE_LIB. */
export async function patchLoader(base: string, output: string): Promise<void> {
  const interpreter = `${PRIVATE_LIB}/${basename(await interpreterOf(base))}`;
  await Deno.copyFile(base, output);
  await Deno.chmod(output, 0o755);
  await run("patchelf", [
    "--set-interpreter",
    interpreter,
    "--force-rpath",
    "--set-rpath",
    PRIVATE_LIB,
    output,
  ], {
    doing: "set the base's interpreter",
  });
}

async function interpreterOf(program: string): Promise<string> {
  return (await run("patchelf", ["--print-interpreter", program], {
    doing: "read the base's interpreter",
  })).trim();
}

/** Reads the loader's list: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)`. */
export function parseLoaderList(text: string): Library[] {
  const libraries: Library[] = [];
  for (const line of text.split("\n")) {
    const found = /^\s*(\S+) => (\S+) \(0x[0-9a-f]+\)$/.exec(line);
    if (found !== null) libraries.push({ name: basename(found[1]!), path: found[2]! });
    else if (line.includes("not found")) {
      throw new Fatal(`a library of the base runtime is not on this machine: ${line.trim()}`);
    }
  }
  return libraries;
}

async function writeCopy(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await Deno.writeFile(path, bytes);
  await Deno.chmod(path, mode);
}

/** The loader and the libraries of a program. */
export interface Libraries {
  readonly loader: Library;
  readonly libraries: readonly Library[];
}

/** The loader of `base`, and the libraries that it finds on this machine. */
export async function librariesOf(base: string): Promise<Libraries> {
  const loader = await interpreterOf(base);
  const list = await run(loader, ["--list", base], { doing: "find the base's libraries" });
  const withOrigin = async (library: Library): Promise<Library> => ({
    ...library,
    origin: await installedOrigin(library.path),
  });
  return {
    loader: await withOrigin({ name: basename(loader), path: loader }),
    libraries: await Promise.all(parseLoaderList(list).map(withOrigin)),
  };
}

/**
 * The same for a base for another machine, whose loader can't run here.
 * @param find Returns the library of that name
 */
export async function foreignLibrariesOf(
  base: string,
  find: (name: string) => Promise<Library>,
): Promise<Libraries> {
  const loader = await find(basename(await interpreterOf(base)));
  const found = new Map<string, Library>();
  const wanted = [base];
  for (const path of wanted) {
    const needed = await run("patchelf", ["--print-needed", path], {
      doing: `read what ${path} needs`,
    });
    for (const name of needed.split("\n")) {
      if (name === "" || name === loader.name || found.has(name)) continue;
      const library = await find(name);
      found.set(name, library);
      wanted.push(library.path);
    }
  }
  return { loader, libraries: [...found.values()] };
}

/** Copies the loader and the libraries into the directory `into`. */
export async function copyLibraries(
  { loader, libraries }: Libraries,
  into: string,
): Promise<void> {
  const bytes = await Deno.readFile(loader.path);
  const code = MACHINE_CODE.get(new Elf(bytes).machine);
  if (code === undefined) {
    throw new Fatal(`the build does not know the machine that ${loader.path} is for`);
  }
  await Deno.mkdir(into, { recursive: true });
  await writeCopy(`${into}/${loader.name}`, privateLoader(bytes, code), 0o755);
  for (const { name, path } of libraries) {
    await writeCopy(
      `${into}/${name}`,
      privateLibrary(name, await Deno.readFile(path), code),
      0o644,
    );
  }
}
