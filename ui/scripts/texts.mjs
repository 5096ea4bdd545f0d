// Turns the catalogues under messages/ into typed functions under src/paraglide/.
import { compile } from "@inlang/paraglide-js";

await compile({
  project: "./project.inlang",
  outdir: "./src/paraglide",
  outputStructure: "message-modules",
  strategy: ["globalVariable", "baseLocale"],
  emitTsDeclarations: true,
});
