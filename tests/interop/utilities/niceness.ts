/** The niceness of the tests, which may not be 0, and what becomes of it. */

const OWN = Number(new TextDecoder().decode(new Deno.Command("/usr/bin/nice").outputSync().stdout));

/** What nice(1) prints when so much was added. */
export function niceness(added: number): string {
  return `${Math.max(-20, Math.min(19, OWN + added))}\n`;
}
