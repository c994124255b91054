"use strict";
// What the markup of panels does: sorting and paging of tables. Texts of data come and go as text, never as markup.
window.dashgen = window.dashgen || {};
window.dashgen.contents = (() => {
  const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

  const keyOf = (cell) => (cell && cell.dataset.number !== undefined ? Number(cell.dataset.number) : cell ? cell.textContent : "");

  const compare = (one, other) => {
    const isNumber = typeof one === "number";
    if (isNumber !== (typeof other === "number")) {
      return isNumber ? 1 : -1;
    }
    return isNumber ? one - other : collator.compare(one, other);
  };

  // Rows in the order of a column; falling, rising and the order of the answer take turns.
  const sortBy = (table, column, pages) => {
    const head = table.tHead.rows[0].cells[column];
    const next = { "": "ascending", ascending: "descending", descending: "" }[head.getAttribute("aria-sort") || ""];
    for (const cell of table.tHead.rows[0].cells) {
      cell.removeAttribute("aria-sort");
    }
    if (next) {
      head.setAttribute("aria-sort", next);
    }
    const rows = [...table.tBodies[0].rows];
    const keys = new Map(rows.map((row) => [row, next ? keyOf(row.cells[column]) : Number(row.dataset.row)]));
    const sign = next === "descending" ? -1 : 1;
    rows.sort((one, other) => sign * compare(keys.get(one), keys.get(other)));
    table.tBodies[0].append(...rows);
    pages();
  };

  const pager = (room) => {
    const bar = document.createElement("div");
    bar.className = "table-pages";
    const back = document.createElement("button");
    const on = document.createElement("button");
    const shown = document.createElement("span");
    back.type = on.type = "button";
    back.textContent = "‹";
    on.textContent = "›";
    back.setAttribute("aria-label", "Previous page");
    on.setAttribute("aria-label", "Next page");
    bar.append(back, shown, on);
    room.append(bar);
    let page = 0;
    const show = () => {
      const scroll = room.querySelector(".table-scroll:not([hidden])");
      const rows = [...scroll.querySelector("tbody").rows];
      const height = Number(room.dataset.rowHeight) || 36;
      const head = scroll.querySelector("thead");
      const size = Math.max(1, Math.floor((scroll.clientHeight - (head ? head.offsetHeight : 0)) / height));
      const count = Math.max(1, Math.ceil(rows.length / size));
      page = Math.min(Math.max(page, 0), count - 1);
      rows.forEach((row, index) => {
        row.hidden = Math.floor(index / size) !== page;
      });
      shown.textContent = `${page * size + 1}–${Math.min((page + 1) * size, rows.length)} of ${rows.length} rows`;
      back.disabled = page === 0;
      on.disabled = page === count - 1;
    };
    back.addEventListener("click", () => { page -= 1; show(); });
    on.addEventListener("click", () => { page += 1; show(); });
    new ResizeObserver(show).observe(room);
    show();
    return show;
  };

  // Columns that stay need to know where they stay: behind those before them.
  const freeze = (table) => {
    let left = 0;
    const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
    heads.forEach((head, column) => {
      if (head.classList.contains("frozen")) {
        const edge = `${left}px`;
        for (const row of table.rows) {
          if (row.cells[column]) {
            row.cells[column].style.setProperty("--frozen-left", edge);
          }
        }
        left += head.offsetWidth;
      }
    });
  };

  const enhanceTable = (room) => {
    const pages = room.dataset.pages ? pager(room) : () => {};
    room.style.setProperty("--row-height", `${Number(room.dataset.rowHeight) || 36}px`);
    const scrolls = [...room.querySelectorAll(".table-scroll")];
    for (const scroll of scrolls) {
      const table = scroll.querySelector("table");
      for (const button of table.querySelectorAll(".table-sort")) {
        const column = button.parentElement.cellIndex;
        button.addEventListener("click", () => sortBy(table, column, pages));
      }
      if (table.querySelector(".frozen")) {
        freeze(table);
        new ResizeObserver(() => freeze(table)).observe(scroll);
      }
    }
    const choice = room.querySelector(".table-choice");
    if (choice) {
      choice.addEventListener("change", () => {
        scrolls.forEach((scroll, index) => { scroll.hidden = String(index) !== choice.value; });
        pages();
      });
    }
  };

  // The labels of a line of a log, as a table that is made when the line is opened.
  const openLine = (line) => {
    if (!line.open || line.querySelector("table")) {
      return;
    }
    const table = document.createElement("table");
    table.className = "log-details";
    for (const [name, value] of Object.entries(JSON.parse(line.dataset.labels))) {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      row.insertCell().textContent = value;
    }
    line.append(table);
  };

  const enhance = (element) => {
    for (const line of element.querySelectorAll("details.log-line")) {
      line.addEventListener("toggle", () => openLine(line));
    }
    for (const room of element.querySelectorAll(".table-room")) {
      enhanceTable(room);
    }
  };

  return { enhance };
})();
