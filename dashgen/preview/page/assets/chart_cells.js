"use strict";
// Cells coloured by their values: heatmap. Source: panel/heatmap (utils.ts) of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};

  dashgen.chartKinds.cells = function cells(state) {
    const { chart, look } = state;
    const { options: started, axis, textWidth, timeAxis } = dashgen.plots;
    const { buckets, columns, step, ticks, times } = chart;
    const count = buckets.length;
    const names = new Map(ticks);
    const [low, high] = chart.bounds;
    state.isTime = true;
    state.fullRange = () => chart.range;
    state.colorAt = () => "#0000";

    const own = started(state);
    own.cursor.points = { show: false };
    own.cursor.y = false;
    own.scales.y0 = { time: false, auto: false, range: [0, count] };
    const widest = ticks.reduce((most, [, name]) => Math.max(most, textWidth(name, look.family)), 0);
    own.axes = [
      timeAxis(state),
      {
        ...axis(state, { scale: "y0", side: 3 }),
        size: (u) => Math.ceil(Math.min(u.width * 0.4, widest) + 9),
        space: () => 1,
        // Where buckets are many, not every one has its text.
        splits: (u) => {
          const every = Math.max(1, Math.ceil((16 * ticks.length * uPlot.pxRatio) / Math.max(u.bbox.height, 1)));
          return ticks.filter((_one, index) => index % every === 0).map(([place]) => place);
        },
        values: (_u, splits) => splits.map((place) => names.get(place)),
      },
    ];
    own.series = [{}, { scale: "y0", paths: () => null, points: { show: false } }];

    function colorOf(value) {
      const share = Math.min(Math.max((value - low) / (high - low), 0), 1);
      return chart.colors[Math.round(share * (chart.colors.length - 1))];
    }

    own.hooks.draw.push((u) =>
      dashgen.chartMarks.inside(u, (ctx, area) => {
        const gap = chart.gap * uPlot.pxRatio;
        const height = area.height / count;
        // One path for each colour: the canvas is filled once a colour, not once a cell.
        const fills = new Map();
        times.forEach((time, column) => {
          // Ends on whole pixels, so that no seam shows between cells without a gap.
          const left = Math.round(u.valToPos(time - step, "x", true));
          const right = Math.round(u.valToPos(time, "x", true));
          if (right < area.left || left > area.left + area.width) return;
          columns[column].forEach((value, row) => {
            if (value == null || value <= chart.hidden) return;
            const color = colorOf(value);
            if (!fills.has(color)) fills.set(color, new Path2D());
            const top = Math.round(area.top + area.height - (row + 1) * height);
            const bottom = Math.round(area.top + area.height - row * height);
            fills.get(color).rect(left + gap / 2, top + gap / 2, Math.max(right - left - gap, 1), Math.max(bottom - top - gap, 1));
          });
        });
        fills.forEach((path, color) => {
          ctx.fillStyle = color;
          ctx.fill(path);
        });
      }),
    );
    dashgen.chartMarks.annotations(state, own);
    const highlight = dashgen.chartBars.highlighter(own);
    const moment = (ms) => dashgen.values.moment(ms, "YYYY-MM-DD HH:mm:ss", state.scene.zone);

    dashgen.tooltip.attach(state, own, (u, { left, top }) => {
      const ratio = uPlot.pxRatio;
      const at = u.posToVal(left, "x");
      const column = times.findIndex((time) => at > time - step && at <= time);
      const height = u.bbox.height / ratio / count;
      const row = Math.floor((u.bbox.height / ratio - top) / height);
      const value = column < 0 ? null : columns[column][row];
      if (value == null || value <= chart.hidden || chart.tooltip.mode === "none") {
        highlight(u, null);
        return null;
      }
      const x = u.valToPos(times[column] - step, "x", true) / ratio;
      const width = u.valToPos(times[column], "x", true) / ratio - x;
      highlight(u, { x, y: (u.bbox.top + u.bbox.height) / ratio - (row + 1) * height, width, height });
      return {
        title: `${moment(times[column] - step)} to ${moment(times[column])}`,
        rows: [
          { color: colorOf(value), isBar: true, label: buckets[row], value: dashgen.values.text(chart.displays[0], value) },
        ],
      };
    });
    return { options: own, data: [times, times.map(() => null)] };
  };
})();
