/** Asks before anything is written, and lists the keys. */
import { post } from "/page/api.js";
import { isOwn, spell, state } from "/page/store.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("dialog");

/** Shows a question; resolves to whether it was answered with yes. Without `yes` there is nothing to answer. */
function ask(title, nodes, yes) {
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...nodes);
  byId("dialog-yes").hidden = !yes;
  byId("dialog-yes").textContent = yes ?? "OK";
  byId("dialog-no").textContent = yes ? "Cancel" : "Close";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answered) => dialog.addEventListener("close", () => answered(dialog.returnValue === "yes"), { once: true }));
}

function made(kind, words, properties = {}) {
  return Object.assign(document.createElement(kind), { textContent: words, ...properties });
}

function choice(value, words, checked) {
  const label = document.createElement("label"), input = Object.assign(document.createElement("input"), { type: "radio", name: "which", value, checked });
  label.append(input, ` ${words}`);
  return label;
}

/** Asks which labels to write, shows what would change, and writes. */
export async function write(shown) {
  const all = [...state.photos.values()].filter((photo) => !isOwn(photo) && !photo.excluded && photo.state === "ready");
  const sure = Object.assign(document.createElement("input"), { type: "text", value: "5", size: 4, ariaLabel: "L*, at most", inputMode: "decimal" });
  const within = choice("within", "only the sure ones, with an error up to (L*): ", false);
  within.append(sure);
  const body = [
    choice("all", `all ${all.length} photos that you have not edited`, true),
    within,
    choice("shown", `only photos that are in the list now (${shown.filter((id) => all.some((photo) => photo.id === id)).length})`, false),
    made("p", "What autohdr suggests is written into sidecars and DNGs. Your own edits are left alone, and “Remove…” takes all of it back.", { className: "soft" }),
  ];
  if (!(await ask("Apply suggestions to photos", body, "See what would change"))) return null;
  const picked = body.map((node) => node.querySelector?.("input[type=radio]")).find((input) => input?.checked)?.value;
  const ids = { all: "all", within: { within: Number(sure.value.replace(",", ".")) }, shown }[picked];
  const would = await post("/api/write", { ids, dry: true });
  const told = made("p", `${would.labelled} photos would get the suggestion; ${would.unchanged} have it already; ${would.skipped + would.failed} are left alone.`);
  if (!(await ask("What would change", [told, changes(would.photos)], would.labelled ? `Apply to ${would.labelled} photos` : null))) return null;
  await post("/api/write", { ids, dry: false });
  return { sentence: "Applying …" };
}

/** A table of photos and what would change in each, or why it is left alone. */
function changes(photos) {
  const table = document.createElement("table"), head = document.createElement("tr");
  head.append(made("th", "Photo"), made("th", "What it would get"));
  table.append(head);
  for (const { id, reason, changes: found } of photos) {
    const line = document.createElement("tr");
    const words = state.sliders.filter((slider) => found?.[slider.key]).map((slider) => `${slider.name} ${spell(slider, found[slider.key][1])}`);
    line.append(made("td", state.photos.get(id)?.name ?? ""), made("td", words.join(", ") || reason || "nothing"));
    table.append(line);
  }
  return table;
}

export async function undo() {
  const words = "Every edit that autohdr wrote in this shoot is taken back, to the byte. Your own edits stay.";
  if (!(await ask("Remove autohdr's edits", [made("p", words)], "Remove them"))) return null;
  await post("/api/undo", { ids: "all" });
  return { sentence: "Taking labels back …" };
}

export async function saveStyle() {
  const name = Object.assign(document.createElement("input"), { type: "text", ariaLabel: "File name", value: `${state.name.replace(/[^\w-]+/g, "-")}.style` });
  const body = [made("p", "The name of the file in the folder of the shoot, for autohdr label --style:"), name];
  if (!(await ask("Save the style", body, "Save")) || !name.value) return null;
  const saved = await post("/api/style", { name: name.value });
  return { sentence: `The style is saved: autohdr label FOLDER --style ${saved.path}` };
}

const KEYS = [
  ["Arrow keys, Home, End", "move among photos, or a slider by a step (Shift: ten steps)"], ["Enter", "open a photo; save your edit and go on to the next"],
  ["N", "open the photo whose edit teaches most"], ["B or \\ (hold)", "before"], ["Y", "divider between before and after"], ["H", "HDR or SDR rendition"],
  ["A", "Auto"], ["U", "as the photo before it"], ["L", "as suggested"], ["X", "leave out"], ["Ctrl+Z", "undo the last save of this photo"],
  ["Double-click, Delete", "reset a slider: to what is suggested, to 0"], ["Esc", "back to all photos"], ["?", "this list"],
];

export function keys() {
  const table = document.createElement("table");
  for (const [key, words] of KEYS) {
    const line = document.createElement("tr"), cell = document.createElement("td");
    cell.append(made("kbd", key));
    line.append(cell, made("td", words));
    table.append(line);
  }
  return ask("Keys", [table], null);
}
