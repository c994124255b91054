"use strict";
// Lines, bars and points: timeseries, graph and trend.
// Source: core/components/TimeSeries/utils.ts of Grafana 12.4.3; components/uPlot of @grafana/ui 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};
  const SIDES = { left: 3, right: 1 };
  const REMOVE = 0;
  const EXPAND = 2;
  const builders = {};

  function builder(series) {
    const { paths } = uPlot;
    const [factor, most, align] = series.bars || [];
    const key = series.style === "bars" ? `bars${factor}|${most}|${align}` : series.line || "linear";
    builders[key] ??= {
      linear: () => paths.linear(),
      smooth: () => paths.spline(),
      stepBefore: () => paths.stepped({ align: -1 }),
      stepAfter: () => paths.stepped({ align: 1 }),
    }[key]?.() ?? paths.bars({ size: [factor, most], align });
    return builders[key];
  }

  // The points of all series on one axis: null is a gap, undefined no point.
  function joined(chart) {
    const tables = chart.tables.map(({ x, columns }) => [dashgen.plots.placesOf(x), ...columns]);
    const starts = [];
    let count = 1;
    for (const one of chart.tables) {
      starts.push(count);
      count += one.columns.length;
    }
    const modes = chart.tables.map(({ columns }) => [0, ...columns.map(() => EXPAND)]);
    chart.series.forEach(({ at, span }) => {
      if (span === true) modes[at[0]][at[1] + 1] = REMOVE;
    });
    const all = tables.length === 1 ? tables[0] : uPlot.join(tables, modes);
    const data = [all[0], ...chart.series.map(({ at }) => all[starts[at[0]] + at[1]])];
    chart.series.forEach(({ span }, index) => {
      if (typeof span === "number") data[index + 1] = bridged(data[0], data[index + 1], span);
    });
    return data;
  }

  // Gaps that are no longer than a number of milliseconds are none.
  function bridged(places, values, longest) {
    const bridge = values.slice();
    let last = -1;
    for (let index = 0; index < values.length; index += 1) {
      if (values[index] == null) continue;
      if (last >= 0 && places[index] - places[last] <= longest)
        for (let inner = last + 1; inner < index; inner += 1) bridge[inner] = undefined;
      last = index;
    }
    return bridge;
  }

  // The heights at which the shown series stand upon each other.
  function stacked(chart, data, shown) {
    const stacks = chart.stacks || [];
    if (!stacks.length) return data;
    const length = data[0].length;
    const sums = stacks.map(() => new Array(length).fill(0));
    const present = stacks.map(() => new Uint8Array(length));
    const isIn = (series, index) => series.stack != null && shown.has(index);
    chart.series.forEach((series, index) => {
      if (!isIn(series, index)) return;
      const own = present[series.stack];
      data[index + 1].forEach((value, at) => value != null && (own[at] = 1));
    });
    const heights = chart.series.map((series, index) => {
      const values = data[index + 1];
      if (!isIn(series, index)) return values;
      const sum = sums[series.stack];
      const own = present[series.stack];
      return values.map((value, at) => {
        if (value != null) return (sum[at] += value);
        return own[at] ? sum[at] : value;
      });
    });
    chart.series.forEach((series, index) => {
      if (!isIn(series, index) || !stacks[series.stack].isPercent) return;
      const sum = sums[series.stack];
      const { direction } = stacks[series.stack];
      heights[index] = heights[index].map((value, at) =>
        value == null ? value : sum[at] === 0 ? 0 : direction * (value / sum[at]),
      );
    });
    return [data[0], ...heights];
  }

  // Areas between two series: those of stacks, and those that are filled down to another series.
  function bands(chart, shown) {
    const found = [];
    (chart.stacks || []).forEach(({ direction }, stack) => {
      const members = chart.series.map((_one, index) => index).filter(
        (index) => chart.series[index].stack === stack && shown.has(index),
      );
      for (let index = members.length - 1; index > 0; index -= 1)
        found.push({ series: [members[index] + 1, members[index - 1] + 1], dir: -direction });
    });
    chart.series.forEach(({ below }, index) => {
      if (below != null) found.push({ series: [index + 1, below + 1] });
    });
    return found;
  }

  // Paints.

  function vertical(u, stops) {
    const { top, height } = u.bbox;
    const gradient = u.ctx.createLinearGradient(0, top, 0, top + height);
    stops.forEach(([share, color]) => gradient.addColorStop(share, color));
    return gradient;
  }

  // Colours by value along the scale of a series.
  function schemePaint(u, scale, colors, opacity) {
    const { alpha } = dashgen.plots;
    const { min, max } = u.scales[scale];
    const share = (value) => {
      const { top, height } = u.bbox;
      const at = (u.valToPos(value, scale, true) - top) / height;
      return Math.min(Math.max(1 - at, 0), 1);
    };
    const { top, height } = u.bbox;
    const gradient = u.ctx.createLinearGradient(0, top + height, 0, top);
    if (min == null || !Number.isFinite(top + height)) return "#0000";
    const paint = (color) => (color === "none" ? "#0000" : alpha(color, opacity));
    if (colors.steps) {
      let before = null;
      for (const [value, color] of colors.steps) {
        const at = value == null ? 0 : share(value);
        if (before) gradient.addColorStop(at, paint(before));
        gradient.addColorStop(at, paint(color));
        before = color;
      }
    } else {
      const [low, high] = colors.bounds;
      const last = colors.stops.length - 1;
      colors.stops.forEach((color, index) => gradient.addColorStop(share(low + ((high - low) * index) / last), paint(color)));
    }
    return gradient;
  }

  function paints(series, display) {
    const { alpha } = dashgen.plots;
    const { color, fill = 0, gradient } = series;
    const scale = `y${series.scale}`;
    if (gradient === "opacity")
      return { stroke: color, fill: (u) => vertical(u, [[0, alpha(color, fill)], [1, alpha(color, 0)]]) };
    if (Array.isArray(gradient)) {
      const hues = (opacity) => (u) => vertical(u, gradient.map((one, at) => [at, alpha(one, opacity)]));
      return { stroke: hues(1), fill: hues(fill) };
    }
    if (gradient === "scheme")
      return {
        stroke: (u) => schemePaint(u, scale, display.colors, 1),
        fill: (u) => schemePaint(u, scale, display.colors, fill),
      };
    return { stroke: color, fill: fill > 0 ? alpha(color, fill) : undefined };
  }

  // Points.

  // Where there are too many points to show them all, those between two gaps are still points.
  function lonely(u, index, isShown, gaps) {
    if (isShown) return null;
    const values = u.data[index];
    const alone = [];
    const [from, to] = u.series[0].idxs;
    let before = null;
    const next = (at) => {
      let place = at + 1;
      while (place <= to && values[place] === undefined) place += 1;
      return place > to ? null : values[place];
    };
    if (!gaps || !gaps.length) {
      const present = [];
      for (let at = from; at <= to && present.length < 2; at += 1) if (values[at] != null) present.push(at);
      return present.length === 1 ? present : null;
    }
    for (let at = from; at <= to; at += 1) {
      if (values[at] === undefined) continue;
      if (values[at] !== null && before === null && next(at) === null) alone.push(at);
      before = values[at];
    }
    return alone.length ? alone : null;
  }

  function pointsOf(series, paint) {
    const { width = 1, pointSize = 5, points = "auto", style = "line" } = series;
    const show = points === "always" ? true : points === "never" || style === "bars" ? false : undefined;
    return {
      stroke: typeof paint === "string" ? paint : (u, index) => u.series[index]._stroke,
      fill: typeof paint === "string" ? paint : (u, index) => u.series[index]._stroke,
      size: pointSize < width ? undefined : pointSize,
      filter: points === "auto" && series.span !== true ? lonely : () => null,
      ...(show === undefined ? {} : { show }),
    };
  }

  function seriesOptions(state, series, index) {
    const display = state.chart.displays[series.display];
    const own = paints(series, display);
    return {
      label: String(index),
      scale: `y${series.scale}`,
      show: state.shown.has(index),
      width: series.width ?? 1,
      spanGaps: series.span === true,
      paths: series.style === "points" || series.isMark ? () => null : builder(series),
      points: series.isMark ? { show: false } : pointsOf(series, own.stroke),
      ...own,
      ...(series.dash ? { dash: series.dash } : {}),
      ...(series.isRound ? { cap: "round" } : {}),
    };
  }

  // Values written at their points, where there is room for them.
  function writeValues(state, options) {
    const all = state.chart.series;
    if (!all.some((one) => one.hasValues)) return;
    options.hooks.draw.push((u) => {
      const { ctx } = u;
      ctx.save();
      ctx.fillStyle = state.look.text;
      ctx.font = `${12 * uPlot.pxRatio}px ${state.look.family}`;
      ctx.textAlign = "center";
      all.forEach((series, index) => {
        if (!series.hasValues || !state.shown.has(index)) return;
        const isRoomy = u.bbox.width / uPlot.pxRatio / u.data[0].length >= 30;
        if (series.style === "bars" ? !isRoomy : !u.series[index + 1].points.show(u, index + 1)) return;
        state.raw[index + 1].forEach((value, at) => {
          const height = u.data[index + 1][at];
          if (value == null || height == null) return;
          ctx.textBaseline = height < 0 ? "top" : "bottom";
          const text = dashgen.values.text(state.chart.displays[series.display], value);
          const [x, y] = [u.valToPos(u.data[0][at], "x", true), u.valToPos(height, `y${series.scale}`, true)];
          ctx.fillText(text, x, y + (height < 0 ? 15 : -5));
        });
      });
      ctx.restore();
    });
  }

  // Tooltip.

  function tooltipAt(state, exemplarAt) {
    const { chart } = state;
    const { mode, sort, hidesZeros } = chart.tooltip;
    return (u, point) => {
      const exemplar = exemplarAt && exemplarAt(u, point);
      if (exemplar) return exemplar;
      if (mode === "none" || u.cursor.idx == null) return null;
      let rows = [];
      chart.series.forEach((series, index) => {
        const at = u.cursor.idxs[index + 1];
        const value = at == null ? null : state.raw[index + 1][at];
        const isFocused = state.focused === index + 1;
        if (value == null || !state.shown.has(index) || series.isWithoutTooltip) return;
        if (mode === "single" ? !isFocused : hidesZeros && value === 0) return;
        const display = chart.displays[series.display];
        rows.push({
          color: dashgen.values.color(display, value) || series.color, label: series.name, number: value,
          value: dashgen.values.text(display, value), isActive: isFocused && mode === "multi",
        });
      });
      if (!rows.length) return null;
      rows = dashgen.tooltip.sorted(rows, sort);
      const at = (mode === "single" && u.cursor.idxs[state.focused]) || u.cursor.idx;
      return { title: state.placeText(u.data[0][at]), rows };
    };
  }

  function axes(state) {
    const { scales } = state.chart;
    const first = scales.findIndex(({ side }) => side !== "hidden");
    return scales.flatMap((settings, index) => {
      if (settings.side === "hidden") return [];
      const place = { scale: `y${index}`, side: SIDES[settings.side], hasGrid: settings.grid ?? index === first };
      return [dashgen.plots.numberAxis(state, settings, place)];
    });
  }

  function placeText(state) {
    const { x } = state.chart;
    if (x) return (value) => `${x.name}: ${dashgen.values.text(state.chart.displays[x.display], value)}`;
    return (value) => {
      const [from, to] = state.fullRange();
      const pattern = to - from < 60000 ? "YYYY-MM-DD HH:mm:ss.SSS" : "YYYY-MM-DD HH:mm:ss";
      return dashgen.values.moment(value, pattern, state.scene.zone);
    };
  }

  // What `dashgen.charts` draws: the options and data of a plot, and how it changes with the shown series.
  dashgen.chartKinds.lines = function lines(state) {
    const { chart } = state;
    const { options, numberAxis, numberScale, timeAxis } = dashgen.plots;
    state.isTime = !chart.x;
    state.raw = joined(chart);
    const ends = [state.raw[0][0], state.raw[0][state.raw[0].length - 1]];
    const range = chart.range || state.scene.range;
    state.fullRange = () => (state.isTime ? range : ends[0] === ends[1] ? [ends[0] - 1, ends[1] + 1] : ends);
    state.placeText = placeText(state);
    state.colorAt = (u, index) => {
      const series = chart.series[index - 1];
      return dashgen.values.color(chart.displays[series.display], state.raw[index][u.cursor.idxs[index]]) || series.color;
    };
    const own = options(state);
    own.axes = [chart.x ? numberAxis(state, chart.x, { scale: "x", side: 2 }) : timeAxis(state), ...axes(state)];
    chart.scales.forEach((settings, index) => (own.scales[`y${index}`] = numberScale(settings)));
    if (chart.x && chart.x.log) Object.assign(own.scales.x, numberScale(chart.x, 0));
    own.series = [{}, ...chart.series.map((series, index) => seriesOptions(state, series, index))];
    own.bands = bands(chart, state.shown);
    own.hooks.setSeries.push((_u, index, change) => {
      if (change.focus != null) state.focused = index;
    });
    dashgen.chartMarks.thresholds(state, own);
    dashgen.chartCandles.attach(state, own);
    writeValues(state, own);
    const exemplarAt = dashgen.chartMarks.exemplars(state, own);
    dashgen.chartMarks.annotations(state, own);
    dashgen.tooltip.attach(state, own, tooltipAt(state, exemplarAt));
    return {
      options: own,
      data: stacked(chart, state.raw, state.shown),
      onShown(u) {
        u.batch(() => {
          chart.series.forEach((_one, index) => {
            const show = state.shown.has(index);
            if (u.series[index + 1].show !== show) u.setSeries(index + 1, { show }, false);
          });
          u.delBand(null);
          bands(chart, state.shown).forEach((band) => u.addBand(band));
          u.setData(stacked(chart, state.raw, state.shown), true);
        });
      },
    };
  };
})();
