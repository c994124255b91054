"use strict";
// The tooltip of charts: one for the page, filled with texts alone. Source: TooltipPlugin2 of @grafana/ui 12.4.3.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  let box = null;
  let owner = null;

  function created(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text != null) element.textContent = text;
    return element;
  }

  function row({ color, label, value, isActive, isBar }) {
    const element = created("div", `chart-tooltip-row${isActive ? " is-active" : ""}`);
    if (color) {
      const mark = created("i", isBar ? "is-bar" : "");
      mark.style.background = color;
      element.append(mark);
    }
    element.append(created("span", "chart-tooltip-label", label), created("span", "chart-tooltip-value", value));
    return element;
  }

  // Show {title, rows: [{color, label, value, isActive}], note, tags} beside a point of the window.
  function show(from, { title, rows = [], note, tags = [] }, { x, y }) {
    if (!box) {
      box = created("div", "chart-tooltip");
      box.setAttribute("role", "tooltip");
      document.body.append(box);
    }
    owner = from;
    const content = [];
    if (title) content.push(created("div", "chart-tooltip-title", title));
    if (note) content.push(created("div", "chart-tooltip-note", note));
    if (tags.length) {
      const list = created("div", "chart-tooltip-tags");
      list.append(...tags.map((tag) => created("span", "", tag)));
      content.push(list);
    }
    const most = 30;
    content.push(...rows.slice(0, most).map(row));
    if (rows.length > most) content.push(created("div", "chart-tooltip-note", `… ${rows.length - most} more`));
    box.replaceChildren(...content);
    box.style.display = "block";
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = x + 12 + width > innerWidth ? x - 12 - width : x + 12;
    const top = y + 12 + height > innerHeight ? y - 12 - height : y + 12;
    box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  // Hide what a chart shows; another chart's tooltip stays.
  function hide(from) {
    if (box && (owner === from || !from)) box.style.display = "none";
  }

  const natural = new Intl.Collator("en", { numeric: true });

  function sorted(rows, order) {
    if (order !== "asc" && order !== "desc") return rows;
    const sign = order === "asc" ? 1 : -1;
    return rows.sort((one, other) => sign * (one.number - other.number || natural.compare(one.label, other.label)));
  }

  // Let a chart show its tooltip: `contentAt(u, point)` gives what `show` takes, or null.
  function attach(state, options, contentAt) {
    options.hooks.ready.push((u) => {
      u.over.addEventListener("mouseenter", () => (state.isHovered = true));
      u.over.addEventListener("mouseleave", () => {
        state.isHovered = false;
        hide(state);
      });
    });
    options.hooks.setCursor.push((u) => {
      const { left, top } = u.cursor;
      // A chart that only follows the cursor of another shows no tooltip of its own.
      if (!state.isHovered || left < 0 || top < 0) {
        if (owner === state) hide(state);
        return;
      }
      const content = contentAt(u, { left, top });
      if (!content) hide(state);
      else show(state, content, { x: u.rect.left + left, y: u.rect.top + top });
    });
  }

  dashgen.tooltip = { attach, hide, show, sorted };
})();
