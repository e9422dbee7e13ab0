"use strict";
// What the page knows, and how it says it.
const page = JSON.parse(document.getElementById("data").textContent);
const photos = page.photos;
const byId = (id) => document.getElementById(id);

const WHOSE = {
  autohdr: "Label by autohdr",
  corrected: "Label, corrected since",
  edited: "Photographer’s edit",
  unedited: "Not edited",
};
const SHORT = { autohdr: "", corrected: "Corrected", edited: "Edited", unedited: "Not edited" };
const KINDS = [
  ["all", "All", () => true],
  ["doubt", "To check", toCheck],
  ["autohdr", "Labelled", (photo) => photo.whose === "autohdr" && !photo.failed],
  ["edited", "Edited", (photo) => photo.whose === "edited" || photo.whose === "corrected"],
  ["unedited", "Not edited", (photo) => photo.whose === "unedited"],
  ["passed", "Passed over", (photo) => photo.passed],
  ["failed", "Failed", (photo) => photo.failed && !photo.passed],
];

function spelled(value, decimals) {
  const text = Math.abs(value).toFixed(decimals);
  return value === 0 ? text : (value > 0 ? "+" : "−") + text;
}

function picture(photo, kind) {
  return photo.pictures[kind] ? `${page.folder}/${encodeURIComponent(photo.pictures[kind])}` : "";
}

function place(photo) {
  return photo.folder ? `${photo.folder}/${photo.name}` : photo.name;
}

// A file's name need not be text, which addresses have to be.
function address(photo) {
  try { return `#${encodeURIComponent(place(photo))}`; } catch { return " "; }
}

function describe(photo, which) {
  return which === "before" ? `${place(photo)} before its settings` : `${place(photo)} with its settings`;
}

function values(photo) {
  if (!photo.values) return [];
  return photo.values.map((value, index) => [page.sliders[index].name, spelled(value, page.sliders[index].decimals)]);
}

// The error that is expected of one slider, as it stands behind its value.
function doubt(photo, index) {
  const error = photo.errors && photo.errors[index];
  return error ? ` ± ${error.toFixed(page.sliders[index].decimals)}` : "";
}

// Whether it is worth a look: it is unlike all edits of its style, and may look noticeably different.
function toCheck(photo) {
  return Boolean(photo.why && photo.why.unlike) && photo.difference > page.noticeable;
}

// How different that may be, in words.
function likeness(photo) {
  if (photo.difference == null) return "";
  const far = `by ${photo.difference.toFixed(1)} L*; a third of a stop changes most photos by ${page.noticeable.toFixed(1)}`;
  const own = photo.why ? "your own edit" : "what photographers usually do";
  return photo.difference > page.noticeable ? `May look different from ${own} (${far}).` : `Should look much like ${own} (off ${far}).`;
}

// Which edits a style's label goes by, or in what the photo is unlike all of them.
function why(photo) {
  if (!photo.why) return "";
  const near = photo.why.near.map((name) => name.replace(/\.[^.]+$/, ""));
  if (!near.length) return photo.why.unlike || "";
  const all = near.length > 1 ? `edits of ${near.slice(0, -1).join(", ")} and ${near[near.length - 1]}` : `edit of ${near[0]}`;
  return `In light and tones like your ${all}.`;
}

// Which photos it has its look in common with.
function together(photo) {
  if (!photo.series) return "";
  const { kind, photos, first } = photo.series;
  return `One of ${photos} photos of a ${kind} that begins with ${first.replace(/\.[^.]+$/, "")}: they have one look.`;
}

function when(photo) {
  if (photo.captured === null) return "";
  const time = new Date(photo.captured * 1000).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

// The card names its photo already, and people begin sentences with a capital.
function reason(photo) {
  const sentence = photo.failed.slice(photo.failed.startsWith(photo.path) ? photo.path.length : 0).replace(/^[:\s]+/, "");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function status(photo) {
  if (photo.passed) return ["Passed over", "warn"];
  if (photo.failed) return ["Failed", "bad"];
  if (toCheck(photo)) return ["Check", "warn"];
  return [SHORT[photo.whose] || "", ""];
}

function count(number) {
  return number === 1 ? "1 photo" : `${number.toLocaleString("en")} photos`;
}
