"use strict";
// The theme and the search of every page. Texts of the specs are only ever put in as text.
(function () {
  const page = document.documentElement;
  const root = page.dataset.root || "";
  const MOST = 30;

  function remembered() {
    try { return localStorage.getItem("dashgen-theme"); } catch { return null; }
  }

  function remember(theme) {
    try { localStorage.setItem("dashgen-theme", theme); } catch { /* a page without storage forgets it */ }
  }

  // Before anything is drawn, so that a dark page does not flash in light.
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") page.dataset.theme = chosen;

  function isDark() {
    if (page.dataset.theme) return page.dataset.theme === "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function switchTheme() {
    page.dataset.theme = isDark() ? "light" : "dark";
    remember(page.dataset.theme);
  }

  function loaded() {
    if (window.dashgenPages) return Promise.resolve(window.dashgenPages);
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root + "search-index.js";
      script.onload = () => resolve(window.dashgenPages || []);
      script.onerror = reject;
      document.head.append(script);
    });
  }

  // How well a page fits all words: lower is better; -1 when a word is nowhere.
  function rank(entry, words) {
    const [title, , , text] = entry;
    const name = title.toLowerCase(), rest = text.toLowerCase();
    let sum = 0;
    for (const word of words) {
      const at = name.indexOf(word);
      if (at === 0) sum += 0;
      else if (at > 0) sum += /[\s_:.-]/.test(name[at - 1]) ? 1 : 2;
      else if (rest.includes(word)) sum += 4;
      else return -1;
    }
    return sum;
  }

  function show(list, pages, text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    list.hidden = words.length === 0;
    if (list.hidden) return;
    const found = pages
      .map((entry) => [rank(entry, words), entry])
      .filter(([sum]) => sum >= 0)
      .sort((a, b) => a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : 1));
    for (const [, [title, kind, path]] of found.slice(0, MOST)) {
      const item = document.createElement("li"), link = document.createElement("a");
      const note = document.createElement("small");
      link.href = root + path;
      link.textContent = title;
      note.textContent = kind;
      link.append(note);
      item.append(link);
      list.append(item);
    }
    if (found.length === 0) {
      const item = document.createElement("li");
      item.className = "none";
      item.textContent = "nothing has this name or description";
      list.append(item);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", switchTheme);

    const field = document.getElementById("search"), list = document.getElementById("results");
    field.closest(".search").hidden = false;
    field.addEventListener("input", () => loaded().then((pages) => show(list, pages, field.value)));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { field.value = ""; list.hidden = true; }
      if (event.key === "ArrowDown") { event.preventDefault(); list.querySelector("a")?.focus(); }
      if (event.key === "Enter") list.querySelector("a")?.click();
    });
    list.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown") { event.preventDefault(); links[at + 1]?.focus(); }
      if (event.key === "ArrowUp") { event.preventDefault(); (links[at - 1] || field).focus(); }
      if (event.key === "Escape") { list.hidden = true; field.focus(); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        field.focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".search")) list.hidden = true;
    });
  });
})();
