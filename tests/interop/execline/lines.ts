/** The lines of an outcome but `lines`, each of which must be there. */
export function without(outcome: string, lines: readonly string[] = []): string[] {
  const rest = outcome.split("\n");
  for (const line of lines) {
    const at = rest.indexOf(line);
    if (at === -1) throw new Error(`no line ${line} in\n${outcome}`);
    rest.splice(at, 1);
  }
  return rest;
}
