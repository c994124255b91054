"use strict";
// Charts: each kind (`chart_*.js`) gives the options and data of a plot; this puts it into a page.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  dashgen.chartKinds = dashgen.chartKinds || {};

  // uPlot gives up finding the room of axes after three rounds, though the last may have widened one.
  function settle(plot, size) {
    const left = plot.axes.filter((one) => one.side === 3 && one._show).reduce((sum, one) => sum + one._size + (one.label != null ? one.labelSize : 0), 0);
    if (left && Math.abs(plot.bbox.left / uPlot.pxRatio - left) > 1) plot.setSize(size);
  }

  // Draw a chart into an element of the class `chart`.
  // scene: {theme, range: [from, to] in ms, zone, syncKey, graphTooltip: 0 own cursor, 1 and 2 shared ones}.
  // Gives {resize(), destroy()}; `resize` also draws a chart that had no room when it was mounted.
  function mount(element, chart, scene) {
    const place = element.querySelector(".plot");
    const kind = dashgen.chartKinds[chart.kind];
    if (!place || !kind) return { resize() {}, destroy() {} };
    const state = { element, chart, scene, look: dashgen.plots.look(element, scene.theme), plot: null, zoomed: null };
    let parts = null;
    state.range = () => state.plot.scales.x.range(state.plot);
    state.shown = dashgen.chartLegend.attach(element, (chart.series || []).length, () => {
      if (state.plot && parts.onShown) parts.onShown(state.plot);
    });

    function resize() {
      const size = { width: place.clientWidth, height: place.clientHeight };
      if (size.width < 2 || size.height < 2) return;
      state.size = size;
      if (state.plot && parts.fits && !parts.fits(size)) remove();
      if (state.plot) {
        if (state.plot.width !== size.width || state.plot.height !== size.height) state.plot.setSize(size);
        return;
      }
      parts = kind(state);
      parts.options.hooks.ready.push((plot) => settle(plot, size));
      state.plot = new uPlot({ ...parts.options, ...size }, parts.data, place);
      if (state.isTime && scene.syncKey) dashgen.plots.companions(scene.syncKey).members.add(state);
    }

    function remove() {
      dashgen.tooltip.hide(state);
      if (state.isTime && scene.syncKey) dashgen.plots.leave(state);
      if (state.plot) state.plot.destroy();
      state.plot = null;
    }

    resize();
    return { resize, destroy: remove, state };
  }

  dashgen.charts = { mount };
})();
