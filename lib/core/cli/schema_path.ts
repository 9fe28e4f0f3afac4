/** Where the tarballs put the schemas of what `--json` prints. Pure. */

/** Below the root of a tarball that is unpacked to /usr. */
export const SCHEMA_DIRECTORY = "share/doc/hexad/schemas";

/** @param document `status` for docs/status.schema.json */
export function schemaPath(document: string): string {
  return `/usr/${SCHEMA_DIRECTORY}/${document}.schema.json`;
}
