"use strict";
// Candles and volumes upon the chart of lines: candlestick. Source: panel/candlestick of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  const WIDTH = 0.6;

  function colorsOf({ marks, up, down, isAgainstLast }) {
    return marks.map(([, open, , , close], index) => {
      const before = isAgainstLast && index ? marks[index - 1][4] : open;
      return close < before ? down : up;
    });
  }

  function paint(u, ctx, candles, colors) {
    const { marks, hasPrice, isBars, isAgainstLast, priceScale, volumeScale } = candles;
    const ratio = uPlot.pxRatio;
    const { min, max } = u.scales.x;
    const visible = marks.filter(([at]) => at >= min && at <= max).length || 1;
    const width = Math.max(1, Math.round((u.bbox.width / visible) * WIDTH));
    const y = (value, scale) => Math.round(u.valToPos(value, `y${scale}`, true));
    const stick = Math.max(1, Math.round(ratio));
    marks.forEach(([at, open, high, low, close, volume], index) => {
      const x = Math.round(u.valToPos(at, "x", true));
      const left = Math.round(x - width / 2);
      ctx.fillStyle = colors[index];
      if (volumeScale >= 0) {
        ctx.globalAlpha = 0.5;
        const top = y(volume, volumeScale);
        ctx.fillRect(left, top, width, y(0, volumeScale) - top);
        ctx.globalAlpha = 1;
      }
      if (!hasPrice) return;
      const [top, bottom] = [y(Math.max(open, close), priceScale), y(Math.min(open, close), priceScale)];
      const line = (from, to) => ctx.fillRect(Math.round(x - stick / 2), from, stick, Math.max(to - from, 1));
      if (isBars) {
        line(y(high, priceScale), y(low, priceScale));
        ctx.fillRect(left, y(open, priceScale), x - left, stick);
        ctx.fillRect(x, y(close, priceScale), width / 2, stick);
        return;
      }
      line(y(high, priceScale), top);
      line(bottom, y(low, priceScale));
      if (isAgainstLast && close > open) {
        ctx.strokeStyle = colors[index];
        ctx.lineWidth = stick;
        ctx.strokeRect(left + stick / 2, top + stick / 2, width - stick, Math.max(bottom - top - stick, 1));
      } else ctx.fillRect(left, top, width, Math.max(bottom - top, 1));
    });
  }

  // Draw the candles of a chart before its lines.
  function attach(state, options) {
    const { candles } = state.chart;
    if (!candles) return;
    const colors = colorsOf(candles);
    options.hooks.drawAxes = [(u) => dashgen.chartMarks.inside(u, (ctx) => paint(u, ctx, candles, colors))];
  }

  dashgen.chartCandles = { attach };
})();
