/**
 * An image for several architectures as an OCI layout: a directory of blobs that are named by their
 * digests, with an index of images. Source: OCI image-spec, image-layout.md, image-index.md,
 * config.md.
 */
import { type Architecture, NAMES } from "../build/architecture.ts";
import { sha256 } from "../build/digest.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const REF_NAME = "org.opencontainers.image.ref.name";

/** What an image says of itself. */
export interface ImageFacts {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** The id of the commit. */
  readonly revision: string;
  readonly licence: string;
  /** In seconds. */
  readonly epoch: number;
  /** The image's `Entrypoint`, `Cmd` and `Env`. */
  readonly config: Readonly<Record<string, readonly string[]>>;
}

export interface Layer {
  readonly architecture: Architecture;
  /** A .tar.gz with the whole root directory. */
  readonly path: string;
  /** The digest of the archive before it was compressed. */
  readonly tarSha256: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Platform {
  readonly architecture: string;
  readonly os: "linux";
  readonly variant?: string;
}

/** Where the blobs of one layout go. */
class Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async add(mediaType: string, bytes: Uint8Array<ArrayBuffer>): Promise<Descriptor> {
    const digest = await sha256(bytes);
    await Deno.writeFile(`${this.#directory}/${digest}`, bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  }

  addJson(mediaType: string, value: unknown): Promise<Descriptor> {
    return this.add(mediaType, new TextEncoder().encode(JSON.stringify(value)));
  }
}

function platformOf(architecture: Architecture): Platform {
  const platform = { architecture: NAMES[architecture].debian, os: "linux" as const };
  return architecture === "aarch64" ? { ...platform, variant: "v8" } : platform;
}

function annotationsOf(facts: ImageFacts): Record<string, string> {
  const { title, description, version, revision, licence, epoch } = facts;
  const key = (name: string): string => `org.opencontainers.image.${name}`;
  return {
    [key("title")]: title,
    [key("description")]: description,
    [key("version")]: version,
    [key("revision")]: revision,
    [key("licenses")]: licence,
    [key("created")]: timeText(epoch),
  };
}

function timeText(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000", "");
}

async function addImage(
  blobs: Blobs,
  facts: ImageFacts,
  { architecture, path, tarSha256 }: Layer,
): Promise<Descriptor & { readonly platform: Platform }> {
  const platform = platformOf(architecture);
  const annotations = annotationsOf(facts);
  const created = timeText(facts.epoch);
  const config = await blobs.addJson(CONFIG, {
    created,
    ...platform,
    config: { ...facts.config, Labels: annotations },
    rootfs: { type: "layers", diff_ids: [`sha256:${tarSha256}`] },
    history: [{ created, created_by: `hexad ${facts.version}` }],
  });
  const layer = await blobs.add(LAYER, await Deno.readFile(path));
  const manifest = await blobs.addJson(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: [layer],
    annotations,
  });
  return { ...manifest, platform };
}

/**
 * Writes the layout into the new directory `directory`. The image's reference is its version.
 * @param layers One for each architecture
 */
export async function writeOciLayout(
  directory: string,
  facts: ImageFacts,
  layers: readonly Layer[],
): Promise<void> {
  await Deno.mkdir(`${directory}/blobs/sha256`, { recursive: true });
  const blobs = new Blobs(`${directory}/blobs/sha256`);
  const manifests = [];
  for (const layer of layers) manifests.push(await addImage(blobs, facts, layer));
  const index = await blobs.addJson(INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests,
    annotations: annotationsOf(facts),
  });
  const entry = { ...index, annotations: { [REF_NAME]: facts.version } };
  const writeJson = (name: string, value: unknown): Promise<void> =>
    Deno.writeTextFile(`${directory}/${name}`, JSON.stringify(value));
  await writeJson("index.json", { schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
  await writeJson("oci-layout", { imageLayoutVersion: "1.0.0" });
}
