"use strict";
// Points of two numbers each: xychart. Source: panel/xychart of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};
  const SIDES = { left: 3, right: 1 };
  const NEAR = 6;

  dashgen.chartKinds.points = function points(state) {
    const { chart } = state;
    const { alpha, numberAxis, numberScale, options: started } = dashgen.plots;
    const places = chart.series.flatMap((one) => one.points.map(([x]) => x));
    const ends = [Math.min(...places), Math.max(...places)];
    const xScale = numberScale(chart.x);
    state.isTime = false;
    state.colorAt = (_u, index) => chart.series[index - 1].color;
    state.fullRange = () => xScale.range(null, ...ends);

    const own = started(state);
    own.cursor.points = { show: false };
    own.scales.x = { ...xScale, time: false, range: own.scales.x.range };
    chart.scales.forEach((settings, index) => (own.scales[`y${index}`] = numberScale(settings)));
    const first = chart.scales.findIndex(({ side }) => side !== "hidden");
    own.axes = [
      numberAxis(state, chart.x, { scale: "x", side: 2 }),
      ...chart.scales.flatMap((settings, index) =>
        settings.side === "hidden"
          ? []
          : [numberAxis(state, settings, { scale: `y${index}`, side: SIDES[settings.side], hasGrid: index === first })],
      ),
    ];
    own.series = [{}, ...chart.series.map(({ scale }, index) => ({
      scale: `y${scale}`, show: state.shown.has(index), paths: () => null, points: { show: false },
    }))];

    function placed(u, [x, y, size], scale) {
      const ratio = uPlot.pxRatio;
      return [u.valToPos(x, "x", true), u.valToPos(y, `y${scale}`, true), (size / 2) * ratio];
    }

    own.hooks.draw.push((u) =>
      dashgen.chartMarks.inside(u, (ctx) => {
        chart.series.forEach((series, index) => {
          if (!state.shown.has(index)) return;
          ctx.strokeStyle = series.color;
          if (series.hasLines) {
            ctx.lineWidth = series.width * uPlot.pxRatio;
            ctx.beginPath();
            series.points.forEach((point) => ctx.lineTo(...placed(u, point, series.scale).slice(0, 2)));
            ctx.stroke();
          }
          if (!series.hasPoints) return;
          ctx.lineWidth = uPlot.pxRatio;
          ctx.fillStyle = alpha(series.color, series.fill);
          const path = new Path2D();
          for (const point of series.points) {
            const [x, y, radius] = placed(u, point, series.scale);
            if (series.isSquare) path.rect(x - radius, y - radius, radius * 2, radius * 2);
            else {
              path.moveTo(x + radius, y);
              path.arc(x, y, radius, 0, Math.PI * 2);
            }
          }
          ctx.fill(path);
          ctx.stroke(path);
        });
      }),
    );

    dashgen.tooltip.attach(state, own, (u, point) => {
      if (chart.tooltip.mode === "none") return null;
      const [left, top] = dashgen.chartBars.cursorPlace(u, point).map((one) => one * uPlot.pxRatio);
      let nearest = null;
      chart.series.forEach((series, index) => {
        if (!state.shown.has(index)) return;
        for (const one of series.points) {
          const [x, y, radius] = placed(u, one, series.scale);
          // Measured from the edge, so that a large point is as easy to meet as it looks.
          const distance = Math.hypot(x - left, y - top) - radius;
          if (distance < NEAR && (!nearest || distance < nearest.distance)) nearest = { distance, series, one };
        }
      });
      if (!nearest) return null;
      const { series, one } = nearest;
      const text = (display, value) => dashgen.values.text(chart.displays[display], value);
      return {
        rows: [
          { color: series.color, label: series.name, value: "" },
          { label: chart.x.name, value: text(chart.x.display, one[0]) },
          { label: series.heights, value: text(series.display, one[1]) },
        ],
      };
    });

    // uPlot finds the ends of the axes in columns over common places; where no point is, there is no value.
    const common = [...new Set(places)].sort((one, other) => one - other);
    const index = new Map(common.map((place, at) => [place, at]));
    const columns = chart.series.flatMap((series) => {
      const extremes = [new Array(common.length).fill(null), new Array(common.length).fill(null)];
      for (const [x, y] of series.points) {
        const at = index.get(x);
        extremes[0][at] = Math.min(extremes[0][at] ?? y, y);
        extremes[1][at] = Math.max(extremes[1][at] ?? y, y);
      }
      return extremes;
    });
    // Each series has two columns: its lowest and its highest value at a place.
    own.series = [{}, ...own.series.slice(1).flatMap((one) => [one, one])];
    return {
      options: own,
      data: [common, ...columns],
      onShown(u) {
        u.batch(() =>
          chart.series.forEach((_one, series) => {
            const show = state.shown.has(series);
            u.setSeries(series * 2 + 1, { show }, false);
            u.setSeries(series * 2 + 2, { show }, false);
          }),
        );
      },
    };
  };
})();
