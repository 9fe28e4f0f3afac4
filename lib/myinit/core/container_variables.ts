/**
 * The container's environment as my_init writes it into files: one for shells and one as JSON.
 * Source: baseimage-docker, image/bin/my_init, export_envvars. Pure.
 */

/** They belong to whoever runs a program, so they are not the container's. */
const PERSONAL: ReadonlySet<string> = new Set(["HOME", "USER", "GROUP", "UID", "GID", "SHELL"]);
const SAFE_VALUE = /^[\w@%+=:,./-]+$/u;

/** Is the variable written into files? */
export function isExported(name: string): boolean {
  return !PERSONAL.has(name);
}

/** The value in a file of a variable: all of it, but for one newline at its end. */
export function valueOfFile(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** `/etc/container_environment.sh`, which shells source. */
export function shellDump(variables: ReadonlyMap<string, string>): string {
  return Array.from(variables).filter(([name]) => isExported(name)).map(([name, value]) =>
    `export ${name.replace(/\W/gu, "_")}=${shellQuoted(value)}\n`
  ).join("");
}

/** `/etc/container_environment.json`, which has all of them, on one line and in ASCII. */
export function jsonDump(variables: ReadonlyMap<string, string>): string {
  const members = Array.from(variables, ([name, value]) => `${jsonText(name)}: ${jsonText(value)}`);
  return `{${members.join(", ")}}`;
}

function shellQuoted(value: string): string {
  if (SAFE_VALUE.test(value)) return value;
  return `'${value.replaceAll("'", `'"'"'`)}'`;
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
