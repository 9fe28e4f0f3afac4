/** One setting of a service, out of the document that a server has of its configuration. Pure. */

/**
 * What stands in the service's file; undefined if it has none, or one that does not count.
 *
 * @throws {SyntaxError} If it is no such document.
 */
export function settingOf(text: string, file: string): string | undefined {
  const document = JSON.parse(text) as { readonly settings?: unknown } | null;
  if (!Array.isArray(document?.settings)) throw new SyntaxError("no configuration document");
  const found = document.settings.find((one) => one?.file === file);
  return found?.given === true && found.fault === null && typeof found.value === "string"
    ? found.value
    : undefined;
}
