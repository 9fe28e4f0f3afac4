/**
 * Where the services of a graph stand in its picture: in layers, each right of all that it waits
 * for, and within a layer near what it is tied to. Pure.
 *
 * Source: Sugiyama, Tagawa, Toda, Methods for Visual Understanding of Hierarchical System
 * Structures, 1981 (longest path, barycentres).
 */

const SWEEPS = 8;

/**
 * @typedef {object} GraphService What of a service in the document of `hexad graph --json` counts.
 * @property {string} name
 * @property {readonly { readonly name: string }[]} dependencies
 * @property {readonly string[]} wants
 * @property {readonly string[]} after
 */

/**
 * @typedef {object} Edge
 * @property {string} from What is waited for.
 * @property {string} to Who waits.
 * @property {"needs" | "wants" | "after"} kind
 */

/**
 * All that one service waits for, each once: what it needs is not told again as wanted.
 *
 * @param {readonly GraphService[]} services
 * @returns {Edge[]}
 */
export function edgesOf(services) {
  const names = new Set(services.map(({ name }) => name));
  return services.flatMap(({ name, dependencies, wants, after }) => {
    /** @type {Map<string, Edge["kind"]>} */
    const kinds = new Map();
    for (const other of after) kinds.set(other, "after");
    for (const other of wants) kinds.set(other, "wants");
    for (const other of dependencies) kinds.set(other.name, "needs");
    return [...kinds].filter(([other]) => names.has(other) && other !== name)
      .map(([from, kind]) => ({ from, to: name, kind }));
  });
}

/**
 * Leaves out lines that follow from others: where a needs b and b needs c, a's line to c says
 * nothing new.
 *
 * @param {readonly Edge[]} edges
 * @returns {Edge[]}
 */
export function withoutImplied(edges) {
  const above = grouped(edges, "to");
  /** @type {Map<string, Set<string>>} */
  const reached = new Map();
  /**
   * All that a service waits for, directly or not.
   *
   * @param {string} name
   * @returns {Set<string>}
   */
  function ancestors(name) {
    const known = reached.get(name);
    if (known !== undefined) return known;
    const all = /** @type {Set<string>} */ (new Set());
    reached.set(name, all); // ends a circle
    for (const { from } of above.get(name) ?? []) {
      all.add(from);
      for (const further of ancestors(from)) all.add(further);
    }
    return all;
  }
  return edges.filter(({ from, to }) =>
    !(above.get(to) ?? []).some((other) => other.from !== from && ancestors(other.from).has(from))
  );
}

/**
 * @param {readonly Edge[]} edges
 * @param {"from" | "to"} end
 * @returns {Map<string, Edge[]>}
 */
function grouped(edges, end) {
  return Map.groupBy(edges, (edge) => edge[end]);
}

/**
 * The layers from the left; each has names from the top.
 *
 * @param {readonly GraphService[]} services
 * @param {readonly Edge[]} edges
 * @returns {string[][]}
 */
export function layersOf(services, edges) {
  const above = grouped(edges, "to");
  const below = grouped(edges, "from");
  /** @type {Map<string, number>} */
  const depths = new Map();
  /**
   * @param {string} name
   * @returns {number}
   */
  function depth(name) {
    const known = depths.get(name);
    if (known !== undefined) return known;
    depths.set(name, 0); // ends a circle
    const own = (above.get(name) ?? []).reduce(
      (most, { from }) => Math.max(most, depth(from) + 1),
      0,
    );
    depths.set(name, own);
    return own;
  }
  /** @type {string[][]} */
  let layers = [];
  for (const { name } of services) (layers[depth(name)] ??= []).push(name);
  layers = [...layers].map((layer) => layer ?? []);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const downwards = sweep % 2 === 0;
    const places = placesOf(layers);
    const order = downwards ? layers.keys() : [...layers.keys()].reverse();
    for (const at of order) {
      layers[at] = sortedByNeighbours(
        layers[at] ?? [],
        places,
        (name) =>
          downwards
            ? (above.get(name) ?? []).map(({ from }) => from)
            : (below.get(name) ?? []).map(({ to }) => to),
      );
      for (const [name, place] of placesOf([layers[at]])) places.set(name, place);
    }
  }
  return layers;
}

/**
 * The place of each name in its layer, from 0 to 1.
 *
 * @param {readonly (readonly string[])[]} layers
 */
function placesOf(layers) {
  return new Map(
    layers.flatMap((layer) =>
      layer.map((name, at) => /** @type {const} */ ([name, (at + 0.5) / layer.length]))
    ),
  );
}

/**
 * @param {readonly string[]} layer
 * @param {ReadonlyMap<string, number>} places
 * @param {(name: string) => string[]} neighbours
 */
function sortedByNeighbours(layer, places, neighbours) {
  const weights = new Map(layer.map((name) => {
    const others = neighbours(name).map((other) => places.get(other) ?? 0.5);
    const sum = others.reduce((total, place) => total + place, 0);
    return [name, others.length === 0 ? places.get(name) ?? 0.5 : sum / others.length];
  }));
  return layer.toSorted((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
}
