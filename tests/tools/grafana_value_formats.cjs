// Write what @grafana/data gives for every unit: one line a case, of unit, value, decimals, prefix, text and
// suffix, parted by tabs. Run it where the package is installed (npm install --ignore-scripts
// @grafana/data@12.4.3), with TZ=UTC:
//   node grafana_value_formats.cjs > tests/drawing/value_formats.tsv
console.info = () => {};
console.log = () => {};
const path = require("path");
const NOW = 1764460800000; // 2025-11-30T00:00:00Z
Date.now = () => NOW;
globalThis.navigator = { languages: ["en-US"] };
globalThis.window = {};
// The package as a whole asks for a browser; these modules of it do not.
const formats = path.resolve("node_modules/@grafana/data/dist/cjs/valueFormats/valueFormats.cjs");
const { getValueFormat, getValueFormats } = require(formats);

const NUMBERS = [0, 1, 0.5, 12.345, -1234.5678, 999.95, 1536, 3.2e6, 7.5e9, 0.00123, 1e21];
const EXACT = [[12.345, 0], [12.345, 1], [1234.5678, 2], [0.000456, 3], [86400, 0], [99999.5, 1], [-0.004, 2]];
const TIMES = [NOW, NOW - 1000, NOW - 44000, NOW - 90000, NOW - 3.3e6, NOW - 8e7, NOW + 8e7, NOW - 9e7,
  NOW - 2.3e9, NOW - 4e9, NOW - 2.9e10, NOW - 6e10, 0, NOW + 3.6e6, 1700000000123];
const FORMS = ["prefix:~", "suffix:users", "si:W", "si:mV", "si:kB", "si:μs", "count:beds", "currency:AED",
  "currency:financial:€:suffix", "currency:financial:$", "bool:up/down", "bool:up", "beds", "farenheit", ""];
const DATES = ["time:YYYY-MM-DD", "time:ddd Do MMM YY, h:mm:ss.SSS A", "time:[at] HH\\h Q X DDDD E w WW",
  "time:dddd LL LT"];
const isTime = (id) => id.startsWith("dateTime") || id.startsWith("time:");
const ids = getValueFormats().flatMap((category) => category.submenu.map((one) => one.value));
for (const id of [...ids, ...FORMS, ...DATES]) {
  const format = getValueFormat(id);
  const cases = isTime(id) ? TIMES.map((one) => [one]) : [...NUMBERS.map((one) => [one]), ...EXACT];
  for (const [value, decimals] of cases) {
    const { prefix, text, suffix } = format(value, decimals, null, "utc");
    process.stdout.write([id, value, decimals ?? "", prefix ?? "", text, suffix ?? ""].join("\t") + "\n");
  }
}
