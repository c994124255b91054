// Write what @grafana/data calculates: one line a case, of values, calculation and result as JSON, parted by
// tabs. Run it as grafana_value_formats.cjs:
//   node grafana_reducers.cjs > tests/drawing/reducers.tsv
console.info = () => {};
console.log = () => {};
const path = require("path");
globalThis.window = {};
globalThis.navigator = { languages: ["en-US"] };
const reducer = path.resolve("node_modules/@grafana/data/dist/cjs/transformations/fieldReducer.cjs");
const { fieldReducers, reduceField } = require(reducer);

const VALUES = [[1, 2, 3, 4], [5], [], [null, 3, null, 1, 2], [0, 0, 0], [null, null], [10, 12, 15, 3, 4, 9],
  [-2, -5, 7.5, 0.1], [1, 1, 2, 2, 2, 3], [0.5, null, 0.25, 8]];
// Lists are joined where they are shown, and the least number above zero is 1.8e308 where there is none.
const LEFT_OUT = /^(allValues|uniqueValues|logmin)$|^p\d?[1-46-9]$/;
for (const values of VALUES) {
  for (const { id } of fieldReducers.list().filter((one) => !LEFT_OUT.test(one.id))) {
    const field = { name: "v", type: "number", config: {}, values: values.slice() };
    const result = reduceField({ field, reducers: [id] })[id];
    process.stdout.write([JSON.stringify(values), id, JSON.stringify(result ?? null)].join("\t") + "\n");
  }
}
