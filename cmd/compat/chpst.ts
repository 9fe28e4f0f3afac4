/** chpst: changes the state of the process and executes a program. Source: runit, chpst(8). */
import { chpst } from "../../lib/compat/chpst.ts";
import { CHPST_OPTIONS } from "../../lib/compat/core/chpst_options.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";

export const table = {
  summary: "Changes the state of the process, as runit's chpst does, and executes a program.",
  usage:
    "[-vP012] [-u user[:group]] [-U user[:group]] [-b argv0] [-e dir] [-/ root] [-C pwd] [-n nice] [-l|-L lock] [-m n] [-d n] [-o n] [-p n] [-f n] [-c n] [-r n] [-t n] prog",
  options: CHPST_OPTIONS,
  exits: [["100", "wrong usage"], ["111", "something failed, or the program can't be executed"]],
  example: "chpst -u www-data:www-data -e ./env -o 4096 ./server",
} as const satisfies CommandTable;

export const link = chpst;
