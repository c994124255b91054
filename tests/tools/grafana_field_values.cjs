// Write how @grafana/data shows values: one line a case, as JSON with frames, field config, options of a panel that
// reduces, and the texts, colours and titles. Run it as grafana_transformations.cjs:
//   node grafana_field_values.cjs > tests/drawing/field_values.jsonl
const Module = require("module");
console.info = console.warn = console.error = () => {};
globalThis.window = { localStorage: {}, location: {}, addEventListener() {} };
globalThis.navigator = { languages: ["en-US"], userAgent: "", platform: "" };
globalThis.document = { createElement: () => ({ getContext: () => null }), documentElement: { style: {} }, addEventListener() {} };
const stub = new Proxy(function () { return stub; }, {
  get: (_, key) => (key === "t" ? (_id, text) => text : key === Symbol.toPrimitive ? () => "" : stub),
  construct: () => stub,
});
const load = Module._load;
Module._load = function (name, ...rest) {
  return /^(react|react-dom|@grafana\/i18n|i18next)($|[-/])/.test(name) ? stub : load.call(this, name, ...rest);
};
const data = require(require.resolve("@grafana/data", { paths: [process.cwd()] }));
const themes = { dark: data.createTheme(), light: data.createTheme({ colors: { mode: "light" } }) };
data.standardFieldConfigEditorRegistry.setInit(() => ["unit", "min", "max", "decimals", "displayName", "noValue", "color", "mappings", "thresholds", "links", "fieldMinMax", "description"]
  .map((id) => ({ id, path: id, name: id,
    process: (value, own) => (id === "displayName" && value ? own.replaceVariables(value, own.field.state.scopedVars) : value), shouldApply: () => true, override: stub, editor: stub })));

const field = (name, type, values, labels, config) => ({ name, type, values, ...(labels && { labels }), config: config || {} });
const numbers = (...values) => [{ refId: "A", fields: [field("v", "number", values)] }];
const texts = (...values) => [{ refId: "A", fields: [field("s", "string", values)] }];
const labelled = [["free", 3], ["pro", 14]].map(([tier, value]) => ({ refId: "A", fields: [field("Time", "time", [1000, 2000]),
  field("Value", "number", [value, value + 2], { tier, area: "x" })] }));
const queries = [{ refId: "A", name: "first", fields: [field("Time", "time", [1000]), field("Value", "number", [1])] },
  { refId: "B", name: "second", fields: [field("Time", "time", [1000]), field("Value", "number", [20])] }];
const table = [{ refId: "A", fields: [field("city", "string", ["Dubai", "Ajman"]), field("sold", "number", [12.5, 3]), field("rent", "number", [60, null]), field("ok", "boolean", [true, false])] }];
const STEPS = { mode: "absolute", steps: [{ color: "green", value: null }, { color: "yellow", value: 10 }, { color: "red", value: 80 }] };
const PERCENT = { mode: "percentage", steps: STEPS.steps };
const VALUE = { type: "value", options: { 0: { text: "up", color: "green" }, 1: { text: "down", color: "red", index: 1 }, x: { text: "ex" } } };
const RANGE = { type: "range", options: { from: 2, to: 10, result: { text: "some", color: "blue" } } };
const OPEN = { type: "range", options: { from: 5, to: null, result: { text: "many", color: "purple" } } };
const REGEX = { type: "regex", options: { pattern: "/^srv-(\\d+)(.*)$/", result: { text: "Server $1" } } };
const WHOLE = { type: "regex", options: { pattern: "ab", result: { text: "is ab" } } };
const special = (match, text) => ({ type: "special", options: { match, result: { text, color: "orange" } } });

