// The keys and clicks of the table.
import { registerCommand } from "../palette/commands.js";
import { addressOf } from "./cells.js";

export function listenToKeys(table) {
  const { grid } = table;
  const element = grid.element;

  const atEvent = (event) => {
    const cell = event.target.closest(".grid-cell[data-column]");
    const row = event.target.closest(".grid-row");
    const column = cell && grid.columnOf(cell);
    return row && column ? { cell, column, place: Number(row.dataset.place) } : null;
  };

  element.addEventListener("click", (event) => {
    const at = atEvent(event);
    if (!at || event.target.closest("a, button, input")) return;
    grid.moveTo(at.place, grid.columns.indexOf(at.column));
    element.focus({ preventScroll: true });
    if (event.shiftKey) return table.selection.turn(at.place, { isRange: true });
    if (event.ctrlKey || event.metaKey) return table.selection.turn(at.place);
    if (getSelection().toString() === "") table.cellMenu(at.place, at.column, grid.cellAt(at.place, at.column) ?? at.cell, { x: event.clientX, y: event.clientY + 8 });
  });

  element.addEventListener("contextmenu", (event) => {
    const at = atEvent(event);
    if (!at || event.target.closest("a") || event.shiftKey) return;
    event.preventDefault();
    grid.moveTo(at.place, grid.columns.indexOf(at.column));
    table.cellMenu(at.place, at.column, at.cell, { x: event.clientX, y: event.clientY });
  });

  // The name is a link, which browsers open in a tab by themselves; the other cells follow it.
  element.addEventListener("auxclick", (event) => {
    const at = event.button === 1 ? atEvent(event) : null;
    const row = at && !event.target.closest("a") ? table.rows.at(at.place).row : null;
    if (row && !row.isGroup) open(addressOf(row), "_blank", "noopener");
  });
  element.addEventListener("mousedown", (event) => { if (event.button === 1 && atEvent(event)) event.preventDefault(); });

  const page = () => Math.max(1, Math.floor(element.clientHeight / grid.rowHeight) - 2);
  const moves = {
    ArrowDown: [1, 0], j: [1, 0], ArrowUp: [-1, 0], k: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  };

  element.addEventListener("keydown", (event) => {
    if (event.target !== element) return;
    const { place } = grid.active;
    const column = grid.activeColumn;
    const row = place >= 0 ? table.rows.at(place).row : null;
    if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      table.resize(column, column.width + (event.key === "ArrowRight" ? 16 : -16));
      return table.columnsChanged();
    }
    if (event.ctrlKey && event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      return table.shiftColumn(column, event.key === "ArrowRight" ? 1 : -1);
    }
    if (event.shiftKey && event.key === "F10") {
      event.preventDefault();
      return openHere();
    }
    if (event.ctrlKey && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      return grid.moveTo(event.key === "Home" ? 0 : table.rows.size - 1);
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      const isTreeKey = column?.key === "name" && row && (row.isGroup || table.childrenOf(row) > 0);
      const isOpen = isTreeKey && table.rows.at(place).isOpen;
      if (isTreeKey && event.key === "ArrowRight" && !isOpen || isTreeKey && event.key === "ArrowLeft" && isOpen) return table.toggle(place);
      if (event.shiftKey && move[0] !== 0) table.selection.turn(place);
      grid.move(...move);
      return;
    }
    switch (event.key) {
      case "PageDown": grid.move(page(), 0); break;
      case "PageUp": grid.move(-page(), 0); break;
      case "Home": grid.move(0, -1e6); break;
      case "End": grid.move(0, 1e6); break;
      case "Enter":
        if (place < 0) table.sort(column, event.shiftKey);
        else if (row?.isGroup) table.toggle(place);
        else if (row) location.href = addressOf(row);
        break;
      case "x": case " ": if (place >= 0) table.selection.turn(place, { isRange: event.shiftKey }); break;
      case "X": if (place >= 0) table.selection.turn(place, { isRange: true }); break;
      case "c": table.bar.bulk.compare(); break;
      case "m": case "ContextMenu": openHere(); break;
      case "Escape": table.selection.clear(); break;
      default: return;
    }
    event.preventDefault();
  });

  function openHere() {
    const { place } = grid.active;
    const column = grid.activeColumn;
    const anchor = element.querySelector("#active-cell") ?? element;
    if (place < 0) table.columnMenu(column, anchor); else table.cellMenu(place, column, anchor);
  }

  const inGrid = (act) => () => {
    element.focus({ preventScroll: true });
    act();
  };
  const select = () => { if (grid.active.place >= 0) table.selection.turn(grid.active.place); };
  registerCommand({ title: "Filter the runs", keys: "/", run: () => table.filter.focus() });
  registerCommand({ title: "Next run", keys: "j", run: inGrid(() => grid.move(1, 0)) });
  registerCommand({ title: "Previous run", keys: "k", run: inGrid(() => grid.move(-1, 0)) });
  registerCommand({ title: "Select the run", keys: "x", run: inGrid(select) });
  registerCommand({ title: "Compare the selected runs", keys: "c", run: () => table.bar.bulk.compare() });
  registerCommand({ title: "Menu of the cell", keys: "m", run: inGrid(openHere) });
  registerCommand({ title: "Export the runs as CSV", run: () => table.bar.csv.click() });

  // Before the page's own, which finds things by this key.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [role=menu], dialog")) return;
    event.preventDefault();
    table.filter.focus();
  });
}
