"use strict";
// What all charts have in common: fonts and colours, axes and the ranges of their scales, the cursor and zooming.
// Source: components/uPlot/config of @grafana/ui 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  const FONT_SIZE = 12;
  const SECOND = 1000;
  const MINUTE = 60000;
  const DAY = 86400000;
  const YEAR = 365 * DAY;
  const BINARY_INCREMENTS = Array.from({ length: 53 }, (_one, power) => 2 ** power);

  // Colours and texts.

  const themes = new Map();

  // The colours of the page in a theme, read once: reading styles between two charts would lay the page out anew.
  function look(element, theme) {
    if (!themes.has(theme)) {
      const style = getComputedStyle(element);
      const variable = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
      const isDark = theme !== "light";
      themes.set(theme, {
        text: variable("--text", isDark ? "#ccccdc" : "#24292e"),
        panel: variable("--panel", isDark ? "#181b1f" : "#ffffff"),
        grid: isDark ? "rgba(240, 250, 255, 0.09)" : "rgba(0, 10, 23, 0.09)",
        family: style.fontFamily || "Inter, Helvetica, Arial, sans-serif",
      });
    }
    return themes.get(theme);
  }

  const canvas = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const solid = new Map();

  function textWidth(text, family, size = FONT_SIZE) {
    const key = `${size}${family}${text}`;
    if (!widths.has(key)) {
      if (widths.size > 20000) widths.clear();
      canvas.font = `${size}px ${family}`;
      widths.set(key, canvas.measureText(text).width);
    }
    return widths.get(key);
  }

  // A text that fits into a width, ending with … where it was cut.
  function shortened(text, width, family, size = FONT_SIZE) {
    if (textWidth(text, family, size) <= width) return text;
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (textWidth(`${text.slice(0, middle)}…`, family, size) <= width) low = middle;
      else high = middle - 1;
    }
    return low ? `${text.slice(0, low)}…` : "";
  }

  // A colour with an opacity, in a form that canvases read.
  function alpha(color, opacity) {
    if (!solid.has(color)) {
      canvas.fillStyle = "#808080";
      canvas.fillStyle = color;
      const [, hex] = /^#([0-9a-f]{6})$/.exec(canvas.fillStyle) || [];
      const parts = hex ? hex.match(/../g).map((part) => parseInt(part, 16)) : canvas.fillStyle.match(/[\d.]+/g);
      solid.set(color, parts.map(Number));
    }
    const [red, green, blue, own = 1] = solid.get(color);
    return `rgba(${red}, ${green}, ${blue}, ${own * opacity})`;
  }

  // Axes.

  function timePattern(increment, span) {
    if (increment < SECOND) return "HH:mm:ss.SSS";
    if (increment <= MINUTE) return "HH:mm:ss";
    if (span <= DAY) return "HH:mm";
    if (increment <= DAY) return "MM/DD HH:mm";
    if (span < YEAR) return "MM/DD";
    return Math.round(increment / DAY) * DAY === YEAR ? "YYYY" : "YYYY-MM";
  }

  function timeAxis(state) {
    const { zone } = state.scene;
    const written = (u, values, increment) => {
      const { min, max } = u.scales.x;
      const pattern = timePattern(increment, max - min);
      return values.map((value) => (value == null ? "" : dashgen.values.moment(value, pattern, zone)));
    };
    return {
      ...axis(state, { scale: "x", side: 2 }),
      values: (u, splits, _axis, _space, increment) => written(u, splits, increment),
      space: (u, _axis, min, max, length) => {
        const increment = (max - min) / (length / 40);
        const largest = Math.max(Math.abs(min), Math.abs(max));
        return textWidth(written(u, [largest], increment)[0], state.look.family) + 18;
      },
    };
  }

  // An axis of uPlot's. `side` is 2 below, 3 left, 1 right, 0 above.
  function axis(state, { scale, side, hasGrid = true, settings = {} }) {
    const { look: colors } = state;
    const width = 1 / devicePixelRatio;
    const stroke = settings.color || colors.text;
    const border = settings.hasBorder ? { show: true, stroke, width } : undefined;
    return {
      scale, side, stroke, border,
      show: true,
      font: `${FONT_SIZE}px ${colors.family}`,
      gap: 5,
      size: settings.width ?? ((u, values, index) => axisSize(u, values, index, colors.family)),
      labelGap: settings.label ? 8 : 0,
      ...(settings.label
        ? { label: settings.label, labelSize: FONT_SIZE + 8, labelFont: `${FONT_SIZE}px ${colors.family}` }
        : {}),
      grid: { show: hasGrid, stroke: colors.grid, width },
      ticks: { show: true, stroke: border ? stroke : colors.grid, width, size: 4 },
    };
  }

  function axisSize(u, values, index, family) {
    const one = u.axes[index];
    if (one.side === 2) return Math.ceil(one.ticks.size + one.gap + FONT_SIZE);
    if (!values || !values.length) return one.ticks.size;
    const widest = values.reduce((most, value) => Math.max(most, textWidth(value ?? "", family)), 0);
    return Math.ceil(one.ticks.size + one.gap + Math.min(u.width * 0.4, widest));
  }

  // How many decimals the values of an axis need at an increment.
  function tickDecimals(increment) {
    const text = String(Math.round(increment * 1e6) / 1e6);
    const part = text.includes("e-") ? Number(text.split("e-")[1]) : (text.split(".")[1] || "").length;
    return part > 0 ? part : undefined;
  }

  // The ticks of an axis that is higher than its values: those up to the first above them.
  function lowerTicks(u, splits, { headroom }, { scale }) {
    const most = u.scales[scale].max / headroom;
    return splits.map((value, index) => (value <= most || (index && splits[index - 1] <= most) ? value : null));
  }

  function numberAxis(state, settings, place) {
    const display = state.chart.displays[settings.display];
    const values = (_u, splits, _axis, _space, increment) => {
      const decimals = tickDecimals(increment);
      return splits.map((value) => (value == null ? null : dashgen.values.text(display, value, decimals)));
    };
    const isWhole = settings.decimals === 0 && !settings.log;
    return {
      ...axis(state, { ...place, settings }),
      values,
      space: (u, _axis, min, max, length) => {
        if (place.side !== 2) return length <= 150 ? 15 : 30;
        const largest = Math.max(Math.abs(min), Math.abs(max));
        return textWidth(dashgen.values.text(display, largest), state.look.family) + 18;
      },
      ...(settings.isBoolean ? { splits: [0, 1] } : {}),
      ...(settings.headroom ? { filter: (u, splits) => lowerTicks(u, splits, settings, place), space: () => 20 } : {}),
      ...(isWhole ? { filter: (_u, splits) => splits.map((one) => (Number.isInteger(one) ? one : null)) } : {}),
      ...(settings.isBinary ? { incrs: BINARY_INCREMENTS } : {}),
    };
  }

  // Scales.

  function powerBounds(settings) {
    const { log } = settings;
    const bounded = (value, round) =>
      value == null || value <= 0 ? null : log ** round(log === 2 ? Math.log2(value) : Math.log10(value));
    return {
      min: bounded(settings.min, Math.floor), max: bounded(settings.max, Math.ceil),
      softMin: bounded(settings.softMin, Math.floor), softMax: bounded(settings.softMax, Math.ceil),
    };
  }

  function wholePowers(ends, log) {
    const exponent = log === 2 ? Math.log2 : Math.log10;
    ends[0] = ends[0] <= 1 ? 1 : log ** Math.floor(exponent(ends[0]));
    ends[1] = log ** Math.ceil(exponent(ends[1]));
    if (ends[0] === ends[1]) ends[1] *= log;
  }

  // The scale of uPlot's for an axis. `padding` is the share of room above and below the values.
  function numberScale(settings, padding = 0.1) {
    const isSymlog = settings.linearThreshold != null;
    const isLog = Boolean(settings.log) && !isSymlog;
    let { min = null, max = null, softMin = null, softMax = null } = settings;
    if (settings.isPercent) {
      if (min === null && softMin === null) softMin = 0;
      if (max === null && softMax === null) softMax = 1;
    }
    if (isLog) ({ min, max, softMin, softMax } = powerBounds({ ...settings, softMin, softMax }));
    const limits = {
      min: { pad: padding, hard: min ?? -Infinity, soft: softMin || 0, mode: softMin === null ? 3 : 1 },
      max: { pad: padding, hard: max ?? Infinity, soft: softMax || 0, mode: softMax === null ? 3 : 1 },
    };
    const fixedMin = softMin === null && min !== null;
    const fixedMax = softMax === null && max !== null;
    const range = (_u, low, high) => {
      if (settings.headroom && high != null) return [0, high * settings.headroom || 1];
      if (low == null && high == null && !(fixedMin && fixedMax)) return [null, null];
      let ends;
      if (isLog) {
        ends = uPlot.rangeLog(min ?? low, max ?? high, settings.log, true);
        if (settings.decimals === 0) wholePowers(ends, settings.log);
      } else {
        if (settings.isCentered) {
          const most = Math.max(Math.abs(low), Math.abs(high)) || 80;
          [low, high] = [-most, most];
        }
        ends = isSymlog
          ? uPlot.rangeAsinh(low, high, settings.log, true)
          : uPlot.rangeNum(fixedMin ? min : low, fixedMax ? max : high, limits);
        if (settings.decimals === 0) ends = [Math.floor(ends[0]), Math.ceil(ends[1])];
        if (fixedMin) ends[0] = min;
        if (fixedMax) ends[1] = max;
      }
      return ends[0] >= ends[1] ? [isLog ? 1 : 0, 100] : ends;
    };
    return {
      time: false,
      auto: !(fixedMin && fixedMax) && !settings.isBoolean,
      range: settings.isBoolean ? [0, 1] : range,
      distr: isSymlog ? 4 : isLog ? 3 : 1,
      ...(settings.log ? { log: settings.log } : {}),
      ...(isSymlog ? { asinh: settings.linearThreshold } : {}),
    };
  }

  // Charts of one dashboard that share their cursor and the part of the time that was zoomed into.

  const dashboards = new Map();

  function companions(key) {
    if (!dashboards.has(key)) dashboards.set(key, { zoomed: null, members: new Set() });
    return dashboards.get(key);
  }

  // With the last chart of a view its zoom is gone: another view has a time of its own.
  function leave(state) {
    const group = companions(state.scene.syncKey);
    group.members.delete(state);
    if (!group.members.size) group.zoomed = null;
  }

  function zoom(state, range) {
    if (!state.isTime || !state.scene.syncKey) {
      state.zoomed = range;
      state.plot.setScale("x", { min: state.range()[0], max: state.range()[1] });
      return;
    }
    const group = companions(state.scene.syncKey);
    group.zoomed = range;
    for (const one of group.members) {
      const [min, max] = one.range();
      one.plot.batch(() => one.plot.setScale("x", { min, max }));
    }
  }

  // The ends of the x axis: those that were zoomed into, or those of the panel.
  function rangeOf(state) {
    const group = state.isTime && state.scene.syncKey ? companions(state.scene.syncKey) : state;
    return group.zoomed || state.fullRange();
  }

  const paddingOf = (_u, side, sides) => {
    const hasCrossing = side % 2 ? sides[0] || sides[2] : sides[1] || sides[3];
    return sides[side] || !hasCrossing ? 0 : 8;
  };

  // Others follow the cursor, but what is dragged over is for one chart to say.
  const isMove = (type) => type !== "mousedown" && type !== "mouseup";

  // The options that every chart starts from.
  function options(state) {
    const { scene } = state;
    const isShared = state.isTime && scene.syncKey && scene.graphTooltip !== 0;
    return {
      ms: 1,
      tzDate: (ms) => uPlot.tzDate(new Date(ms), !scene.zone || scene.zone === "browser" ? "Etc/UTC" : scene.zone),
      padding: [paddingOf, paddingOf, paddingOf, paddingOf],
      legend: { show: false },
      focus: { alpha: 1 },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        focus: { prox: 30 },
        hover: { prox: (u, series, index) => (u.data[series][index] === null ? 15 : null), skip: [null, undefined] },
        points: {
          one: true,
          size: (u, series) => (u.series[series].points.size || 5) * 2,
          width: (_u, _series, size) => size / 4,
          stroke: (u, series) => alpha(state.colorAt(u, series), 0.5),
          fill: (u, series) => state.colorAt(u, series),
        },
        bind: { dblclick: (u) => () => (zoom(state, null), null) },
        ...(isShared ? { sync: { key: scene.syncKey, setSeries: false, scales: ["x", null], filters: { pub: isMove } } } : {}),
      },
      scales: { x: { time: state.isTime, range: () => rangeOf(state) } },
      axes: [],
      series: [{}],
      hooks: {
        setSelect: [
          (u) => {
            if (u.select.width < 2) return;
            const [from, to] = [u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")];
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            zoom(state, [from, to]);
          },
        ],
        drawClear: [], draw: [], setCursor: [], setSeries: [], ready: [],
      },
    };
  }

  // The places of a table, which come as runs of a first place, a distance and a count.
  function placesOf(runs) {
    const places = [];
    for (const [first, step, count] of runs) for (let index = 0; index < count; index += 1) places.push(first + step * index);
    return places;
  }

  dashgen.plots = {
    alpha, axis, companions, leave, look, numberAxis, numberScale, options, placesOf, shortened, textWidth, tickDecimals,
    timeAxis, timePattern, FONT_SIZE,
  };
})();
