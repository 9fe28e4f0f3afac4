/**
 * The image for all architectures of a release, built into others with --platform, and its arm64
 * part run in a container by the emulator.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ARCHITECTURES } from "../../tools/build/architecture.ts";
import { VERSION } from "../../cmd/version_number.ts";
import { IMAGES } from "../../tools/release/images.ts";
import { packImage } from "../../tools/release/pack.ts";
import { podman } from "../container/podman.ts";
import { makeTree } from "../fixture/tree.ts";
import { holdEmulator } from "./emulator.ts";
import { LIMIT_MS } from "./root.ts";

const OVERLAY = IMAGES.find(({ title }) => title === "hexad-overlay")!;

const DOCKERFILE = (archive: string): string =>
  `FROM oci-archive:${archive} AS hexad
FROM scratch
COPY --from=hexad / /
COPY . /
ARG TARGETARCH
ENV TARGETARCH=\${TARGETARCH}
ENTRYPOINT ["/init"]
`;

const SPEC = {
  "etc/cont-init.d/10-first!": "#!/command/with-contenv execlineb -P\ns6-echo booted\n",
  "etc/services.d/web/run!": "#!/command/execlineb -P\ns6-pause\n",
};

Deno.test("arm64: an image that is built with --platform takes its architecture's part of the release, and boots", async () => {
  await using _ = await holdEmulator();
  const engine = await podman();
  await packImage(OVERLAY, engine.root, {
    version: VERSION,
    revision: "0".repeat(40),
    epoch: 0,
    architectures: ARCHITECTURES,
    xzLevel: 0,
  });
  using tree = makeTree(SPEC);
  const dockerfile = DOCKERFILE(`${engine.root}/${OVERLAY.archive}`);
  for (
    const [debian, machine, script] of [
      ["amd64", "x86_64", "hexad --version --json"],
      ["arm64", "aarch64", "foreground { hexad --version --json } s6-svwait -u /run/service/web"],
    ] as const
  ) {
    const tag = `platform-${debian}`;
    await engine.build(tag, dockerfile, tree.root, ["--platform", `linux/${debian}`]);
    const format = ["--format", "{{.Os}}/{{.Architecture}} {{.Config.Env}}"];
    const told = await engine.done(["image", "inspect", ...format, tag]);
    assertStringIncludes(told, `linux/${debian} `);
    assertStringIncludes(told, `TARGETARCH=${debian}`);
    const options = [
      ...engine.runFlags,
      "--rm",
      "--pull",
      "never",
      "--platform",
      `linux/${debian}`,
    ];
    const command = ["execlineb", "-Pc", script];
    const { code, stdout, stderr } = await engine.run(
      ["run", ...options, tag, ...command],
      LIMIT_MS,
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "booted\n");
    const document = stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1);
    assertEquals(JSON.parse(document).architecture, machine);
  }
});
