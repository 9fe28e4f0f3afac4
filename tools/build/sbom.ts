/** The bill of materials for the tarballs, in CycloneDX's format. */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { Part, Provenance } from "../../cmd/provenance.ts";

export interface Product {
  readonly version: string;
  /** The SPDX identifier. */
  readonly licence: string;
}

function packageUrl(type: string, { name, version }: Part): string {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `pkg:${type}/${path}@${encodeURIComponent(version)}`;
}

function component(part: Part, purl: string | undefined, description: string): Models.Component {
  const { name, version, source, licence, sha256 } = part;
  const made = new Models.Component(Enums.ComponentType.Library, name, {
    version,
    description,
    bomRef: `${name}@${version}`,
    ...(purl === undefined ? {} : { purl }),
  });
  made.properties.add(new Models.Property("hexad:source", source));
  // a digest of a file that is different in the image would mislead people who compare it
  if (sha256 !== undefined) {
    made.properties.add(new Models.Property("hexad:sha256-of-origin", sha256));
  }
  if (licence !== undefined) {
    made.licenses.add(
      licence.includes(" ")
        ? new Models.LicenseExpression(licence)
        : new Models.SpdxLicense(licence),
    );
  }
  return made;
}

function libraryUrl(part: Part): string | undefined {
  const [debian, file] = part.name.split(" ");
  return file === undefined ? undefined : packageUrl("deb/debian", { ...part, name: debian! });
}

/**
 * The document as JSON. The same parts give the same bytes, because it has no serial number and no
 * time.
 */
export function billOfMaterials(product: Product, provenance: Provenance): string {
  const bom = new Models.Bom();
  const hexad = new Models.Component(Enums.ComponentType.Application, "hexad", {
    version: product.version,
    bomRef: `hexad@${product.version}`,
  });
  hexad.licenses.add(new Models.SpdxLicense(product.licence));
  bom.metadata.component = hexad;
  const { base, libraries, packages } = provenance;
  const parts = [
    component(
      base,
      undefined,
      "the runtime that the program is compiled onto, with three imports changed",
    ),
    ...libraries.map((part) =>
      component(
        part,
        libraryUrl(part),
        "private loader or library in lib/hexad, changed by the build",
      )
    ),
    ...packages.map((part) => component(part, packageUrl("npm", part), "bundled into the program")),
  ];
  for (const part of parts) {
    bom.components.add(part);
    hexad.dependencies.add(part.bomRef);
  }
  const normalizer = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return new Serialize.JsonSerializer(normalizer).serialize(bom, { sortLists: true, space: 2 }) +
    "\n";
}
