/** hexad's own lint rules, for deno.json. */
import { ROOT } from "../layout.ts";
import { fileNameRule, fileSizeRule, idleImportRule, noBarrelRule } from "./file_form.ts";
import { pureCoreRule, silentLibRule } from "./forbidden_names.ts";
import { commandFiles, layersRule, REGISTRIES } from "./layers.ts";
import { waryOpensRule } from "./wary_opens.ts";

const plugin: Deno.lint.Plugin = {
  name: "hexad",
  rules: {
    "layers": layersRule(
      commandFiles(REGISTRIES.map((path) => [path, Deno.readTextFileSync(`${ROOT}/${path}`)])),
    ),
    "pure-core": pureCoreRule,
    "silent-lib": silentLibRule,
    "file-size": fileSizeRule,
    "file-name": fileNameRule,
    "no-barrel": noBarrelRule,
    "idle-import": idleImportRule,
    "wary-opens": waryOpensRule,
  },
};

export default plugin;
