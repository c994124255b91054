// Write the ranges that uPlot gives axes with Grafana's settings: one line a case, of least and greatest
// value, soft ends (or nothing), and the ends of the axis, parted by tabs. Run it beside uPlot.cjs.js of the
// package uplot@1.6.32:
//   node uplot_ranges.cjs > tests/drawing/axis_ranges.tsv
const path = require("path");
const uPlot = require(path.resolve("uPlot.cjs.js"));

const RANGES = [[0, 1], [0, 0], [5, 5], [-3, -3], [0.2, 0.9], [3, 17], [-4, 12], [-9, -2], [4, 27.3], [0, 0.0004],
  [1200, 98000], [99.2, 99.9], [1e9, 3.3e9], [0, 2160], [0.97, 1], [12, 12.0001]];
const SOFT = [[null, null], [0, null], [null, 100], [0, 100], [-5, 5]];
for (const [low, high] of RANGES) {
  for (const [softMin, softMax] of SOFT) {
    const config = {
      min: { pad: 0.1, hard: -Infinity, soft: softMin || 0, mode: softMin == null ? 3 : 1 },
      max: { pad: 0.1, hard: Infinity, soft: softMax || 0, mode: softMax == null ? 3 : 1 },
    };
    const ends = uPlot.rangeNum(low, high, config);
    process.stdout.write([low, high, softMin ?? "", softMax ?? "", ...ends].join("\t") + "\n");
  }
}
