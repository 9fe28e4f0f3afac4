/**
 * The templates of process-compose, as far as they are names and quoted texts: `{{.NAME}}` and
 * `{{ "text" }}`. Source: process-compose, www/docs/configuration.md, "Variables". Pure.
 */

/** Undefined if there is more in it, which only Go's template engine can work out. */
export function fillGoTemplate(
  text: string,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  let isWhole = true;
  const filled = text.replace(/\{\{(.*?)\}\}(?!\})/gs, (_, inner: string) => {
    const name = /^-?\s*\.(\w+)\s*-?$/.exec(inner)?.[1];
    const value = name === undefined ? undefined : variables.get(name);
    if (value === undefined) isWhole = false;
    return value ?? "";
  });
  return isWhole ? filled : undefined;
}
