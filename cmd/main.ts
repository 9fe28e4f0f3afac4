/**
 * The program: loads the file that runs the command of this name, and is the only place that exits.
 */
import { programName } from "../lib/libc/program_name.ts";
import { ALONE } from "./alone.ts";

const name = programName();
const load = Object.hasOwn(ALONE, name) ? ALONE[name]! : () => import("./dispatch.ts");
const { run } = await load();
Deno.exit(await run(name));
