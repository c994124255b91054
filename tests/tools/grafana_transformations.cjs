// Write what @grafana/data makes of frames: one line a case, as JSON with name, frames, transformations and
// result. Run it where the package is installed (npm install --ignore-scripts @grafana/data@12.4.3), with TZ=UTC:
//   node grafana_transformations.cjs > tests/drawing/transformations.jsonl
const Module = require("module");
console.info = () => {};
console.warn = () => {};
console.error = () => {};
globalThis.window = { localStorage: {}, location: {}, addEventListener() {} };
globalThis.navigator = { languages: ["en-US"], userAgent: "", platform: "" };
globalThis.document = { createElement: () => ({ getContext: () => null }), documentElement: { style: {} }, addEventListener() {} };
// What shows things in a browser is not needed, and texts are those written in the source.
const stub = new Proxy(function () { return stub; }, {
  get: (_, key) => (key === "t" ? (_id, text) => text : key === Symbol.toPrimitive ? () => "" : stub),
  construct: () => stub,
});
const load = Module._load;
Module._load = function (name, ...rest) {
  return /^(react|react-dom|@grafana\/i18n|i18next)($|[-/])/.test(name) ? stub : load.call(this, name, ...rest);
};
const data = require(require.resolve("@grafana/data", { paths: [process.cwd()] }));

const transformers = new Map(Object.values(data.standardTransformers).map((one) => [one.id, one]));
data.standardTransformersRegistry.setInit(() => [...transformers.values()].map((one) =>
  ({ id: one.id, name: one.id, transformation: one, editor: null, aliasIds: one.id === "joinByField" ? ["seriesToColumns"] : undefined })));

const DAY = [1000, 2000, 3000];
const field = (name, type, values, labels, config) => ({ name, type, values, ...(labels && { labels }), config: config || {} });
const series = (refId, label, values, times = DAY) => ({ refId, name: label, fields: [field("Time", "time", times),
  field("Value", "number", values, { tier: label }, { displayNameFromDS: label })] });
const labelled = (refId, labels, values, times = DAY) => ({ refId, fields: [field("Time", "time", times), field("Value", "number", values, labels)] });
const table = (refId, ...fields) => ({ refId, fields });
const PAIR = [series("A", "free", [1, 4, 2]), series("B", "pro", [3, null, 6])];
const APART = [series("A", "free", [1, 4], [1000, 2000]), series("B", "pro", [3, 6], [2000, 3000])];
const LABELS = [labelled("A", { tier: "free", area: "x" }, [1, 2, 3]), labelled("A", { tier: "pro", area: "x" }, [4, null, 6])];
const SALES = [table("A", field("city", "string", ["Dubai", "Ajman", "Dubai", null]), field("sum", "number", [5, 2, 7, null]),
  field("kind", "string", ["a", "b", "a", "b"]))];
const NUMBERS = [table("A", field("a", "number", [1, 2, 3, 4]), field("b", "number", [2, null, 0, -4]), field("name", "string", ["w", "x", "y", "z"]))];
const TWO = [table("A", field("city", "string", ["Dubai", "Ajman"]), field("a", "number", [1, 2])),
  table("B", field("city", "string", ["Ajman", "Fujairah"]), field("b", "number", [3, 4]))];
const TIMED = [table("A", field("time", "time", [1000, 2000, 3000]), field("n", "number", [3, 1, 2]), field("s", "string", ["c", "a", "B"]))];
const WORDS = [table("A", field("s", "string", ["hello World", " iPhone_x  Y ", "a-b c", "", "ÉTÉ"]))];
const EMPTY = [{ refId: "A", fields: [] }];
const NO_ROWS = [table("A", field("Time", "time", []), field("Value", "number", []))];
const TEXTS = [table("A", field("n", "string", ["1,200", "3.5", "x", "", null]), field("at", "string", ["2026-11-30T00:00:00Z", "2026-11-30 12:00:00", "junk", null, "1000"]),
  field("flag", "string", ["true", "false", "yes", "0", ""]), field("num", "number", [1, 0, 2.5, null, -1]))];
const EVERY = { sales: SALES, pair: PAIR, empty: EMPTY, "no rows": NO_ROWS, none: [] };

const CASES = [];
const add = (id, options, sets) => {
  for (const [name, frames] of Object.entries(sets)) {
    CASES.push({ name: `${id} ${JSON.stringify(options)} of ${name}`, frames, transformations: [{ id, options }] });
  }
};
const only = (name) => ({ [name]: { sales: SALES, pair: PAIR, apart: APART, labels: LABELS, numbers: NUMBERS, two: TWO, timed: TIMED, texts: TEXTS, empty: EMPTY, "no rows": NO_ROWS }[name] });

