/** `hexad help servicedir`: its tables are made of the schema. Pure. */
import { helpLines } from "../../core/cli/help_lines.ts";
import { SERVICEDIR_ROWS, type ServicedirFile } from "./servicedir_files.ts";

/** The files that one side knows. `run` comes first. */
function linesOf(knownBy: ServicedirFile["knownBy"]): string {
  return helpLines(
    SERVICEDIR_ROWS
      .filter(([, file]) => file.knownBy === knownBy && file.help !== undefined)
      .toSorted(([a], [b]) => Number(b === "run") - Number(a === "run"))
      .map(([name, { help = "" }]) => [name, help]),
  );
}

export const text =
  `A service is a directory with an executable run, in a scan directory such as /run/service.
Everything else is optional.

${linesOf("s6")}

Files of hexad, which C s6 ignores:

${linesOf("hexad")}

The smallest one:

  mkdir -p /run/service/web
  printf '#!/bin/sh\\nexec 2>&1\\nexec webserver --foreground\\n' >/run/service/web/run
  chmod +x /run/service/web/run
  s6-svscanctl -a /run/service

hexad check /run/service tells what is wrong with service directories.
`;