const CASES = [];
const add = (name, frames, defaults, overrides = []) => CASES.push({ name, frames, fieldConfig: { defaults, overrides } });
for (const mode of ["thresholds", "fixed", "palette-classic", "continuous-GrYlRd", "continuous-BlYlRd", "continuous-blues", "shades"]) {
  add(`colour mode ${mode}`, numbers(0, 5, 10, 45.5, 80, 100, null), { color: { mode, fixedColor: "semi-dark-purple" }, thresholds: STEPS });
  add(`colour mode ${mode} of series`, labelled, { color: { mode, fixedColor: "blue" }, thresholds: STEPS });
}
add("thresholds in percent", numbers(0, 5, 10, 45.5, 80, 100), { thresholds: PERCENT, color: { mode: "thresholds" } });
add("thresholds in percent of bounds", numbers(0, 5, 10, 15), { thresholds: PERCENT, min: 0, max: 20, color: { mode: "thresholds" } });
add("no thresholds", numbers(1, 90), { color: { mode: "thresholds" } });
add("no colour", numbers(1, 90), { thresholds: STEPS });
for (const seriesBy of ["last", "min", "max"]) {
  add(`series by ${seriesBy}`, numbers(1, 90, 12), { color: { mode: "thresholds", seriesBy }, thresholds: STEPS });
}
add("unit and decimals", numbers(1234.5678, -0.004, 0, 1e9), { unit: "short", decimals: 2 });
add("unit alone", numbers(1234.5678, 0.25, 999999), { unit: "bytes" });
add("no unit", numbers(1234.5678, 0.25, 999999, 3), {});
add("own unit", numbers(12), { unit: "suffix: beds" });
add("value mapping", numbers(0, 1, 2, null), { mappings: [VALUE], thresholds: STEPS });
add("value mapping of texts", texts("x", "y", "0", ""), { mappings: [VALUE] });
add("range mapping", numbers(1, 2, 5, 10, 10.5), { mappings: [RANGE] });
add("open range mapping", numbers(4, 5, 1e9), { mappings: [OPEN] });
add("range mapping of texts", texts("3", "11", "abc"), { mappings: [RANGE] });
add("first mapping that fits", numbers(5), { mappings: [OPEN, RANGE] });
add("regex mapping", texts("srv-12 eu", "other"), { mappings: [REGEX] });
add("regex mapping without slashes", texts("ab", "xaby"), { mappings: [WHOLE] });
for (const match of ["null", "nan", "null+nan", "true", "false", "empty"]) {
  add(`special mapping ${match} of numbers`, numbers(null, 1), { mappings: [special(match, match)] });
  add(`special mapping ${match} of texts`, texts("", "true", null, "false"), { mappings: [special(match, match)] });
}
add("special mapping true of truth values", table, { mappings: [special("true", "yes"), special("false", "no")] });
add("no value", numbers(null, 1), { noValue: "-" });
add("no value of texts", texts("", null, "a"), { noValue: "-" });
add("a table", table, { unit: "none" });
add("name of a series", labelled, {});
for (const displayName of ["${__field.labels.tier}", "${__field.name} of ${__field.labels.area}", "${__series.name}", "fixed", "${__field.displayName}"]) {
  add(`displayName ${displayName}`, labelled, { displayName });
}
add("names of queries", queries, {});
const over = (id, options, ...properties) => ({ matcher: { id, options }, properties: properties.map(([key, value]) => ({ id: key, value })) });
add("override by name", table, {}, [over("byName", "sold", ["unit", "currencyUSD"], ["decimals", 1])]);
add("override by regexp", table, {}, [over("byRegexp", "/s.*d|rent/", ["unit", "percent"])]);
add("override by regexp without slashes", table, {}, [over("byRegexp", "so", ["unit", "percent"])]);
add("override by type", table, {}, [over("byType", "number", ["unit", "s"])]);
add("override by query", queries, {}, [over("byFrameRefID", "B", ["displayName", "the second"], ["color", { mode: "fixed", fixedColor: "red" }])]);
add("override by names", table, {}, [over("byNames", { mode: "exclude", names: ["city", "sold"], prefix: "All except:", readOnly: true }, ["displayName", "other"])]);
for (const [reducer, op, value] of [["max", "gte", 20], ["lastNotNull", "lt", 10], ["allIsNull", "gte", 0], ["mean", "eq", 1], ["max", "neq", 1], ["min", "gt", 1], ["max", "lte", 1], ["max", ">=", 20]]) {
  add(`override by value ${reducer} ${op} ${value}`, queries, {}, [over("byValue", { reducer, op, value }, ["displayName", "chosen"])]);
}
add("a later override wins", table, { unit: "s" }, [over("byName", "sold", ["unit", "m"]), over("byType", "number", ["unit", "h"])]);
add("override of display name, found by it", labelled, { displayName: "${__field.labels.tier}" }, [over("byName", "pro", ["unit", "s"])]);

