/** The two images of a release: what the Dockerfile's targets svscan and overlay say of them. */
import { LICENCE } from "../build/licences.ts";
import type { ArchitectureFiles } from "../layout.ts";
import type { ImageFacts } from "./oci_layout.ts";

export interface ReleaseImage {
  /** The archive's name. */
  readonly archive: string;
  /** Which tarball of an architecture is its content. */
  readonly tarball: keyof Pick<ArchitectureFiles, "tarball" | "overlayTarball">;
  /** Where the tarball is ADDed to, like `usr`; empty for the root. */
  readonly below: string;
  /** Empty directories besides, if it is not the root. */
  readonly directories: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly config: ImageFacts["config"];
}

export const IMAGES: readonly ReleaseImage[] = [
  {
    archive: "hexad-oci.tar",
    tarball: "tarball",
    below: "usr",
    directories: ["service"],
    title: "hexad",
    description: "The supervision suite s6 for containers, in one binary",
    config: { Cmd: ["/usr/bin/s6-svscan", "/service"] },
  },
  {
    archive: "hexad-overlay-oci.tar",
    tarball: "overlayTarball",
    below: "",
    directories: [],
    title: "hexad-overlay",
    description: "An init for containers: services, scripts at start and end, a command",
    config: { Entrypoint: ["/init"], Env: ["PATH=/command:/usr/bin:/bin"] },
  },
];

export function factsOf(
  { title, description, config }: ReleaseImage,
  { version, revision, epoch }: Pick<ImageFacts, "version" | "revision" | "epoch">,
): ImageFacts {
  return { title, description, config, version, revision, epoch, licence: LICENCE };
}
