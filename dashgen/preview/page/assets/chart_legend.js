"use strict";
// Legends: a click shows one series alone, with Ctrl it adds or removes one; columns of tables sort.
// Source: components/VizLegend and hideSeriesConfigFactory of Grafana 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function attach(element, count, onChange) {
    const items = [...element.querySelectorAll(".chart-legend-item")];
    const shown = new Set(Array.from({ length: count }, (_one, index) => index));
    const seriesOf = (item) => item.dataset.series.split(" ").filter(Boolean).map(Number);
    for (const item of items)
      if (item.classList.contains("is-hidden")) seriesOf(item).forEach((one) => shown.delete(one));

    function update() {
      for (const item of items) item.classList.toggle("is-hidden", !seriesOf(item).some((one) => shown.has(one)));
      onChange(shown);
    }

    function choose(item, isAdding) {
      const own = seriesOf(item);
      const isShown = own.some((one) => shown.has(one));
      if (isAdding) {
        own.forEach((one) => (isShown ? shown.delete(one) : shown.add(one)));
      } else {
        const isAlone = isShown && shown.size === own.length;
        shown.clear();
        for (let one = 0; one < count; one += 1) if (isAlone || own.includes(one)) shown.add(one);
      }
      update();
    }

    element.addEventListener("click", (event) => {
      const item = event.target.closest(".chart-legend-item");
      if (item && event.target.closest("button")) choose(item, event.ctrlKey || event.metaKey || event.shiftKey);
      const head = event.target.closest("th");
      if (head) sort(head);
    });
    return shown;
  }

  function sort(head) {
    const body = head.closest("table").tBodies[0];
    const column = head.cellIndex;
    const order = { up: "down", down: "" }[head.dataset.sort ?? "none"] ?? "up";
    for (const one of head.parentElement.cells) delete one.dataset.sort;
    const rows = [...body.rows];
    rows.forEach((row, index) => (row.dataset.order ??= index));
    if (order) head.dataset.sort = order;
    const sign = order === "down" ? -1 : 1;
    const number = (row) => Number(row.cells[column].dataset.number ?? -Infinity);
    const compare = !order
      ? (one, other) => one.dataset.order - other.dataset.order
      : column === 0
        ? (one, other) => sign * natural.compare(one.cells[0].textContent, other.cells[0].textContent)
        : (one, other) => sign * (number(one) - number(other) || 0);
    body.append(...rows.sort(compare));
  }

  dashgen.chartLegend = { attach };
})();
