/**
 * What the tarballs with a program may add below /usr/share: licences, the bill of materials,
 * schemas, and the description of the interface of hexad serve. A pattern of paths, without its ends.
 */
export const SHARED =
  "/usr/share(/doc(/hexad(/LICENSE|/hexad\\.cdx\\.json|/openapi\\.json|/licences(/[A-Za-z0-9.-]+)?|/schemas(/[a-z]+\\.schema\\.json)?)?)?)?";
