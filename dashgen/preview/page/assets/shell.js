"use strict";
// The frame around the panels: which dashboard, time and variables are shown, what is folded, the theme.
// Texts of dashboards reach the page by textContent alone; html comes from the markers, which escape it.
window.dashgen = window.dashgen || {};

(() => {
  const NEAR = "1200px";
  // In milliseconds: how long what is near waits at most for an idle moment, and what one panel takes of it.
  const PATIENCE = 400;
  const ENOUGH = 8;
  const ONLY_SERVED = "Not in this page: run `dashgen preview --serve`";
  const ICONS = {
    angle: "M6 9l6 6 6-6",
    menu: "M4 6h16M4 12h16M4 18h16",
    sun: "M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12 1v3M12 20v3M1 12h3M20 12h3M4.2 4.2l2.1 2.1M17.7 17.7l2.1 2.1M19.8 4.2l-2.1 2.1M6.3 17.7l-2.1 2.1",
    moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5",
    clock: "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20M12 7v5h4",
    help: "M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .9-1 1.7v.5M12 17.5v.1M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20",
    link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500",
    dots: "M12 5v.1M12 12v.1M12 19v.1",
    heart: "M12 20.500l-1.300-1.200C6 15 3 12.300 3 8.800A4.800 4.800 0 0 1 7.800 4c1.600 0 3.200.8 4.200 2c1-1.200 2.600-2 4.200-2A4.800 4.800 0 0 1 21 8.800c0 3.500-3 6.200-7.700 10.500z",
    break: "M13 5l-3 5 4 3-3 5",
    close: "M6 6l12 12M18 6L6 18",
    back: "M15 5l-7 7 7 7",
  };

  const state = {
    index: null, number: 0, dashboard: null, view: null, selection: null, folded: new Map(), tabs: new Map(),
    theme: "dark", chosenTheme: "auto", single: "", kiosk: false, panels: new Map(), errors: "",
  };
  const unpacked = new Map();

  // ── elements ────────────────────────────────────────────────────────────────────────────────────────────
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
      else if (key === "text") made.textContent = value;
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  function icon(name, ...more) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawn.setAttribute("viewBox", "0 0 24 24");
    drawn.setAttribute("class", `icon icon-${name}`);
    drawn.setAttribute("aria-hidden", "true");
    for (const one of [name, ...more]) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", ICONS[one]);
      if (one === "break") path.setAttribute("class", "break");
      drawn.append(path);
    }
    return drawn;
  }

  function button(attributes, ...children) {
    return element("button", { type: "button", ...attributes }, ...children);
  }

  function anchor(link) {
    if (link.lists) return dashboardList(link);
    const attributes = { title: link.tooltip, text: link.title || link.url };
    if (!link.uid) return element("a", { href: link.url, target: "_blank", rel: "noopener noreferrer", ...attributes });
    if (!state.index.dashboards.some((one) => one.uid === link.uid)) {
      return element("a", { role: "link", "aria-disabled": "true", ...attributes, title: `${link.tooltip ? `${link.tooltip} · ` : ""}The dashboard ${link.uid} is not in this page` });
    }
    return element("a", { href: addressOf(link.uid, keptSelection(link)), ...attributes });
  }

  // A link of the kind "dashboards": those that have all of its tags.
  function dashboardList(link) {
    const listed = state.index.dashboards.filter((one) => one.uid !== state.dashboard.uid && (link.tags || []).every((tag) => (one.tags || []).includes(tag)));
    const anchors = listed.map((one) => anchor({ uid: one.uid, title: one.title, keeps: link.keeps }));
    if (!link.drops) return element("span", { class: "link-list" }, ...anchors);
    return button({ class: "dropdown", "aria-haspopup": "menu", title: link.tooltip, on: { click: (event) => openPopover(event.currentTarget, anchors, "menu") } },
      element("span", { text: link.title }), icon("angle"));
  }

  function keptSelection(link) {
    const keeps = link.keeps || [];
    return {
      ...(keeps.includes("time") ? { from: state.view.start, to: state.view.end } : {}),
      ...(keeps.includes("variables") ? { variables: state.view.variables } : {}),
    };
  }

  // ── data ────────────────────────────────────────────────────────────────────────────────────────────────
  async function inflated(number) {
    const text = document.getElementById(`dashboard-${number}`).textContent;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  async function dashboardOf(number, selection) {
    if (state.index.served) {
      const query = new URLSearchParams({ uid: state.index.dashboards[number].uid });
      writeSelection(query, selection);
      query.set("theme", state.theme);
      const answer = await fetch(`dashboard.json?${query}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    }
    if (!unpacked.has(number)) unpacked.set(number, inflated(number));
    return unpacked.get(number);
  }

  // ── the address: #/uid?from=…&to=…&var-name=value&panel=key ─────────────────────────────────────────────
  function readAddress() {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const parameters = new URLSearchParams(query || "");
    const variables = {};
    for (const [key, value] of parameters) {
      if (key.startsWith("var-")) (variables[key.slice(4)] ||= []).push(value);
    }
    return {
      uid: decodeURIComponent(path), from: parameters.get("from"), to: parameters.get("to"), variables,
      single: parameters.get("panel") || "", kiosk: parameters.has("kiosk"), theme: parameters.get("theme"),
    };
  }

  function writeSelection(query, selection) {
    if (selection.from) query.set("from", selection.from);
    if (selection.to) query.set("to", selection.to);
    for (const [name, values] of Object.entries(selection.variables || {})) {
      for (const value of values) query.append(`var-${name}`, value);
    }
  }

  function addressOf(uid, selection, single = "") {
    const query = new URLSearchParams();
    writeSelection(query, selection);
    if (single) query.set("panel", single);
    if (state.kiosk) query.set("kiosk", "");
    const text = query.toString();
    return `#/${encodeURIComponent(uid)}${text ? `?${text}` : ""}`;
  }

  function go(changes) {
    const selection = { ...state.selection, ...changes };
    const uid = changes.uid ?? state.dashboard.uid;
    location.hash = addressOf(uid, changes.uid ? {} : selection, changes.single ?? "");
  }

  async function follow() {
    const address = readAddress();
    const number = Math.max(state.index.dashboards.findIndex((one) => one.uid === address.uid), 0);
    const selection = { from: address.from, to: address.to, variables: address.variables };
    const isAnother = number !== state.number || !state.dashboard;
    state.number = number;
    state.single = address.single;
    state.kiosk = address.kiosk;
    if (address.theme) state.chosenTheme = address.theme;
    if (!state.index.dashboards.length) {
      document.getElementById("page").replaceChildren(element("main", {}, element("p", { class: "message", text: "There is no dashboard to show." })));
      drawErrors();
      return;
    }
    try {
      const dashboard = await dashboardOf(number, selection);
      if (number !== state.number) return; // another one was opened meanwhile
      state.dashboard = dashboard;
      state.selection = selection;
      state.view = bestView(dashboard, selection);
      draw();
      if (isAnother) window.scrollTo(0, 0);
    } catch (error) {
      state.errors = String(error.message || error);
      drawErrors();
    }
  }

  function sameValues(one, other) {
    return one.length === other.length && one.every((value, at) => value === other[at]);
  }

  function isView(view, selection, first) {
    if ((selection.from ?? first.start) !== view.start || (selection.to ?? first.end) !== view.end) return false;
    return Object.entries(view.variables || {}).every(([name, values]) =>
      sameValues(values, selection.variables[name] ?? (first.variables || {})[name] ?? []));
  }

  // The view that was chosen; the one that is nearest to it when the page does not have it.
  function bestView(dashboard, selection) {
    const first = dashboard.views[0];
    if (state.index.served) return first;
    return dashboard.views.find((view) => isView(view, selection, first)) || first;
  }

  function viewWith(change) {
    const first = state.dashboard.views[0];
    const current = {
      from: state.view.start, to: state.view.end, variables: { ...(state.view.variables || {}) },
    };
    const wanted = { ...current, ...change, variables: { ...current.variables, ...(change.variables || {}) } };
    const alone = { from: first.start, to: first.end, ...change, variables: { ...(first.variables || {}), ...(change.variables || {}) } };
    if (state.index.served) return wanted;
    for (const selection of [wanted, alone]) {
      if (state.dashboard.views.some((view) => isView(view, selection, first))) return selection;
    }
    return null;
  }

  // ── the bar ─────────────────────────────────────────────────────────────────────────────────────────────
  function timeSelect() {
    const here = `${state.view.start} ${state.view.end}`;
    const pairs = new Map();
    const named = (view) => [view.start, view.end, view.label];
    const ranges = [...state.dashboard.views.map(named), ...state.dashboard.presets, named(state.view)];
    for (const [from, to, label] of ranges) pairs.set(`${from} ${to}`, [from, to, label]);
    const options = [...pairs].map(([key, [from, to, label]]) => {
      const isThere = viewWith({ from, to }) !== null;
      return element("option", { value: key, selected: key === here, disabled: !isThere, title: isThere ? undefined : ONLY_SERVED, text: label });
    });
    return element("select", {
      "aria-label": "Time range", title: `${state.view.start} to ${state.view.end}`, class: "time",
      on: { change: (event) => { const [from, to] = pairs.get(event.target.value); go(viewWith({ from, to })); } },
    }, ...options);
  }

  function bar() {
    const dashboard = state.dashboard;
    const trail = element("nav", { class: "trail", "aria-label": "Breadcrumb" },
      dashboard.folder ? element("span", { class: "folder", text: dashboard.folder }) : "",
      element("h1", { text: dashboard.title, title: dashboard.description }));
    const tags = element("span", { class: "tags" }, ...(dashboard.tags || []).map((tag) => element("span", { class: "tag", text: tag })));
    const source = state.index.sample
      ? element("span", { class: "badge sample", title: "The data is made up from the metric contract, and is the same in every run", text: "Sample data" })
      : element("span", { class: "badge", title: "Where the data is from", text: state.index.source });
    return element("header", { class: "bar" },
      button({ class: "tool list-button", "aria-haspopup": "dialog", title: "Dashboards ( / )", "aria-label": "Dashboards", on: { click: openList } }, icon("menu")),
      trail, tags, element("span", { class: "spacer" }), source,
      element("span", { class: "time-box" }, icon("clock"), timeSelect()),
      button({ class: "tool", title: "Switch the theme ( c t )", "aria-label": "Switch the theme", on: { click: switchTheme } }, icon(state.theme === "dark" ? "sun" : "moon")),
      button({ class: "tool", title: "Keys ( ? )", "aria-label": "Keys", on: { click: openHelp } }, icon("help")));
  }

  function variableControl(variable) {
    const chosen = (state.view.variables || {})[variable.name] || [];
    const label = variable.label ? element("span", { class: "variable-label", text: variable.label, title: variable.description }) : "";
    const known = variable.options || [];
    if (state.index.served && variable.kind === "textbox") {
      return element("label", { class: "variable" }, label, element("input", {
        value: chosen[0] || "", size: 12, on: { change: (event) => go(viewWith({ variables: { [variable.name]: [event.target.value] } })) },
      }));
    }
    if (state.index.served && variable.multi) return element("span", { class: "variable" }, label, multiButton(variable, chosen));
    const current = chosen.join("\n");
    const options = known.map(([text, value]) => ({ text, values: [value] }));
    if (!known.some(([, value]) => value === current)) {
      options.unshift({ text: chosenText(variable, chosen), values: chosen });
    }
    const select = element("select", {
      "aria-label": variable.label || variable.name,
      on: { change: (event) => go(viewWith({ variables: { [variable.name]: options[event.target.selectedIndex].values } })) },
    }, ...options.map(({ text, values }) => {
      const isHere = values.join("\n") === current;
      const isThere = isHere || viewWith({ variables: { [variable.name]: values } }) !== null;
      return element("option", { selected: isHere, disabled: !isThere, title: isThere ? undefined : ONLY_SERVED, text });
    }));
    return element("label", { class: "variable" }, label, select);
  }

  function chosenText(variable, chosen) {
    const texts = chosen.map((value) => ((variable.options || []).find((one) => one[1] === value) || [value])[0]);
    return texts.join(" + ") || "None";
  }

  function multiButton(variable, chosen) {
    return button({ class: "multi", "aria-haspopup": "dialog", "aria-label": variable.label || variable.name, text: chosenText(variable, chosen), on: { click: (event) => openChoices(event.currentTarget, variable, chosen) } });
  }

  function openChoices(origin, variable, chosen) {
    const boxes = (variable.options || []).map(([text, value]) => {
      const box = element("input", { type: "checkbox", checked: chosen.includes(value), value });
      box.addEventListener("change", () => {
        for (const other of boxes) {
          if (box.checked && other !== box && (box.value === "$__all" || other.value === "$__all")) other.checked = false;
        }
      });
      box.caption = text;
      return box;
    });
    openPopover(origin, [
      ...boxes.map((box) => element("label", { class: "choice" }, box, element("span", { text: box.caption }))),
      button({ class: "primary", text: "Apply", on: { click: () => {
        closePopover();
        go(viewWith({ variables: { [variable.name]: boxes.filter((box) => box.checked).map((box) => box.value) } }));
      } } }),
    ], "choices");
  }

  function variableControls(variables) {
    return (variables || []).filter((one) => !one.hidden).map(variableControl);
  }

  function controls() {
    const variables = variableControls(state.dashboard.variables);
    const links = (state.dashboard.links || []).map(anchor);
    if (!variables.length && !links.length) return "";
    return element("div", { class: "controls" }, ...variables, element("span", { class: "spacer" }),
      links.length ? element("nav", { class: "links", "aria-label": "Links" }, ...links) : "");
  }

  // ── sections and panels ─────────────────────────────────────────────────────────────────────────────────
  function sectionElement(section, old) {
    if (section.kind === "tabs") return tabsElement(section, old);
    const inner = [];
    const own = variableControls(section.variables);
    if (own.length) inner.push(element("div", { class: "controls" }, ...own));
    if ((section.panels || []).length) {
      const grid = element("div", { class: `grid ${section.kind}` }, ...section.panels.map((panel) => panelElement(panel, old)));
      grid.style.setProperty("--rows", section.rows || 0);
      inner.push(grid);
    }
    inner.push(...(section.sections || []).map((one) => sectionElement(one, old)));
    if (section.kind !== "row") return element("div", { class: "section" }, ...inner);
    return rowElement(section, inner);
  }

  function isFolded(section) {
    return state.folded.get(`${state.dashboard.uid}\n${section.key}`) ?? section.folded ?? false;
  }

  function rowElement(section, inner) {
    const folded = isFolded(section);
    const body = element("div", { class: "row-body", hidden: folded }, ...inner);
    const count = countPanels(section);
    const head = button({ class: "row-title", "aria-expanded": String(!folded), on: { click: () => setFolded(section, !isFolded(section)) } },
      icon("angle"), element("span", { text: section.title }),
      element("span", { class: "row-note", text: `(${count} panel${count === 1 ? "" : "s"})` }));
    const row = element("section", { class: "row", "data-key": section.key, "aria-label": section.title }, element("h2", {}, head), body);
    row.classList.toggle("folded", folded);
    row.fold = (isNow) => {
      body.hidden = isNow;
      row.classList.toggle("folded", isNow);
      head.setAttribute("aria-expanded", String(!isNow));
    };
    row.section = section;
    return row;
  }

  function countPanels(section) {
    return (section.panels || []).length + (section.sections || []).reduce((sum, one) => sum + countPanels(one), 0);
  }

  function setFolded(section, isNow) {
    state.folded.set(`${state.dashboard.uid}\n${section.key}`, isNow);
    for (const row of document.querySelectorAll("section.row")) if (row.section === section) row.fold(isNow);
  }

  function tabsElement(section, old) {
    const tabs = section.sections || [];
    const key = `${state.dashboard.uid}\n${section.key}`;
    const open = Math.min(state.tabs.get(key) ?? section.opened ?? 0, Math.max(tabs.length - 1, 0));
    const body = element("div", { class: "tab-body", role: "tabpanel" });
    const heads = tabs.map((tab, at) => button({ class: "tab", role: "tab", text: tab.title || `Tab ${at + 1}`, on: { click: () => choose(at) } }));
    function choose(at, focus = false) {
      state.tabs.set(key, at);
      heads.forEach((head, number) => {
        head.setAttribute("aria-selected", String(number === at));
        head.tabIndex = number === at ? 0 : -1;
      });
      body.replaceChildren(sectionElement(tabs[at], old));
      body.setAttribute("aria-label", tabs[at].title || "");
      if (focus) heads[at].focus();
      watchPanels(body);
    }
    const list = element("div", { class: "tabs", role: "tablist", on: { keydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = heads.indexOf(document.activeElement);
      if (at >= 0) choose((at + step + heads.length) % heads.length, true);
    } } }, ...heads);
    if (tabs.length) choose(open);
    return element("section", { class: "tab-group" }, list, body);
  }

  function signature(panel) {
    return JSON.stringify([panel, state.dashboard.contents[panel.content], state.theme, state.view.range, state.view.zone]);
  }

  function panelElement(panel, old) {
    const text = signature(panel);
    const before = old?.get(panel.key);
    const reused = before && before.signature === text ? before : null;
    const built = reused || newPanel(panel, text);
    const place = { "--x": panel.x || 0, "--y": panel.y || 0, "--w": panel.w ?? 24, "--h": panel.h ?? 1 };
    for (const [name, value] of Object.entries(place)) built.style.setProperty(name, value);
    state.panels.set(panel.key, built);
    return built;
  }

  function newPanel(panel, text) {
    const content = element("div", { class: "content" });
    const made = element("section", { class: "panel", "data-key": panel.key, "data-type": panel.type, tabindex: 0, "aria-label": panel.title || panel.type });
    made.classList.toggle("transparent", panel.transparent === true);
    const hasHeader = panel.title || panel.description || (panel.links || []).length;
    made.classList.toggle("headless", !hasHeader);
    made.append(panelHeader(panel), content);
    if (panel.description || (panel.links || []).length) made.prepend(corner(panel));
    if (panel.error) made.prepend(element("span", { class: "error-corner", title: panel.error, role: "img", "aria-label": `Error: ${panel.error}`, text: "!" }));
    Object.assign(made, { panel, content, signature: text, handles: [], isMounted: false });
    return made;
  }

  function heart(panel) {
    if (!panel.alert) return "";
    const isBroken = panel.alert === "firing";
    const drawn = isBroken ? icon("heart", "break") : icon("heart");
    return element("span", { class: `heart ${panel.alert}`, title: `Alert: ${panel.alert}`, role: "img", "aria-label": `Alert: ${panel.alert}` }, drawn);
  }

  function panelHeader(panel) {
    return element("header", { class: "panel-header" },
      element("h3", {}, heart(panel), element("span", { class: "panel-title", text: panel.title || "", title: panel.title })),
      panel.note ? element("span", { class: "note" }, icon("clock"), element("span", { text: panel.note })) : "",
      (panel.notices || []).length ? element("span", { class: "notice-mark", role: "img", title: panel.notices.join("\n"), "aria-label": panel.notices.join("; "), text: "⚠" }) : "",
      button({ class: "panel-menu", "aria-haspopup": "menu", "aria-label": `Menu of ${panel.title || panel.type}`, on: { click: (event) => openPanelMenu(event.currentTarget, panel) } }, icon("dots")));
  }

  function corner(panel) {
    const links = (panel.links || []).map(anchor);
    const description = element("div", { class: "description" });
    description.innerHTML = panel.description || ""; // inert markup, as contents are
    const shown = () => [description, ...links.map((link) => element("p", {}, link))];
    const mark = button({ class: "corner", "aria-label": panel.description ? `Description: ${description.textContent}` : "Links" }, element("span", { text: panel.description ? "i" : "↗" }));
    mark.addEventListener("mouseenter", () => openPopover(mark, shown(), "tip"));
    mark.addEventListener("click", () => openPopover(mark, shown(), "tip"));
    mark.addEventListener("mouseleave", (event) => { if (!popover.contains(event.relatedTarget)) closePopover("tip"); });
    return mark;
  }

  // ── content: put in when it comes near the window, and charts taken out again when it is far ────────────
  function contentOf(panel) {
    const both = state.dashboard.contents[panel.content] || {};
    const isLight = state.theme === "light";
    return {
      html: (isLight ? both.light_html : undefined) ?? both.html ?? "",
      // What the light theme does not change, above all the numbers, is there once.
      chart: isLight && both.light_chart ? { ...both.chart, ...both.light_chart } : both.chart,
    };
  }

  function mount(panelNode) {
    mountTogether([panelNode]);
  }

  // First the markup of all, then their charts, which measure it: else the browser would lay the page out for each.
  function mountTogether(panelNodes) {
    const fresh = panelNodes.filter((node) => !node.isMounted);
    const charts = fresh.flatMap(fill);
    for (const { panelNode, target, chart } of charts) {
      panelNode.handles.push(window.dashgen.charts.mount(target, chart, sceneOf(panelNode.panel)));
      resizes.observe(panelNode.content);
    }
  }

  function sceneOf(panel) {
    return { theme: state.theme, range: panel.range || state.view.range, zone: state.view.zone || "UTC", syncKey: state.dashboard.uid, graphTooltip: state.dashboard.graph_tooltip || 0 };
  }

  // Puts the markup of a panel in; gives the charts that are to be drawn into it.
  function fill(panelNode) {
    panelNode.isMounted = true;
    const { panel, content } = panelNode;
    const { html, chart } = contentOf(panel);
    content.innerHTML = html;
    panelNode.classList.toggle("bleeds", content.firstElementChild?.classList.contains("full-bleed") === true);
    for (const link of content.querySelectorAll("a[data-uid]")) {
      const isThere = state.index.dashboards.some((one) => one.uid === link.dataset.uid);
      if (isThere) link.setAttribute("href", addressOf(link.dataset.uid, {}));
    }
    window.dashgen.contents?.enhance?.(content);
    if (!chart || !window.dashgen.charts) return [];
    return [...content.querySelectorAll(".chart")].map((target) => ({ panelNode, target, chart }));
  }

  function unmount(panelNode) {
    if (!panelNode.isMounted) return;
    resizes.unobserve(panelNode.content);
    for (const handle of panelNode.handles) handle?.destroy?.();
    panelNode.handles = [];
    panelNode.isMounted = false;
    panelNode.content.replaceChildren();
  }

  const resizes = new ResizeObserver((entries) => {
    for (const { target } of entries) for (const handle of target.parentElement?.handles || []) handle?.resize?.();
  });
  const waiting = new Set();
  const nearness = new IntersectionObserver((entries) => {
    const seen = [];
    for (const { target, isIntersecting, boundingClientRect: box } of entries) {
      if (!isIntersecting) {
        waiting.delete(target);
        if (target.handles.length) unmount(target);
      } else if (box.bottom > 0 && box.top < window.innerHeight) seen.push(target);
      else waiting.add(target);
    }
    mountTogether(seen);
    if (waiting.size) requestIdleCallback(mountWaiting, { timeout: PATIENCE });
  }, { rootMargin: `${NEAR} 0px` });

  // What is near the window is drawn when the browser has time, so that what is in it does not wait.
  function mountWaiting(deadline) {
    for (const node of waiting) {
      waiting.delete(node);
      mount(node);
      if (deadline.timeRemaining() < ENOUGH) break;
    }
    if (waiting.size) requestIdleCallback(mountWaiting, { timeout: PATIENCE });
  }

  // What the window shows is drawn with the page and not at the observer's first report, which comes a frame later, or never
  // in a browser that only takes a picture. The rest is drawn when it comes near.
  function watchPanels(inside) {
    const nodes = [...inside.querySelectorAll("section.panel")];
    mountTogether(nodes.filter((node) => {
      const box = node.getBoundingClientRect();
      return box.height > 0 && box.bottom > 0 && box.top < window.innerHeight;
    }));
    for (const node of nodes) nearness.observe(node);
  }

  function mountAll() {
    document.querySelectorAll("section.panel").forEach(mount);
  }

  function draw() {
    const old = state.panels;
    state.panels = new Map();
    const main = element("main", {});
    const shown = state.single ? singlePanel(old) : null;
    document.body.classList.toggle("kiosk", state.kiosk);
    document.body.classList.toggle("single", shown !== null);
    if (shown) main.append(shown);
    else main.append(...(state.view.sections || []).map((section) => sectionElement(section, old)));
    if (!main.childElementCount) main.append(element("p", { class: "message", text: "This dashboard has no panels." }));
    const kept = new Set(state.panels.values());
    for (const node of old.values()) {
      if (!kept.has(node)) {
        nearness.unobserve(node);
        waiting.delete(node);
        unmount(node);
      }
    }
    const at = window.scrollY;
    document.getElementById("page").replaceChildren(bar(), controls() || element("span", {}), main);
    window.scrollTo(0, at);
    document.title = `${state.dashboard.title} – ${state.index.title}`;
    watchPanels(main);
    drawErrors();
  }

  function* everyPanel(sections) {
    for (const section of sections || []) {
      yield* section.panels || [];
      yield* everyPanel(section.sections);
    }
  }

  function singlePanel() {
    const panel = [...everyPanel(state.view.sections)].find((one) => one.key === state.single);
    if (!panel) return null;
    const node = panelElement({ ...panel, x: 0, y: 0, w: 24 }, null);
    const back = button({ class: "back", on: { click: () => go({ single: "" }) } }, icon("back"), element("span", { text: "Back to the dashboard" }));
    return element("div", { class: "single-panel" }, state.kiosk ? "" : back, element("div", { class: "grid" }, node));
  }

  // ── theme ───────────────────────────────────────────────────────────────────────────────────────────────
  const systemLight = window.matchMedia("(prefers-color-scheme: light)");

  function remembered(value) {
    try {
      if (value !== undefined) localStorage.setItem("dashgen-theme", value);
      return localStorage.getItem("dashgen-theme");
    } catch {
      return null; // storage is switched off for this page
    }
  }

  function applyTheme() {
    const chosen = state.chosenTheme === "auto" ? (systemLight.matches ? "light" : "dark") : state.chosenTheme;
    state.theme = chosen;
    document.documentElement.dataset.theme = chosen;
  }

  function setTheme(name) {
    state.chosenTheme = name;
    applyTheme();
    if (!state.dashboard) return;
    if (state.index.served) follow(); // a served page has the contents of one theme
    else draw();
  }

  function switchTheme() {
    const next = state.theme === "dark" ? "light" : "dark";
    remembered(next);
    setTheme(next);
  }

  // ── popovers and dialogs ────────────────────────────────────────────────────────────────────────────────
  const popover = element("div", { id: "popover", popover: "auto" });
  popover.addEventListener("mouseleave", () => closePopover("tip"));

  function openPopover(origin, children, kind) {
    popover.className = kind;
    popover.setAttribute("role", kind === "menu" ? "menu" : kind === "tip" ? "tooltip" : "dialog");
    popover.replaceChildren(...children.filter(Boolean));
    popover.showPopover();
    const from = origin.getBoundingClientRect();
    const size = popover.getBoundingClientRect();
    const left = Math.max(8, Math.min(kind === "menu" ? from.right - size.width : from.left, window.innerWidth - size.width - 8));
    const below = from.bottom + 4;
    popover.style.left = `${left}px`;
    popover.style.top = `${below + size.height > window.innerHeight ? Math.max(8, from.top - size.height - 4) : below}px`;
    if (kind !== "tip") popover.querySelector("button, input")?.focus();
  }

  function closePopover(kind) {
    if (popover.matches(":popover-open") && (!kind || popover.className === kind)) popover.hidePopover();
  }

  function openPanelMenu(origin, panel) {
    const item = (text, key, act) => button({ role: "menuitem", on: { click: () => { closePopover(); act(); } } },
      element("span", { text }), key ? element("kbd", { text: key }) : "");
    openPopover(origin, [
      state.single ? item("Back to the dashboard", "Esc", () => go({ single: "" })) : item("View", "v", () => go({ single: panel.key })),
      item("Inspect", "i", () => openInspector(panel)),
      panel.place ? element("p", { class: "place", title: "Where its spec is", text: panel.place }) : "",
    ], "menu");
  }

  function openDialog(title, ...children) {
    const dialog = element("dialog", { "aria-label": title },
      element("header", {}, element("h2", { text: title }),
        button({ class: "tool", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"))),
      ...children);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  function openList() {
    const items = element("ul", { class: "dashboards" });
    const search = element("input", { type: "search", placeholder: "Search by title, tag or folder", "aria-label": "Search dashboards", autofocus: true });
    function fill() {
      const typed = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = state.index.dashboards.filter((one) => {
        const text = [one.title, one.folder, ...(one.tags || [])].join(" ").toLowerCase();
        return typed.every((part) => text.includes(part));
      });
      items.replaceChildren(...found.map((one) => element("li", {}, element("a", {
        href: addressOf(one.uid, {}), "aria-current": one.uid === state.dashboard?.uid ? "page" : undefined, on: { click: () => dialog.close() },
      }, element("span", { class: "item-title", text: one.title }), element("span", { class: "folder", text: one.folder || "" }),
      ...(one.tags || []).map((tag) => element("span", { class: "tag", text: tag }))))));
      if (!found.length) items.append(element("li", { class: "message", text: "No dashboard has these words." }));
    }
    search.addEventListener("input", fill);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") items.querySelector("a")?.click();
      if (event.key === "ArrowDown") items.querySelector("a")?.focus();
    });
    const dialog = openDialog("Dashboards", search, items);
    fill();
    search.focus();
  }

  const KEYS = [
    ["/", "Find a dashboard"], ["Esc", "Close, or back to the dashboard"], ["v", "View the panel under the pointer"],
    ["i", "Inspect it"], ["d E", "Open all rows"], ["d C", "Fold all rows"], ["d k", "Hide the bar, or show it"],
    ["c t", "Switch the theme"], ["?", "These keys"],
  ];

  function openHelp() {
    openDialog("Keys", element("dl", { class: "keys" }, ...KEYS.flatMap(([key, text]) => [element("dt", {}, element("kbd", { text: key })), element("dd", { text })])));
  }

  // ── inspector ───────────────────────────────────────────────────────────────────────────────────────────
  function openInspector(panel) {
    const queries = (panel.queries || []).map((query) => element("section", { class: "query" },
      element("h3", { text: `${query.ref}${query.source ? ` · ${query.source}` : ""}` }), element("pre", { tabindex: 0, text: query.expr })));
    const tables = (state.dashboard.tables || [])[panel.table ?? -1] || [];
    openDialog(panel.title || panel.type, element("p", { class: "facts" },
      element("span", { text: `Panel type: ${panel.type}` }), panel.place ? element("span", { class: "place", text: panel.place }) : ""),
    queries.length ? "" : element("p", { class: "message", text: "This panel has no query." }), ...queries,
    (panel.transformations || []).length ? element("section", {}, element("h3", { text: "Transformations" }), element("p", { text: panel.transformations.join(" → ") })) : "",
    state.view === state.dashboard.views[0] ? "" : element("p", { class: "message", text: "Its data is in the page for the time and the values that the dashboard opens with." }),
    ...tables.map(tableElement));
  }

  function tableElement(table) {
    const head = element("tr", {}, ...table.names.map((name) => element("th", { scope: "col", text: name })));
    const rows = table.rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", { text: cell }))));
    const copy = button({ text: "Copy as CSV", on: { click: async () => {
      await copyText(csv([table.names, ...table.rows]));
      copy.textContent = "Copied";
    } } });
    const note = table.total > table.rows.length ? `the first ${table.rows.length} of ${table.total} rows` : `${table.total} row${table.total === 1 ? "" : "s"}`;
    return element("section", { class: "data" }, element("h3", {}, element("span", { text: `Data: ${note}` }), copy),
      element("div", { class: "table-box", tabindex: 0 }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))));
  }

  // A spreadsheet computes a cell that starts like a formula; numbers may start with a sign.
  function csv(rows) {
    return rows.map((row) => row.map((cell) => {
      const harmless = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(cell) ? `'${cell}` : cell;
      return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
    }).join(",")).join("\r\n");
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = element("textarea", {});
      area.value = text;
      (document.querySelector("dialog[open]") || document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  // ── keys ────────────────────────────────────────────────────────────────────────────────────────────────
  let pending = "";

  function pointedPanel() {
    return (document.querySelector("section.panel:hover") || document.activeElement?.closest?.("section.panel"))?.panel;
  }

  const ACTIONS = {
    "/": openList,
    "?": openHelp,
    v: () => { const panel = pointedPanel(); if (panel && !state.single) go({ single: panel.key }); },
    i: () => { const panel = pointedPanel(); if (panel) openInspector(panel); },
    "d E": () => foldAll(false),
    "d C": () => foldAll(true),
    "d k": () => { state.kiosk = !state.kiosk; location.hash = addressOf(state.dashboard.uid, state.selection, state.single); },
    "c t": switchTheme,
  };

  function foldAll(isNow) {
    for (const row of document.querySelectorAll("section.row")) setFolded(row.section, isNow);
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      pending = "";
      if (document.querySelector("dialog[open]") || popover.matches(":popover-open")) return; // the browser closes them
      if (state.single) go({ single: "" });
      return;
    }
    if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
    const typed = pending ? `${pending} ${event.key}` : event.key;
    pending = "";
    if (ACTIONS[typed]) {
      event.preventDefault();
      ACTIONS[typed]();
    } else if (event.key === "d" || event.key === "c") {
      pending = event.key;
    }
  }

  // ── changes of specs, when the page is served ───────────────────────────────────────────────────────────
  function drawErrors() {
    let box = document.getElementById("errors");
    if (!state.errors) {
      box?.remove();
      return;
    }
    if (!box) {
      box = element("aside", { id: "errors", role: "alert" });
      document.body.append(box);
    }
    const title = state.dashboard ? "The specs have errors; this is the last good build" : "The specs have errors";
    box.replaceChildren(element("header", {}, element("strong", { text: title }),
      button({ class: "tool", "aria-label": "Hide", on: { click: () => box.remove() } }, icon("close"))), element("pre", { text: state.errors }));
  }

  function listen() {
    const events = new EventSource("events");
    events.addEventListener("message", async (event) => {
      const news = JSON.parse(event.data);
      state.errors = news.errors || "";
      drawErrors();
      if (news.revision === state.revision) return;
      state.revision = news.revision;
      state.index = await (await fetch("index.json", { cache: "no-store" })).json();
      await follow();
    });
  }

  // ── start ───────────────────────────────────────────────────────────────────────────────────────────────
  function start() {
    state.index = JSON.parse(document.getElementById("index").textContent);
    state.revision = state.index.revision;
    state.chosenTheme = readAddress().theme || (state.index.theme === "auto" ? remembered() : null) || state.index.theme || "auto";
    applyTheme();
    document.body.append(popover);
    systemLight.addEventListener("change", () => { if (state.chosenTheme === "auto") setTheme("auto"); });
    window.addEventListener("hashchange", follow);
    document.addEventListener("keydown", onKey);
    let printed = null;
    window.addEventListener("beforeprint", () => {
      printed = state.chosenTheme;
      setTheme("light");
      mountAll();
    });
    window.addEventListener("afterprint", () => setTheme(printed || "auto"));
    if (state.index.served) listen();
    follow();
  }

  window.dashgen.page = { state, mountAll, setTheme, csv };
  // Charts measure their texts, so the fonts that the page brings have to be there before the first one is drawn.
  const fonts = ["400 12px Inter", "500 12px Inter"].map((font) => document.fonts.load(font));
  const parsed = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve);
    else resolve();
  });
  Promise.allSettled([parsed, ...fonts]).then(start);
})();
