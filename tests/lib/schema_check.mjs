// SPDX-License-Identifier: MIT
// Holds JSON lines against a JSON Schema, by ajv in FOLDER: prints "right" or "wrong" for each.
//   node schema_check.mjs FOLDER SCHEMA LINES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, schema, lines] = process.argv.slice(2);
const { default: Ajv } = createRequire(`${folder}/`)("ajv/dist/2020");
const right = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const line of readFileSync(lines, "utf8").trim().split("\n")) console.log(right(JSON.parse(line)) ? "right" : "wrong");
