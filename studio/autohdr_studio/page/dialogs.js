/** Asks before anything is written, and lists the keys. */
import { post } from "/page/api.js";
import { besides } from "/page/edits.js";
import { isOwn, spell, state } from "/page/store.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("dialog");

/** Shows a question; resolves to whether it was answered with yes. Without `yes` there is nothing to answer. */
function ask(title, nodes, yes) {
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...nodes);
  byId("dialog-yes").hidden = !yes;
  Object.assign(byId("dialog-yes"), { textContent: yes ?? "OK", disabled: false });
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

const several = (count) => `${count} photo${count === 1 ? "" : "s"}`;

/** What was chosen last, for as long as the page is open. */
const last = { which: "all", within: "5" };

/** Asks which labels to write, shows what would change, and writes. */
export async function write(shown) {
  const { body, chosen } = choices(shown);
  if (!(await ask("Apply suggestions to photos", body, "See what would change"))) return null;
  const ids = chosen();
  const would = await post("/api/write", { ids, dry: true });
  const told = made("p", `${several(would.labelled)} would get the suggestion; ${would.unchanged} have it already; ${would.skipped + would.failed} are left alone.`);
  if (!(await ask("What would change", [told, ...(would.first ? [made("p", would.first, { className: "first" })] : []), changes(would.photos)], would.labelled ? `Apply to ${several(would.labelled)}` : null))) return null;
  await post("/api/write", { ids, dry: false });
  return { sentence: "Applying …" };
}

/** What can be chosen, with the number of photos beside each, which follows what is typed. */
function choices(shown) {
  const all = [...state.photos.values()].filter((photo) => !isOwn(photo) && !photo.excluded && photo.state === "ready");
  const listed = new Set(shown), sure = document.createElement("input"), count = made("output", "");
  Object.assign(sure, { type: "text", value: last.within, size: 4, ariaLabel: "L*, at most", inputMode: "decimal" });
  const limit = () => Number(sure.value.trim().replace(",", ".") || NaN);
  const within = choice("within", "only the sure ones, with an error up to (L*): ", last.which === "within");
  within.append(sure, " ", count);
  const counted = () => {
    const photos = all.filter((photo) => photo.difference != null && photo.difference <= limit()).length;
    count.textContent = Number.isNaN(limit()) ? "(a number is missing)" : `(${several(photos)})`;
    byId("dialog-yes").disabled = Number.isNaN(limit()) && within.control.checked;
  };
  const body = [
    choice("all", `all ${several(all.length)} that you have not edited`, last.which === "all"),
    within,
    choice("shown", `only those in the list now (${several(all.filter((photo) => listed.has(photo.id)).length)})`, last.which === "shown"),
    made("p", "What autohdr suggests is written into sidecars and DNGs. Your own edits are left alone, and “Remove…” takes all of it back.", { className: "soft" }),
  ];
  const radios = body.map((node) => node.querySelector?.("input[type=radio]")).filter(Boolean);
  sure.addEventListener("input", () => { radios[1].checked = true; counted(); });
  for (const radio of radios) radio.addEventListener("change", counted);
  counted();
  const chosen = () => {
    Object.assign(last, { which: radios.find((radio) => radio.checked).value, within: sure.value });
    return { all: "all", within: { within: limit() }, shown }[last.which];
  };
  return { body, chosen };
}

/** A table of photos and what would change in each, or why it is left alone. */
function changes(photos) {
  const table = document.createElement("table"), head = document.createElement("tr");
  head.append(made("th", "Photo"), made("th", "What it would get"));
  table.append(head);
  for (const { id, reason, changes: found } of photos) {
    const line = document.createElement("tr");
    const words = [...state.sliders, ...besides()].filter((slider) => found?.[slider.key]).map((slider) => `${slider.name} ${spell(slider, found[slider.key][1])}`);
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
  ["N", "open the photo whose edit teaches most"], ["B or \\ (hold)", "before"], ["Y", "divider between before and after"], ["Z, or a click", "pixel by pixel, or all of the photo; then arrow keys move it"],
  ["+ and -, Ctrl and the wheel", "zoom"], ["H", "HDR or SDR rendition"],
  ["A", "Auto"], ["W", "pick a grey spot for the white balance"], ["U", "as its neighbour: your own edit that is nearest in time, of the same series if there is one"], ["L", "as suggested"], ["X", "leave out"], ["Ctrl+Z", "undo the last save of this photo"],
  ["Double-click, Delete", "reset a slider: to what is suggested, to 0 or As Shot"], ["Esc", "all of the photo again; back to all photos"], ["?", "this list"],
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