const REDUCED = [];
const reduce = (name, frames, reduceOptions, defaults = {}, overrides = []) => REDUCED.push({ name, frames, fieldConfig: { defaults, overrides }, reduceOptions });
for (const calc of ["lastNotNull", "mean", "count", "diffperc", "range", "max"]) {
  reduce(`reduced by ${calc}`, labelled, { calcs: [calc], values: false }, { unit: "s", decimals: 1, thresholds: STEPS });
}
reduce("two calculations", labelled, { calcs: ["min", "max"], values: false }, {});
reduce("fields by pattern", table, { calcs: ["sum"], values: false, fields: "/^sold$/" }, {});
reduce("texts too", table, { calcs: ["lastNotNull"], values: false, fields: "/.*/" }, {});
reduce("rows", table, { calcs: [], values: true }, { unit: "short" });
reduce("rows of one field", table, { calcs: [], values: true, fields: "/^sold$/", limit: 1 }, {});
reduce("rows with a name", table, { calcs: [], values: true, fields: "/^sold$/" }, { displayName: "${__data.fields.city}" });
reduce("a null", numbers(null, null), { calcs: ["lastNotNull"], values: false }, { noValue: "none" });
reduce("a null, mapped", numbers(null), { calcs: ["lastNotNull"], values: false }, { mappings: [special("null", "N/A")] });

const applied = (one) => data.applyFieldOverrides({
  data: one.frames.map((frame) => data.toDataFrame(JSON.parse(JSON.stringify(frame)))),
  fieldConfig: JSON.parse(JSON.stringify(one.fieldConfig), (key, value) => (key === "value" && value === null ? -Infinity : value)),
  replaceVariables: (text, vars) => replaced(text, vars), theme: themes.dark, timeZone: "utc",
  fieldConfigRegistry: data.standardFieldConfigEditorRegistry });
// What the macros of a running Grafana give (features/templating/dataMacros.ts and fieldAccessorCache.ts).
const replaced = (text, vars) => String(text).replace(/\$\{(__field|__series)\.([^}]*)\}/g, (whole, root, path) => {
  const context = vars && vars.__dataContext && vars.__dataContext.value;
  if (!context) { return whole; }
  const { frame, field: own, data: all } = context;
  const value = root === "__series" ? { name: data.getFrameDisplayName(frame) }
    : { name: own.name, labels: own.labels || {}, displayName: data.getFieldDisplayName({ ...own, config: {}, state: {} }, frame, all) };
  const found = path.split(".").reduce((inner, step) => (inner == null ? inner : inner[step]), value);
  return found == null ? "" : String(found);
});
const written = (value) => data.formattedValueToString(value);
for (const one of CASES) {
  const frames = applied(one);
  const shown = frames.map((frame) => frame.fields.map((own) => ({ title: data.getFieldDisplayName(own, frame, frames),
    cells: own.values.map((value) => { const cell = own.display(value); return [written(cell), cell.color ?? null]; }) })));
  process.stdout.write(JSON.stringify({ ...one, shown }) + "\n");
}
for (const one of REDUCED) {
  const frames = applied(one);
  const shown = data.getFieldDisplayValues({ fieldConfig: one.fieldConfig, reduceOptions: one.reduceOptions, data: frames, replaceVariables: replaced, theme: themes.dark, timeZone: "utc" })
    .map((value) => [value.display.title ?? null, written(value.display), value.display.color ?? null]);
  process.stdout.write(JSON.stringify({ ...one, shown }) + "\n");
}
