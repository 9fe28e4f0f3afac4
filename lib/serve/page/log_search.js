/** Where a text that is searched for stands in a line. Pure. */

/**
 * The line in parts: every other one, from the second, is a match.
 *
 * @param {string} line
 * @param {string} wanted Small and large letters count the same
 * @returns {string[]} One part if it does not match
 */
export function matchParts(line, wanted) {
  if (wanted === "") return [line];
  const small = line.toLowerCase();
  const sought = wanted.toLowerCase();
  // a letter may become several in small ones: then places differ, and nothing can be marked
  if (small.length !== line.length) return small.includes(sought) ? ["", line, ""] : [line];
  const parts = [];
  let from = 0;
  for (let at = small.indexOf(sought); at >= 0; at = small.indexOf(sought, from)) {
    parts.push(line.slice(from, at), line.slice(at, at + sought.length));
    from = at + sought.length;
  }
  parts.push(line.slice(from));
  return parts;
}
