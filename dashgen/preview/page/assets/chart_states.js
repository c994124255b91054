"use strict";
// Rows of states over time: state-timeline and status-history.
// Source: core/components/TimelineChart (timeline.ts) of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};
  const TEXT_PADDING = 2;
  const UNITS = [["y", 31536e6], ["w", 6048e5], ["d", 864e5], ["h", 36e5], ["m", 6e4], ["s", 1e3], ["ms", 1]];

  function lengthText(ms) {
    const parts = [];
    let rest = Math.round(ms);
    for (const [unit, size] of UNITS) {
      const count = Math.floor(rest / size);
      if (count > 0) parts.push(`${count}${unit}`);
      rest -= count * size;
    }
    return parts.slice(0, 2).join(" ");
  }

  dashgen.chartKinds.states = function states(state) {
    const { chart, look } = state;
    const { options: started, alpha, axis, shortened, textWidth, timeAxis } = dashgen.plots;
    const { spread, within, cursorPlace } = dashgen.chartBars;
    const { rows, cellWidth } = chart;
    const isCells = cellWidth != null;
    const lanes = spread(rows.length, chart.rowHeight);
    const letter = Math.ceil(textWidth("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", look.family) / 62) + 2.5;
    const places = [...new Set(rows.flatMap((row) => row.states.map(([start]) => start)))].sort((a, b) => a - b);
    const step = places.length > 1 ? places[1] - places[0] : chart.range[1] - chart.range[0];
    let boxes = [];
    state.isTime = true;
    state.colorAt = () => "#0000";
    state.fullRange = () => {
      const [from, to] = chart.range;
      if (!isCells || !places.length) return [from, to];
      const last = places[places.length - 1];
      return [from <= places[0] ? places[0] - step / 2 : from, to >= last ? last + step / 2 : to];
    };

    const own = started(state);
    own.cursor.points = { show: false };
    own.cursor.y = false;
    own.scales.y0 = { time: false, auto: false, range: [0, 1] };
    const middles = lanes.map(([start, size]) => 1 - start - size / 2);
    const widest = rows.reduce((most, { name }) => Math.max(most, textWidth(name, look.family)), 0);
    own.axes = [
      isCells ? { ...timeAxis(state), splits: sampleSplits } : timeAxis(state),
      {
        ...axis(state, { scale: "y0", side: 3, hasGrid: false }),
        ticks: { show: false, size: 0 },
        gap: 9,
        size: (u) => Math.ceil(Math.min(u.width * 0.4, widest) + 9),
        splits: () => middles,
        space: () => 1,
        // Where rows are many, not every one has its name.
        values: (u, splits) => {
          const every = Math.max(1, Math.ceil((14 * rows.length * uPlot.pxRatio) / u.bbox.height));
          return splits.map((_one, index) =>
            index % every ? "" : shortened(rows[index].name, u.width * 0.4, look.family));
        },
      },
    ];
    own.series = [{}, { scale: "y0", paths: () => null, points: { show: false } }];

    function sampleSplits(_u, _axis, min, max, increment) {
      const every = Math.max(1, Math.ceil(increment / step));
      return places.filter((place, index) => index % every === 0 && place >= min && place <= max);
    }

    function laidOut(u) {
      const ratio = uPlot.pxRatio;
      const [left, top, height] = [u.bbox.left / ratio, u.bbox.top / ratio, u.bbox.height / ratio];
      const at = (value) => u.valToPos(value, "x", true) / ratio;
      const right = left + u.bbox.width / ratio;
      boxes = [];
      rows.forEach((row, index) => {
        const [start, size] = lanes[index];
        const lane = { y: Math.round(top + start * height), height: Math.round(size * height) };
        for (const [from, to, value] of row.states) {
          let [x, end] = [at(from), at(to)];
          if (isCells) {
            const width = Math.max(1, (at(from + step) - x) * cellWidth);
            [x, end] = [x - width / 2, x + width / 2];
          }
          if (end < left || x > right) continue;
          const shown = Math.max(Math.round(x), left);
          boxes.push({ ...lane, x: shown, width: Math.max(1, Math.round(Math.min(end, right)) - shown), row: index, from, to, value });
        }
      });
    }

    function paint(u, ctx) {
      const ratio = uPlot.pxRatio;
      // One path for each colour: a panel may have thousands of cells.
      const fills = new Map();
      for (const box of boxes) {
        const { fill } = rows[box.row];
        const color = alpha(chart.values[box.value][1], fill);
        if (!fills.has(color)) fills.set(color, new Path2D());
        fills.get(color).rect(box.x * ratio, box.y * ratio, box.width * ratio, box.height * ratio);
      }
      fills.forEach((path, color) => {
        ctx.fillStyle = color;
        ctx.fill(path);
      });
      for (const box of boxes) {
        const { width } = rows[box.row];
        if (!width) continue;
        ctx.strokeStyle = chart.values[box.value][1];
        ctx.lineWidth = width * ratio;
        const inset = (width / 2) * ratio;
        ctx.strokeRect(box.x * ratio + inset, box.y * ratio + inset, box.width * ratio - inset * 2, box.height * ratio - inset * 2);
      }
    }

    function write(ctx) {
      if (chart.showValue === "never") return;
      const ratio = uPlot.pxRatio;
      const align = isCells ? "center" : chart.align;
      ctx.font = `500 ${12 * ratio}px ${look.family}`;
      ctx.textAlign = align;
      ctx.textBaseline = "middle";
      for (const box of boxes) {
        const letters = Math.floor(box.width / letter);
        if (letters < (chart.showValue === "auto" ? 2 : 1)) continue;
        const [text, , ink] = chart.values[box.value];
        const x = { left: box.x + TEXT_PADDING, right: box.x + box.width - TEXT_PADDING }[align] ?? box.x + box.width / 2;
        ctx.fillStyle = rows[box.row].isInked ? ink : look.text;
        ctx.fillText(text.slice(0, letters), x * ratio, (box.y + box.height / 2) * ratio);
      }
    }

    own.hooks.draw.push((u) => {
      laidOut(u);
      dashgen.chartMarks.inside(u, (ctx) => {
        paint(u, ctx);
        write(ctx);
      });
    });
    dashgen.chartMarks.annotations(state, own);
    const highlight = dashgen.chartBars.highlighter(own);
    const moment = (ms) => dashgen.values.moment(ms, "YYYY-MM-DD HH:mm:ss", state.scene.zone);

    dashgen.tooltip.attach(state, own, (u, point) => {
      const [x, y] = cursorPlace(u, point);
      const box = boxes.findLast((one) => within(one, x, y));
      highlight(u, box);
      if (chart.tooltip.mode === "none") return null;
      const isMulti = chart.tooltip.mode === "multi";
      if (!box && !isMulti) return null;
      const members = isMulti ? boxes.filter((one) => x >= one.x && x <= one.x + one.width) : [box];
      if (!members.length) return null;
      const found = members.map((one) => ({
        color: chart.values[one.value][1], label: rows[one.row].name, value: chart.values[one.value][0],
        isActive: isMulti && one === box,
      }));
      if (box && !isCells)
        found.push({ label: "From", value: moment(box.from) }, { label: "To", value: moment(box.to) },
          { label: "Duration", value: lengthText(box.to - box.from) });
      return { title: moment(isCells && box ? box.from : u.posToVal(point.left, "x")), rows: found };
    });
    return { options: own, data: [places.length ? places : chart.range, (places.length ? places : chart.range).map(() => null)] };
  };
})();
