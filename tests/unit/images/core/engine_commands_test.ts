import { assertEquals } from "@std/assert";
import {
  type CommandSettings,
  type EngineAction,
  engineCommands,
  inspectCommand,
} from "../../../../lib/images/core/engine_commands.ts";

const IMAGE = { context: "lang/3", name: "lang", tags: ["3", "3.1"] };
const ORG = { registry: "", organization: "org" };
const DOCKER: CommandSettings = {
  engine: "docker",
  home: ORG,
  namespaces: [ORG],
  buildArgs: new Map(),
};

function lines(action: EngineAction, settings: Partial<CommandSettings> = {}): string[] {
  return engineCommands(action, IMAGE, { ...DOCKER, ...settings }).map((words) => words.join(" "));
}

const REGISTRY = { registry: "reg:5000", organization: "new" };
const FLAT = { registry: "", organization: "" };

const ROWS: readonly (readonly [
  name: string,
  action: EngineAction,
  settings: Partial<CommandSettings>,
  commands: readonly string[],
])[] = [
  ["docker", "build", {}, ["docker build --tag org/lang:3 --tag org/lang:3.1 ./lang/3"]],
  ["for a machine, with variables and a fingerprint", "build", {
    platform: "linux/arm64",
    buildArgs: new Map([["A", "b c"]]),
    fingerprints: new Map([["lang/3", "f"]]),
  }, [
    "docker build --tag org/lang:3 --tag org/lang:3.1 --platform linux/arm64 --build-arg A=b c --label hexad.images.fingerprint=f ./lang/3",
  ]],
  ["buildah has two names", "build", { engine: "buildah" }, [
    "buildah build --tag localhost/org/lang:3 --tag docker.io/org/lang:3 --tag localhost/org/lang:3.1 --tag docker.io/org/lang:3.1 ./lang/3",
  ]],
  [
    "podman, where official images must not be hidden",
    "build",
    { engine: "podman", home: FLAT, namespaces: [FLAT] },
    ["podman build --tag localhost/lang:3 --tag localhost/lang:3.1 ./lang/3"],
  ],
  ["FROM lines look elsewhere", "build", { home: REGISTRY, namespaces: [REGISTRY, ORG] }, [
    "docker build --tag reg:5000/new/lang:3 --tag reg:5000/new/lang:3.1 --tag org/lang:3 --tag org/lang:3.1 ./lang/3",
  ]],
  ["docker", "pull", { platform: "linux/arm64" }, [
    "docker pull --platform linux/arm64 org/lang:3",
    "docker pull --platform linux/arm64 org/lang:3.1",
  ]],
  ["podman", "push", { engine: "podman" }, [
    "podman push docker.io/org/lang:3",
    "podman push docker.io/org/lang:3.1",
  ]],
  ["a registry", "push", { engine: "buildah", home: REGISTRY }, [
    "buildah push reg:5000/new/lang:3",
    "buildah push reg:5000/new/lang:3.1",
  ]],
  ["to a registry", "retag", { engine: "podman", target: REGISTRY }, [
    "podman tag docker.io/org/lang:3 reg:5000/new/lang:3",
    "podman tag docker.io/org/lang:3.1 reg:5000/new/lang:3.1",
  ]],
];

for (const [name, action, settings, commands] of ROWS) {
  Deno.test(`engineCommands(): ${action}: ${name}`, () => {
    assertEquals(lines(action, settings), [...commands]);
  });
}

Deno.test("inspectCommand(): each engine has the label elsewhere", () => {
  assertEquals(
    inspectCommand("docker", ORG, "a:1").join(" "),
    'docker image inspect --format {{index .Config.Labels "hexad.images.fingerprint"}} org/a:1',
  );
  assertEquals(
    inspectCommand("buildah", ORG, "a:1").join(" "),
    'buildah inspect --type image --format {{index .OCIv1.Config.Labels "hexad.images.fingerprint"}} localhost/org/a:1',
  );
});
