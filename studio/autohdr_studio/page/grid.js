/** Shows all photos as tiles; only the lines that are near the view are there. */
import { post } from "/page/api.js";
import { groups, state, tag, watch } from "/page/store.js";
import * as thumbs from "/page/thumbs.js";

const WIDTH = 232, GAP = 12, TILE = 214, HEADING = 34, NEAR = 600;
const scroller = document.getElementById("scroller"), grid = document.getElementById("grid"), empty = document.getElementById("empty");
let lines = [], height = 0, columns = 1, before = false, current = null, open = () => {};
const shown = new Map();
const tiles = new Map();

export function start(onOpen) {
  open = onOpen;
  new ResizeObserver(layOut).observe(scroller);
  scroller.addEventListener("scroll", () => requestAnimationFrame(show), { passive: true });
  grid.addEventListener("click", (event) => event.target.closest(".tile") && open(event.target.closest(".tile").dataset.id));
  grid.addEventListener("keydown", move);
  watch((kind, ids) => {
    if (kind === "list") layOut();
    else update(ids);
  });
}

export function showBefore(on) {
  before = on;
  thumbs.refresh([...tiles.keys()]);
}

/** Puts all photos into lines of tiles, and headings between them. */
export function layOut() {
  columns = Math.max(1, Math.floor((scroller.clientWidth - 40 + GAP) / (WIDTH + GAP)));
  lines = [];
  let top = 12;
  for (const group of groups()) {
    if (group.title) {
      lines.push({ key: `h${group.title}${group.ids[0]}`, top, height: HEADING, title: group.title });
      top += HEADING;
    }
    for (let first = 0; first < group.ids.length; first += columns) {
      const ids = group.ids.slice(first, first + columns);
      lines.push({ key: `${columns}|${ids.join()}`, top, height: TILE, ids });
      top += TILE + GAP;
    }
  }
  height = top + 12;
  grid.style.height = `${height}px`;
  grid.ariaColCount = columns;
  grid.ariaRowCount = lines.length;
  empty.hidden = lines.length > 0;
  empty.textContent = state.photos.size ? "No photo is like that." : "There is no RAW file here.";
  show();
}

function show() {
  const from = scroller.scrollTop - NEAR, to = scroller.scrollTop + scroller.clientHeight + NEAR;
  const near = lines.filter((line) => line.top + line.height > from && line.top < to);
  const keys = new Set(near.map((line) => line.key));
  for (const [key, node] of shown) if (!keys.has(key)) remove(key, node);
  let last = null;
  for (const [index, line] of near.entries()) {
    const node = shown.get(line.key) ?? add(line);
    node.style.top = `${line.top}px`;
    node.ariaRowIndex = String(lines.indexOf(line) + 1);
    follow(node, last);
    last = node;
    if (index === 0 && !tiles.has(current)) reach(node);
  }
  want(near);
}

/** Puts a line behind the one above it, for those who go by the order of the page; what has the focus keeps it. */
function follow(node, last) {
  if (node.previousElementSibling === last) return;
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  grid.insertBefore(node, last ? last.nextSibling : grid.firstChild);
  focused?.focus({ preventScroll: true });
}

let asked = "";

/** Tells the server which photos are seen: they are prepared before all others. */
function want(near) {
  const ids = near.flatMap((line) => line.ids ?? []).filter((id) => state.photos.get(id).state === "waiting");
  if (!ids.length || ids.join() === asked) return;
  asked = ids.join();
  post("/api/want", { ids }).catch(() => {});
}

function reach(node) {
  const first = node.querySelector(".tile");
  if (first && !grid.querySelector('.tile[tabindex="0"]')) first.tabIndex = 0;
}

function add(line) {
  const node = document.createElement("div");
  node.className = "line-of-grid";
  node.role = "row";
  node.style.height = `${line.height}px`;
  if (line.title !== undefined) {
    node.classList.add("heading");
    const cell = document.createElement("h2");
    cell.role = "gridcell";
    cell.className = "soft";
    cell.textContent = line.title;
    node.append(cell);
  } else {
    node.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    node.append(...line.ids.map(tile));
  }
  shown.set(line.key, node);
  grid.append(node);
  return node;
}

function remove(key, node) {
  for (const one of node.querySelectorAll(".tile")) {
    thumbs.forget(one.querySelector("canvas"));
    if (tiles.get(one.dataset.id) === one) tiles.delete(one.dataset.id);
  }
  node.remove();
  shown.delete(key);
}

function tile(id) {
  const node = document.createElement("button");
  node.type = "button";
  node.role = "gridcell";
  node.className = "tile";
  node.dataset.id = id;
  node.tabIndex = id === current ? 0 : -1;
  const frame = document.createElement("span"), canvas = document.createElement("canvas"), waiting = document.createElement("span");
  frame.className = "shown";
  waiting.className = "waiting";
  canvas.width = canvas.height = 1;
  frame.append(canvas, waiting);
  const caption = document.createElement("span"), name = document.createElement("span"), told = document.createElement("span");
  caption.className = "caption";
  told.className = "tag";
  caption.append(name, told);
  node.append(frame, caption);
  tiles.set(id, node);
  fill(node);
  thumbs.draw(id, canvas, () => thumbs.settingsOf(state.photos.get(id), undefined, before));
  return node;
}

function fill(node) {
  const photo = state.photos.get(node.dataset.id);
  const [frame, caption] = node.children;
  const ready = photo.state === "ready";
  frame.firstChild.hidden = !ready;
  frame.lastChild.hidden = ready;
  frame.lastChild.textContent = photo.state === "failed" ? photo.note ?? "cannot be read" : "…";
  const [word, kind] = tag(photo);
  caption.firstChild.textContent = photo.name;
  caption.lastChild.textContent = word;
  caption.lastChild.className = `tag ${kind}`;
  caption.lastChild.title = word.includes("±") ? "Its suggestion may be this much lighter or darker than an edit of yours (L*, 0 to 100)" : "";
  node.classList.toggle("excluded", Boolean(photo.excluded));
  node.ariaLabel = [photo.name, word, photo.state === "failed" ? photo.note : ""].filter(Boolean).join(", ");
}

function update(ids) {
  for (const id of ids) {
    const node = tiles.get(id);
    if (node) fill(node);
  }
  thumbs.refresh(ids);
}

/** Shows that these photos' labels are other ones now. */
export function flash(ids) {
  for (const id of ids) {
    const node = tiles.get(id);
    if (!node) continue;
    node.classList.remove("changed");
    void node.offsetWidth;
    node.classList.add("changed");
  }
}

export function focus(id) {
  const line = lines.find((one) => one.ids?.includes(id));
  if (!line) return;
  if (line.top < scroller.scrollTop || line.top + line.height > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = Math.max(0, line.top - scroller.clientHeight / 3);
  }
  show();
  for (const one of grid.querySelectorAll('.tile[tabindex="0"]')) one.tabIndex = -1;
  current = id;
  const node = tiles.get(id);
  if (node) {
    node.tabIndex = 0;
    node.focus({ preventScroll: true });
  }
}

function move(event) {
  const from = event.target.closest(".tile")?.dataset.id;
  const all = lines.flatMap((line) => line.ids ?? []);
  const at = all.indexOf(from);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -at, End: all.length - 1 - at }[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  focus(all[Math.min(all.length - 1, Math.max(0, at + step))]);
}
