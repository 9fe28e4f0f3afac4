/** `hexad help health-check`: its tables are made of the schema. Pure. */
import { helpLines } from "../../core/cli/help_lines.ts";
import { CHECK_FILES, HEALTH_ROWS, type HealthFileName } from "./health_files.ts";

function linesOf(isCheck: boolean): string {
  const checks: readonly HealthFileName[] = CHECK_FILES;
  return helpLines(
    HEALTH_ROWS.filter(([name]) => checks.includes(name) === isCheck)
      .map(([name, { help }]) => [name, help]),
  );
}

export const text =
  `A service directory with a directory health-check is checked as long as the service runs.
One of these files says how:

${linesOf(true)}

The others are settings:

${linesOf(false)}

A service that answers on port 8080, and is restarted if it does not:

  hexad new web --health-http http://localhost:8080/health --on-unhealthy restart

Or by hand, in its directory:

  mkdir health-check
  echo http://localhost:8080/health >health-check/http
  echo restart >health-check/on-unhealthy

hexad status shows starting, healthy or unhealthy; hexad health fails unless it is healthy.
`;
