"use strict";
// What is drawn upon the series: thresholds, annotations and exemplars.
// Source: UPlotThresholds of @grafana/ui 12.4.3; AnnotationsPlugin2 and ExemplarsPlugin of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  const NEAR = 6;

  function inside(u, draw) {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    draw(ctx, { left, top, width, height });
    ctx.restore();
  }

  function thresholds(state, options) {
    const all = state.chart.thresholds || [];
    if (!all.length) return;
    options.hooks.drawClear.push((u) =>
      inside(u, (ctx, area) => all.forEach((one) => drawThresholds(u, ctx, area, one))),
    );
  }

  function drawThresholds(u, ctx, area, { scale, areas = [], lines = [], isDashed }) {
    const key = `y${scale}`;
    const { min, max } = u.scales[key];
    if (min == null || max == null) return;
    const at = (value) => Math.round(u.valToPos(value, key, true));
    for (const [from, to, color] of areas) {
      const [low, high] = [Math.max(from ?? min, min), Math.min(to ?? max, max)];
      if (high <= low) continue;
      ctx.fillStyle = dashgen.plots.alpha(color, 0.15);
      ctx.fillRect(area.left, at(high), area.width, at(low) - at(high));
    }
    ctx.lineWidth = 2;
    ctx.setLineDash(isDashed ? [10, 10] : []);
    for (const [value, color] of lines) {
      if (color === "none" || value < min || value > max) continue;
      ctx.strokeStyle = dashgen.plots.alpha(color, 0.7);
      ctx.beginPath();
      ctx.moveTo(area.left, at(value));
      ctx.lineTo(area.left + area.width, at(value));
      ctx.stroke();
    }
  }

  function annotations(state, options) {
    const all = state.chart.annotations || [];
    if (!all.length) return;
    options.hooks.draw.push((u) => inside(u, (ctx, area) => all.forEach((one) => drawAnnotation(u, ctx, area, one))));
    let marks = null;
    options.hooks.draw.push((u) => {
      // The marks below the axis are elements, so that a viewer can point at them.
      marks ??= all.map((one) => markOf(state, u.root.querySelector(".u-axis"), one));
      const width = u.bbox.width / uPlot.pxRatio;
      marks.forEach((mark, index) => placeMark(u, mark, all[index], width));
    });
  }

  function drawAnnotation(u, ctx, area, { start, end, color }) {
    const x = u.valToPos(start, "x", true);
    const line = (at) => {
      ctx.beginPath();
      ctx.moveTo(at, area.top);
      ctx.lineTo(at, area.top + area.height);
      ctx.stroke();
    };
    ctx.lineWidth = 2;
    ctx.setLineDash([5, 5]);
    ctx.strokeStyle = color;
    line(x);
    if (end == null) return;
    const to = u.valToPos(end, "x", true);
    line(to);
    ctx.fillStyle = dashgen.plots.alpha(color, 0.1);
    ctx.fillRect(x, area.top, to - x, area.height);
  }

  function markOf(state, axis, one) {
    const mark = document.createElement("div");
    mark.className = one.end == null ? "chart-annotation" : "chart-annotation is-region";
    mark.style.color = one.color;
    const written = (ms) => dashgen.values.moment(ms, "YYYY-MM-DD HH:mm:ss", state.scene.zone);
    mark.addEventListener("mouseenter", () => {
      const { left, bottom } = mark.getBoundingClientRect();
      const title = one.end == null ? written(one.start) : `${written(one.start)} to ${written(one.end)}`;
      dashgen.tooltip.show(state, { title, note: one.text, tags: one.tags }, { x: left, y: bottom });
    });
    mark.addEventListener("mouseleave", () => dashgen.tooltip.hide(state));
    axis.append(mark);
    return mark;
  }

  function placeMark(u, mark, { start, end }, width) {
    const left = u.valToPos(start, "x");
    const right = end == null ? left : u.valToPos(end, "x");
    mark.style.display = right < 0 || left > width ? "none" : "";
    const from = Math.max(0, left);
    mark.style.left = `${Math.round(from)}px`;
    if (end != null) mark.style.width = `${Math.round(Math.min(width, right) - from)}px`;
  }

  function exemplars(state, options) {
    const all = state.chart.exemplars || [];
    if (!all.length) return null;
    const color = state.chart.series[0].color;
    options.hooks.draw.push((u) =>
      inside(u, (ctx) => {
        ctx.fillStyle = dashgen.plots.alpha(color, 0.5);
        const size = 3.5 * uPlot.pxRatio;
        for (const one of all) {
          const [x, y] = exemplarPlace(u, one, true);
          ctx.beginPath();
          ctx.moveTo(x, y - size);
          ctx.lineTo(x + size, y);
          ctx.lineTo(x, y + size);
          ctx.lineTo(x - size, y);
          ctx.fill();
        }
      }),
    );
    // The exemplar at a point, as the content of a tooltip.
    return (u, { left, top }) => {
      const near = all.find((one) => {
        const [x, y] = exemplarPlace(u, one, false);
        return Math.abs(x - left) < NEAR && Math.abs(y - top) < NEAR;
      });
      if (!near) return null;
      const rows = near.labels.map(([label, value]) => ({ label, value }));
      const display = state.chart.displays[state.chart.scales[0].display];
      rows.unshift({ label: "Value", value: dashgen.values.text(display, near.y) });
      return { title: dashgen.values.moment(near.x, "YYYY-MM-DD HH:mm:ss.SSS", state.scene.zone), rows, note: "Exemplar" };
    };
  }

  function exemplarPlace(u, { x, y }, isCanvas) {
    const { min, max } = u.scales.y0;
    // One outside the scale is at its edge.
    return [u.valToPos(x, "x", isCanvas), u.valToPos(Math.min(Math.max(y, min), max), "y0", isCanvas)];
  }

  dashgen.chartMarks = { annotations, exemplars, inside, thresholds };
})();
