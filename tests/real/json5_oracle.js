// Reads JSON5 texts with the package at argv[2]: one JSON string a line in, one JSON answer a line out.
// Values come back tagged, since JSON itself cannot carry NaN, infinities, -0 or a repeated `__proto__`.
"use strict";
Error.stackTraceLimit = 0;
console.warn = () => {};
const JSON5 = require(process.argv[2]);

function tagged(value) {
  if (typeof value === "number") return ["number", Object.is(value, -0) ? "-0" : String(value)];
  if (typeof value === "string") return ["string", value];
  if (Array.isArray(value)) return ["array", value.map(tagged)];
  if (value !== null && typeof value === "object") {
    return ["object", Object.keys(value).map((key) => [key, tagged(value[key])])];
  }
  return ["word", value];
}

function answer(text) {
  try {
    return { value: tagged(JSON5.parse(text)) };
  } catch (error) {
    return { refused: error.message };
  }
}

// Which single code points may be a key, continue a key, or stand beside a value.
function alphabet() {
  const found = { starts: [], continues: [], spaces: [] };
  const read = (text) => !answer(text).refused;
  for (let code = 0; code < 0x110000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const space = read(`${character}[]`);
    if (space) found.spaces.push(code);
    else if (read(`{a${character}:1}`)) {
      found.continues.push(code);
      if (read(`{${character}:1}`)) found.starts.push(code);
    }
  }
  return found;
}

require("readline")
  .createInterface({ input: process.stdin, terminal: false, crlfDelay: Infinity })
  .on("line", (line) => {
    const text = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(text === null ? alphabet() : answer(text))}\n`);
  });
