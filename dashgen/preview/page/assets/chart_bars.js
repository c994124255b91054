"use strict";
// Bars: groups for the rows of a table (barchart), and the buckets of a histogram.
// Source: panel/barchart (bars.ts, distribute.ts) and panel/histogram of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};
  const LEAST_TEXT = 8;
  const MOST_TEXT = 30;

  // The start and width of things that take a share of a length, with equal gaps only between them.
  function spread(count, share) {
    const gap = count > 1 ? (1 - share) / (count - 1) : 0;
    return Array.from({ length: count }, (_one, index) => [index * (share / count + gap), share / count]);
  }

  function paintBar(u, ctx, { x, y, width, height }, { color, fill, width: line = 1, isFading }, radius = 0) {
    const ratio = uPlot.pxRatio;
    const { alpha } = dashgen.plots;
    const [left, top] = [x * ratio, y * ratio];
    const [wide, high] = [Math.max(width * ratio, 0), Math.max(height * ratio, 0)];
    ctx.beginPath();
    if (radius) ctx.roundRect(left, top, wide, high, radius * ratio);
    else ctx.rect(left, top, wide, high);
    if (isFading) {
      const gradient = ctx.createLinearGradient(0, u.bbox.top, 0, u.bbox.top + u.bbox.height);
      gradient.addColorStop(0, alpha(color, fill));
      gradient.addColorStop(1, alpha(color, 0));
      ctx.fillStyle = gradient;
    } else ctx.fillStyle = alpha(color, fill);
    ctx.fill();
    if (!line) return;
    ctx.strokeStyle = color;
    ctx.lineWidth = line * ratio;
    ctx.stroke();
  }

  // An element over the bar under the cursor.
  function highlighter(options) {
    const mark = document.createElement("div");
    mark.className = "chart-highlight";
    options.hooks.ready.push((u) => u.over.append(mark));
    return (u, box) => {
      mark.style.display = box ? "block" : "none";
      if (!box) return;
      const { left, top } = u.bbox;
      mark.style.left = `${box.x - left / uPlot.pxRatio}px`;
      mark.style.top = `${box.y - top / uPlot.pxRatio}px`;
      mark.style.width = `${box.width}px`;
      mark.style.height = `${box.height}px`;
    };
  }

  const within = (box, x, y) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

  function cursorPlace(u, { left, top }) {
    return [left + u.bbox.left / uPlot.pxRatio, top + u.bbox.top / uPlot.pxRatio];
  }

  function bars(state) {
    const { chart, look } = state;
    const { options: started, axis, numberAxis, numberScale, shortened, textWidth } = dashgen.plots;
    const isStacked = chart.stacking !== "none";
    const isLyingAt = ({ width, height }) =>
      chart.orientation === "horizontal" || (chart.orientation === "auto" && width < height);
    const isLying = isLyingAt(state.size);
    const count = chart.names.length;
    state.isTime = false;
    state.fullRange = () => xRange();
    state.colorAt = (_u, index) => chart.series[index - 1].color;
    let boxes = [];

    // The ends of the axis at which the first and the last row are in the middle of their groups.
    function xRange() {
      const middle = spread(count, chart.groupWidth)[0][1] / 2;
      const span = Math.max(1, count - 1);
      if (middle === 0.5) return [-span, span];
      const offset = (span / (1 - middle * 2) - span) / 2;
      return [-offset, span + offset];
    }

    // The base and the top of each bar, by series and row.
    function ends() {
      const sums = { up: new Array(count).fill(0), down: new Array(count).fill(0) };
      const totals = new Array(count).fill(0);
      chart.series.forEach(({ values }, index) => {
        if (state.shown.has(index)) values.forEach((value, row) => (totals[row] += Math.abs(value || 0)));
      });
      return chart.series.map(({ values }, index) =>
        values.map((value, row) => {
          if (value == null || !state.shown.has(index)) return [null, null];
          if (!isStacked) return [0, value];
          // Values below zero pile up downwards, beside those above it.
          const sum = value < 0 ? sums.down : sums.up;
          const base = sum[row];
          sum[row] += chart.stacking === "percent" ? value / (totals[row] || 1) : value;
          return [base, sum[row]];
        }),
      );
    }

    let heights = ends();
    const data = () => [chart.names.map((_name, index) => index), ...heights.map((one) => one.map(([, top]) => top))];

    const own = started(state);
    own.cursor = { x: false, y: false, drag: { x: false, y: false }, points: { show: false } };
    own.hooks.setSelect = [];
    // Lying bars swap the axes of uPlot (`ori`), and read from the top (`dir`).
    own.scales.x = { time: false, range: xRange, ori: isLying ? 1 : 0, dir: isLying ? -1 : 1 };
    own.scales.y0 = { ...numberScale(chart.scale), ori: isLying ? 0 : 1 };
    own.axes = [nameAxis(), numberAxis(state, chart.scale, { scale: "y0", side: isLying ? 2 : 3 })];
    own.series = [{}, ...chart.series.map((_one, index) => seriesOptions(index))];
    if (!isLying && chart.rotation) own.padding = [8, turnedRoom(-1), 0, turnedRoom(1)];

    function seriesOptions(index) {
      return { scale: "y0", show: state.shown.has(index), paths: () => null, points: { show: false } };
    }

    // The room beside the chart that a turned name takes: the last one at the right, or the first at the left.
    function turnedRoom(direction) {
      if (Math.sign(chart.rotation) !== direction) return direction < 0 ? 8 : 0;
      const name = chart.names[direction < 0 ? count - 1 : 0];
      const length = textWidth(name, look.family) * Math.cos((chart.rotation * Math.PI) / 180);
      return Math.round(Math.min(Math.max(8, direction < 0 ? length : length - 30), state.size.width / 4));
    }

    function nameAxis() {
      const longest = chart.longestName > 0 ? chart.longestName : Infinity;
      const cut = chart.names.map((name) => (name.length > longest ? `${name.slice(0, longest)}…` : name));
      const widest = cut.reduce((most, name) => Math.max(most, textWidth(name, look.family)), 0);
      const angle = isLying ? 0 : chart.rotation;
      const radians = Math.abs(angle * Math.PI) / 180;
      const one = axis(state, { scale: "x", side: isLying ? 3 : 2, hasGrid: false });
      return {
        ...one,
        ticks: { show: false, size: 0 },
        gap: isLying ? 9 : 15 - 6,
        rotate: angle,
        size: (u) =>
          isLying
            ? Math.ceil(Math.min(u.width * 0.4, widest) + 9)
            : Math.ceil(9 + Math.min(u.height / 2, 12 * Math.cos(radians) + widest * Math.sin(radians))),
        splits: () => cut.map((_name, index) => index),
        values: (u, splits) => shownNames(u, splits, { cut, angle, widest }),
      };
    }

    // Names that would run into each other are left out.
    function shownNames(u, splits, { cut, angle, widest }) {
      const length = (isLying ? u.bbox.height : u.bbox.width) / uPlot.pxRatio;
      const slot = length / count;
      const needed = Math.abs(chart.spacing) || (isLying || angle ? 14 : Math.min(widest + 8, 160));
      const every = Math.max(1, chart.spacing || isLying || angle ? Math.ceil(needed / slot) : Math.round(needed / slot));
      const first = chart.spacing < 0 ? (count - 1) % every : 0;
      const room = isLying ? u.width * 0.4 : angle ? Infinity : slot * every;
      return splits.map((index) => (index % every === first ? shortened(cut[index], room, look.family) : ""));
    }

    function laidOut(u) {
      const ratio = uPlot.pxRatio;
      const area = { x: u.bbox.left / ratio, y: u.bbox.top / ratio, width: u.bbox.width / ratio, height: u.bbox.height / ratio };
      const length = isLying ? area.height : area.width;
      const members = chart.series.map((_one, index) => index).filter((index) => state.shown.has(index));
      const slots = isStacked ? members.map(() => [0, 1]) : spread(members.length, chart.barWidth);
      const at = (value) => u.valToPos(Math.min(Math.max(value, u.scales.y0.min), u.scales.y0.max), "y0", true) / ratio;
      boxes = [];
      spread(count, chart.groupWidth).forEach(([left, share], row) => {
        members.forEach((series, member) => {
          const [base, top] = heights[series][row];
          if (top == null) return;
          const [start, size] = [(left + share * slots[member][0]) * length, share * slots[member][1] * length];
          const [low, high] = [at(base), at(top)];
          const place = isLying
            ? { x: Math.min(low, high), y: area.y + start, width: Math.abs(high - low), height: size }
            : { x: area.x + start, y: Math.min(low, high), width: size, height: Math.abs(high - low) };
          boxes.push({ ...place, series, row, value: chart.series[series].values[row] });
        });
      });
      return area;
    }

    const textOf = ({ series, value }) => dashgen.values.text(chart.displays[chart.series[series].display], value);

    // The font size at which all values fit; 0 where they are too small to be read.
    function valueSize(area, offset) {
      if (chart.valueSize) return chart.valueSize;
      let size = MOST_TEXT;
      for (const box of boxes) {
        const isNegative = box.value < 0;
        const beside = isNegative ? box.x - area.x : area.x + area.width - box.x - box.width;
        const above = isNegative ? area.y + area.height - box.y - box.height : box.y - area.y;
        const [wide, high] = isLying
          ? [(isStacked ? box.width : beside) - offset, box.height * 0.65]
          : [box.width * 0.65, (isStacked ? box.height : above) - offset];
        const width = textWidth(textOf(box), look.family, 14) + 2;
        size = Math.min(size, (wide / width) * 14, high);
      }
      size = Math.round(size);
      return size < LEAST_TEXT ? (chart.showValue === "always" ? LEAST_TEXT : 0) : size;
    }

    function writeValues(u, area) {
      if (chart.showValue === "never" || !boxes.length) return;
      const [factor, most] = isLying ? [0.15, 10] : [0.1, 5];
      const offset = boxes.reduce((least, box) => Math.min(least, Math.round(factor * (isLying ? box.height : box.width))), most);
      const size = valueSize(area, offset);
      if (!size) return;
      const { ctx } = u;
      const ratio = uPlot.pxRatio;
      ctx.save();
      ctx.fillStyle = look.text;
      ctx.font = `${size * ratio}px ${look.family}`;
      for (const box of boxes) {
        const isNegative = box.value < 0;
        const middle = [box.x + box.width / 2, box.y + box.height / 2];
        let [x, y] = middle;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        if (isLying && !isStacked) {
          ctx.textAlign = isNegative ? "right" : "left";
          x = isNegative ? box.x - offset : box.x + box.width + offset;
          y += size * 0.1;
        } else if (!isStacked) {
          ctx.textBaseline = isNegative ? "top" : "alphabetic";
          y = isNegative ? box.y + box.height + offset : box.y - offset;
        }
        ctx.fillText(textOf(box), x * ratio, y * ratio);
      }
      ctx.restore();
    }

    own.hooks.draw.push((u) => {
      const area = laidOut(u);
      dashgen.chartMarks.inside(u, (ctx) => {
        for (const box of boxes) {
          const series = chart.series[box.series];
          const color = series.colors ? series.colors[box.row] : series.color;
          const radius = Math.min(chart.radius * Math.min(box.width, box.height), Math.min(box.width, box.height) / 2);
          paintBar(u, ctx, box, { ...series, color, width: radius ? 0 : series.width }, radius);
        }
      });
      writeValues(u, area);
    });
    const highlight = highlighter(own);

    function hovered(u, point) {
      const [x, y] = cursorPlace(u, point);
      const direct = boxes.find((box) => within(box, x, y));
      if (direct || !chart.isWholeGroup) return direct;
      return boxes.find((box) => (isLying ? y >= box.y && y <= box.y + box.height : x >= box.x && x <= box.x + box.width));
    }

    dashgen.tooltip.attach(state, own, (u, point) => {
      const box = hovered(u, point);
      highlight(u, box);
      const { mode, sort, hidesZeros } = chart.tooltip;
      if (!box || mode === "none") return null;
      const members = mode === "multi" ? boxes.filter(({ row }) => row === box.row) : [box];
      const rows = members
        .filter(({ series, value }) => !chart.series[series].isWithoutTooltip && !(hidesZeros && value === 0))
        .map((one) => ({
          color: (chart.series[one.series].colors || {})[one.row] || chart.series[one.series].color,
          label: chart.series[one.series].name, number: one.value, value: textOf(one), isActive: mode === "multi" && one === box,
        }));
      return { title: chart.names[box.row], rows: dashgen.tooltip.sorted(rows, sort) };
    });

    return {
      options: own,
      data: data(),
      // A chart that becomes wider than high, or the other way, is drawn anew.
      fits: (size) => isLyingAt(size) === isLying,
      onShown(u) {
        heights = ends();
        u.batch(() => {
          chart.series.forEach((_one, index) => u.setSeries(index + 1, { show: state.shown.has(index) }, false));
          u.setData(data(), true);
        });
      },
    };
  }

  function buckets(state) {
    const { chart } = state;
    const { options: started, numberAxis, numberScale } = dashgen.plots;
    state.isTime = false;
    state.fullRange = () => chart.range;
    state.colorAt = (_u, index) => chart.series[index - 1].color;
    const lows = [...new Set(chart.series.flatMap((one) => one.buckets.map(([low]) => low)))].sort((a, b) => a - b);

    // The heights on which the bars of the shown series stand, and where they end.
    function standing() {
      const heights = new Map();
      return chart.series.map(({ buckets: own }, index) => {
        if (!state.shown.has(index)) return [];
        return own.map(([low, high, count]) => {
          const base = chart.isStacked ? heights.get(low) || 0 : 0;
          heights.set(low, base + count);
          return { low, high, count, base, top: base + count, series: index };
        });
      });
    }

    const columns = () => [lows, ...standing().map((one) => {
      const tops = new Map(one.map(({ low, top }) => [low, top]));
      return lows.map((low) => tops.get(low) ?? null);
    })];
    let boxes = [];
    const own = started(state);
    own.cursor = { x: false, y: false, drag: { x: false, y: false }, points: { show: false } };
    own.hooks.setSelect = [];
    own.scales.y0 = numberScale(chart.scale);
    own.axes = [
      numberAxis(state, chart.x, { scale: "x", side: 2 }),
      numberAxis(state, chart.scale, { scale: "y0", side: 3 }),
    ];
    own.series = [{}, ...chart.series.map((_one, index) => ({
      scale: "y0", show: state.shown.has(index), paths: () => null, points: { show: false },
    }))];
    own.hooks.draw.push((u) => {
      const ratio = uPlot.pxRatio;
      boxes = [];
      dashgen.chartMarks.inside(u, (ctx) => {
        for (const one of standing().flat()) {
          const [left, right] = [one.low, one.high].map((edge) => u.valToPos(edge, "x", true) / ratio);
          const [top, bottom] = [one.top, one.base].map((height) => u.valToPos(height, "y0", true) / ratio);
          const box = { ...one, x: left, y: top, width: Math.max(right - left - 1, 1), height: bottom - top };
          boxes.push(box);
          paintBar(u, ctx, box, chart.series[one.series]);
        }
      });
    });
    const highlight = highlighter(own);
    dashgen.tooltip.attach(state, own, (u, point) => {
      const [x, y] = cursorPlace(u, point);
      const box = boxes.findLast((one) => within(one, x, y));
      highlight(u, box);
      if (!box || chart.tooltip.mode === "none") return null;
      const edge = (value) => dashgen.values.text(chart.displays[0], value);
      const members = chart.tooltip.mode === "multi" ? boxes.filter(({ low }) => low === box.low) : [box];
      return {
        title: `${edge(box.low)} to ${edge(box.high)}`,
        rows: members.map((one) => ({
          color: chart.series[one.series].color, label: chart.series[one.series].name, number: one.count,
          value: dashgen.values.text(chart.displays[1], one.count), isActive: one === box && members.length > 1,
        })),
      };
    });
    return {
      options: own,
      data: columns(),
      onShown(u) {
        u.batch(() => {
          chart.series.forEach((_one, index) => u.setSeries(index + 1, { show: state.shown.has(index) }, false));
          u.setData(columns(), true);
        });
      },
    };
  }

  dashgen.chartBars = { cursorPlace, highlighter, paintBar, spread, within };
  Object.assign(dashgen.chartKinds, { bars, buckets });
})();