add("organize", { excludeByName: { kind: true }, indexByName: { sum: 0, city: 1 }, renameByName: { sum: "Sales" } }, EVERY);
add("organize", { includeByName: { sum: true }, excludeByName: {}, indexByName: {}, renameByName: {} }, only("sales"));
add("organize", { indexByName: { kind: 0 } }, only("sales"));
add("organize", { excludeByName: { free: true }, renameByName: { pro: "Paid", Time: "At" } }, only("pair"));
add("merge", {}, { ...EVERY, two: TWO, apart: APART, labels: LABELS });
add("reduce", { reducers: ["lastNotNull", "sum", "count"] }, EVERY);
add("reduce", { reducers: ["max"], labelsToFields: true }, { labels: LABELS });
add("reduce", { reducers: ["mean", "min"], mode: "reduceFields" }, { pair: PAIR, numbers: NUMBERS });
add("reduce", { reducers: ["max"], mode: "reduceFields", includeTimeField: true }, only("timed"));
add("reduce", { reducers: ["first"], mode: "reduceFields" }, only("sales"));
add("reduce", { reducers: [] }, only("sales"));
add("filterFieldsByName", { include: { names: ["city", "sum"] } }, EVERY);
add("filterFieldsByName", { include: { pattern: "/^s/" } }, only("sales"));
add("filterFieldsByName", { exclude: { pattern: "k" } }, only("sales"));
add("filterFieldsByName", { exclude: { names: ["city"] } }, only("sales"));
add("filterFieldsByName", { include: { names: ["nothing"] } }, only("sales"));
add("filterFieldsByName", { include: { names: ["Time"], pattern: "pro" } }, only("pair"));
add("filterByRefId", { include: "B" }, { pair: PAIR, sales: SALES });
add("filterByRefId", { include: "/A|B/" }, only("pair"));
add("filterByRefId", {}, only("pair"));
const filter = (fieldName, id, options = {}) => ({ fieldName, config: { id, options } });
for (const [id, options] of [["lower", { value: 5 }], ["lowerOrEqual", { value: 5 }], ["greater", { value: 5 }], ["greaterOrEqual", { value: 5 }],
  ["equal", { value: 5 }], ["notEqual", { value: 5 }], ["between", { from: 2, to: 7 }], ["isNull", {}], ["isNotNull", {}]]) {
  add("filterByValue", { type: "include", match: "all", filters: [filter("sum", id, options)] }, only("sales"));
}
for (const [id, value] of [["regex", "^D"], ["equal", "Dubai"], ["notEqual", "Dubai"], ["substring", "JMA"], ["notSubstring", "jma"]]) {
  add("filterByValue", { type: "exclude", match: "any", filters: [filter("city", id, { value })] }, only("sales"));
}
add("filterByValue", { type: "include", match: "all", filters: [filter("sum", "greater", { value: 1 }), filter("kind", "equal", { value: "a" })] }, EVERY);
add("filterByValue", { type: "exclude", match: "any", filters: [filter("sum", "greater", { value: 6 }), filter("kind", "equal", { value: "b" })] }, only("sales"));
add("filterByValue", { type: "include", match: "any", filters: [filter("nothing", "greater", { value: 6 })] }, only("sales"));
add("filterByValue", { type: "include", match: "any", filters: [] }, only("sales"));
add("groupBy", { fields: { city: { operation: "groupby", aggregations: [] }, sum: { operation: "aggregate", aggregations: ["sum", "max", "count", "mean"] } } }, EVERY);
add("groupBy", { fields: { city: { operation: "groupby", aggregations: [] }, kind: { operation: "groupby", aggregations: [] }, sum: { operation: "aggregate", aggregations: ["lastNotNull"] } } }, only("sales"));
add("groupBy", { fields: { city: { operation: "groupby", aggregations: [] }, kind: { operation: "aggregate", aggregations: ["distinctCount", "first", "allValues"] } } }, only("sales"));
add("groupBy", { fields: {} }, only("sales"));
for (const operator of ["+", "-", "*", "/", "**", "%"]) {
  add("calculateField", { mode: "binary", binary: { left: { matcher: { id: "byName", options: "a" } }, operator, right: { matcher: { id: "byName", options: "b" } } } }, only("numbers"));
}
for (const operator of ["==", "!=", ">", ">=", "<", "<="]) {
  add("calculateField", { mode: "binary", binary: { left: { matcher: { id: "byName", options: "a" } }, operator, right: { fixed: "2" } } }, only("numbers"));
}
add("calculateField", { mode: "binary", binary: { left: "a", operator: "*", right: "10" }, alias: "ten" }, only("numbers"));
add("calculateField", { mode: "binary", binary: { left: { matcher: { id: "byType", options: "number" } }, operator: "*", right: { fixed: "2" } } }, only("numbers"));
add("calculateField", { mode: "binary", binary: { left: "free", operator: "+", right: "pro" } }, { pair: PAIR, apart: APART });
add("calculateField", { mode: "binary", binary: { left: "nothing", operator: "+", right: "a" } }, only("numbers"));
for (const reducer of ["sum", "max", "min", "mean", "count", "lastNotNull"]) {
  add("calculateField", { mode: "reduceRow", reduce: { reducer } }, { numbers: NUMBERS, pair: PAIR });
}
add("calculateField", { mode: "reduceRow", reduce: { reducer: "sum", include: ["a"] }, replaceFields: true }, only("numbers"));
add("calculateField", { mode: "reduceRow", reduce: { reducer: "sum" }, replaceFields: true }, { timed: TIMED, pair: PAIR });
add("calculateField", { mode: "reduceRow", reduce: { reducer: "sum" }, timeSeries: false }, only("pair"));
for (const operator of ["abs", "exp", "ln", "floor", "ceil", "round", "trunc", "percent"]) {
  add("calculateField", { mode: "unary", unary: { operator, fieldName: "b" } }, only("numbers"));
}
for (const reducer of ["sum", "mean"]) {
  add("calculateField", { mode: "cumulativeFunctions", cumulative: { field: "b", reducer } }, only("numbers"));
}
for (const [reducer, windowAlignment, windowSizeMode, windowSize] of [["mean", "trailing", "fixed", 2], ["mean", "centered", "fixed", 3], ["mean", "centered", "fixed", 2],
  ["stdDev", "trailing", "fixed", 3], ["variance", "centered", "fixed", 3], ["mean", "trailing", "percentage", 0.5]]) {
  add("calculateField", { mode: "windowFunctions", window: { field: "a", reducer, windowAlignment, windowSizeMode, windowSize } }, only("numbers"));
  add("calculateField", { mode: "windowFunctions", window: { field: "b", reducer, windowAlignment, windowSizeMode, windowSize } }, only("numbers"));
}
add("calculateField", { mode: "index" }, { numbers: NUMBERS, pair: PAIR });
add("calculateField", { mode: "index", index: { asPercentile: true }, alias: "share" }, only("numbers"));
add("calculateField", { mode: "reduceRow", reduce: { reducer: "sum" } }, { empty: EMPTY, "no rows": NO_ROWS, none: [] });
add("sortBy", { sort: [{ field: "sum", desc: true }] }, { sales: SALES, pair: PAIR });
add("sortBy", { sort: [{ field: "sum" }] }, only("sales"));
add("sortBy", { sort: [{ field: "city" }] }, only("sales"));
add("sortBy", { sort: [{ field: "s" }] }, only("timed"));
add("sortBy", { sort: [{ field: "time", desc: true }] }, only("timed"));
add("sortBy", { sort: [] }, only("sales"));
for (const limitField of [1, "2", 10, 0, -1, ""]) {
  add("limit", { limitField }, only("sales"));
}
add("limit", {}, EVERY);
add("labelsToFields", {}, { labels: LABELS, pair: PAIR, sales: SALES, empty: EMPTY });
add("labelsToFields", { valueLabel: "tier" }, only("labels"));
add("labelsToFields", { mode: "rows" }, only("labels"));
add("labelsToFields", { mode: "rows", keepLabels: ["tier"] }, only("labels"));
add("labelsToFields", { keepLabels: ["tier"] }, only("labels"));
add("joinByField", {}, { pair: PAIR, apart: APART, labels: LABELS, sales: SALES, empty: EMPTY, none: [] });
add("joinByField", { mode: "inner" }, { pair: PAIR, apart: APART });
add("joinByField", { byField: "city", mode: "outer" }, only("two"));
add("joinByField", { byField: "city", mode: "inner" }, only("two"));
add("joinByField", { byField: "city", mode: "outerTabular" }, only("two"));
add("joinByField", { byField: "nothing" }, only("two"));
add("seriesToColumns", { byField: "Time" }, only("apart"));
add("seriesToRows", {}, { pair: PAIR, apart: APART, labels: LABELS, sales: SALES });
add("renameByRegex", { regex: "(k)in", renamePattern: "$1-" }, EVERY);
add("renameByRegex", { regex: "/s(.)/g", renamePattern: "S$1" }, only("sales"));
add("renameByRegex", { regex: "^fr(.*)$", renamePattern: "x $1" }, only("pair"));
add("renameByRegex", { regex: "(", renamePattern: "x" }, only("sales"));
for (const destinationType of ["number", "string", "boolean"]) {
  for (const targetField of ["n", "num", "flag"]) {
    add("convertFieldType", { conversions: [{ targetField, destinationType }] }, only("texts"));
  }
}
add("convertFieldType", { conversions: [{ targetField: "at", destinationType: "time" }] }, only("texts"));
add("convertFieldType", { conversions: [{ targetField: "num", destinationType: "time" }] }, only("texts"));
add("convertFieldType", { conversions: [{ targetField: "nothing", destinationType: "time" }] }, only("texts"));
add("convertFieldType", { conversions: [{ targetField: "time", destinationType: "string", dateFormat: "YYYY-MM-DD" }] }, only("timed"));
add("groupingToMatrix", { rowField: "city", columnField: "kind", valueField: "sum" }, EVERY);
for (const emptyValue of ["null", "zero", "true", "false", "empty"]) {
  add("groupingToMatrix", { rowField: "city", columnField: "kind", valueField: "sum", emptyValue }, only("sales"));
}
add("concatenate", {}, { two: TWO, pair: PAIR, sales: SALES });
add("concatenate", { frameNameMode: "label", frameNameLabel: "of" }, only("pair"));
add("concatenate", { frameNameMode: "field" }, only("pair"));
add("concatenate", { frameNameMode: "drop" }, only("pair"));
add("transpose", {}, { sales: SALES, numbers: NUMBERS, timed: TIMED, empty: EMPTY });
add("transpose", { firstFieldName: "what", restFieldsName: "v" }, only("numbers"));
add("histogram", {}, { pair: PAIR, numbers: NUMBERS });
add("histogram", { bucketSize: 2, combine: true }, { pair: PAIR, numbers: NUMBERS });
add("histogram", { bucketSize: 2, bucketOffset: 1 }, only("numbers"));
for (const outputFormat of ["YYYY-MM-DD", "HH:mm:ss"]) {
  add("formatTime", { timeField: "time", outputFormat, timezone: "utc", useTimezone: true }, only("timed"));
}
for (const outputFormat of ["Upper Case", "Lower Case", "Sentence Case", "Title Case", "Pascal Case", "Camel Case", "Snake Case", "Kebab Case", "Trim", "Substring"]) {
  add("formatString", { stringField: "s", outputFormat, substringStart: 1, substringEnd: 4 }, { words: WORDS });
}
add("order", { indexByName: { kind: 0, sum: 1 } }, only("sales"));
add("rename", { renameByName: { kind: "Kind" } }, only("sales"));
add("ensureColumns", {}, { pair: PAIR, sales: SALES });
add("noop", {}, only("sales"));
CASES.push({ name: "a chain", frames: PAIR, transformations: [{ id: "reduce", options: { reducers: ["sum", "max"] } },
  { id: "sortBy", options: { sort: [{ field: "Total", desc: true }] } }, { id: "limit", options: { limitField: 1 } },
  { id: "organize", options: { renameByName: { Field: "Tier" } } }] });
CASES.push({ name: "disabled", frames: SALES, transformations: [{ id: "limit", disabled: true, options: { limitField: 1 } }] });
CASES.push({ name: "filtered", frames: PAIR, transformations: [{ id: "limit", filter: { id: "byRefId", options: "/^(?:B)$/" }, options: { limitField: 1 } }] });

const plain = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value === undefined ? null : value);
const copied = (frames) => frames.map((frame) => data.toDataFrame(JSON.parse(JSON.stringify(frame))));
const context = { interpolate: (text) => text };
(async () => {
  for (const one of CASES) {
    const frames = copied(one.frames);
    const result = await new Promise((done) => data.transformDataFrame(one.transformations, frames, context).subscribe({ next: done, error: (failure) => done(String(failure)) }));
    const shown = Array.isArray(result) ? result.map((frame) => ({ refId: frame.refId, fields: frame.fields.map((own) =>
      ({ title: data.getFieldDisplayName(own, frame, result), type: own.type, values: [...own.values], labels: own.labels || null })) })) : result;
    process.stdout.write(JSON.stringify({ ...one, result: shown }, plain) + "\n");
  }
})();
