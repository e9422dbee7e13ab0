/** Holds the photos of the shoot: what is shown, in which order, under which headings. */
import { dayWords, divided } from "/page/groups.js";

export const state = {
  name: "", sliders: [], balance: [], further: [], photos: new Map(), style: null, mode: { hdr: true, headroom: 4 }, readonly: false,
  filter: "all", sort: "time", open: null,
  /** What sliders were moved to and not saved yet, by photo: as edits.js has it. */
  drafts: new Map(),
};
const listeners = new Set();

/** Calls `listener(kind, ids)` after a change: "photos" (some changed), "list" (what is shown, or its order). */
export function watch(listener) {
  listeners.add(listener);
}

export function tell(kind, ids = []) {
  limit = null;
  if (kind === "list") known = null;
  for (const listener of listeners) listener(kind, ids);
}

/** Takes what the server tells of some photos, all of it or a part; a photo may stand elsewhere by it. */
export function put(photos) {
  let list = false;
  for (const photo of photos) {
    const before = state.photos.get(photo.id), now = { ...before, ...photo };
    list ||= !before || (state.sort === "time" && place(before) !== place(now));
    state.photos.set(photo.id, now);
  }
  tell(list ? "list" : "photos", photos.map((photo) => photo.id));
}

const place = ({ captured, series }) => `${captured}|${series?.number}|${series?.kind}|${series?.count}`;

/** Whether a photo's settings are the photographer's own. */
export const isOwn = (photo) => photo.whose === "photographer" || photo.whose === "correction";

const DOUBTFUL = 0.1;
/** What is worked out of all photos once for each change: the groups that are shown, and the limit of doubt. */
let known = null, limit = null;

/** The difference above which a photo is among the tenth that is most doubtful. */
function threshold() {
  limit ??= doubtful();
  return limit;
}

function doubtful() {
  const found = [...state.photos.values()].filter((photo) => !isOwn(photo) && photo.difference != null).map((photo) => photo.difference);
  found.sort((one, other) => other - one);
  return found.length ? found[Math.floor(found.length * DOUBTFUL)] : Infinity;
}

export function filters() {
  const days = new Map(), cameras = new Map();
  for (const photo of state.photos.values()) {
    if (photo.day) days.set(photo.day, (days.get(photo.day) ?? 0) + 1);
    if (photo.camera) cameras.set(photo.camera, (cameras.get(photo.camera) ?? 0) + 1);
  }
  const fixed = [
    ["all", "all photos"], ["doubtful", "doubtful"], ["edited", "edited by you"], ["corrected", "corrected"],
    ["labelled", "not edited by you"], ["failed", "failed"], ["excluded", "left out"],
  ];
  const named = (kind, map, words) => (map.size > 1 ? [...map].sort().map(([key, count]) => [`${kind}:${key}`, `${words(key)} (${count})`]) : []);
  return [...fixed, ...named("day", days, dayWords), ...named("camera", cameras, (key) => key)];
}

function passes(limit) {
  const [kind, value] = state.filter.includes(":") ? state.filter.split(/:(.*)/s) : [state.filter, ""];
  return {
    all: () => true,
    doubtful: (photo) => !isOwn(photo) && (photo.difference ?? -1) >= limit,
    edited: isOwn,
    corrected: (photo) => photo.whose === "correction",
    labelled: (photo) => !isOwn(photo),
    failed: (photo) => photo.state === "failed",
    excluded: (photo) => photo.excluded,
    day: (photo) => photo.day === value,
    camera: (photo) => photo.camera === value,
  }[kind];
}

const change = (photo) => (photo.values ?? []).reduce((sum, value, slider) => sum + Math.abs(value) / state.sliders[slider].limit, 0);

const ORDERS = {
  time: (one, other) => (one.captured ?? Infinity) - (other.captured ?? Infinity) || (one.name < other.name ? -1 : 1),
  name: (one, other) => (one.folder + one.name < other.folder + other.name ? -1 : 1),
  look: (one, other) => Number(isOwn(one)) - Number(isOwn(other)) || (other.difference ?? -1) - (one.difference ?? -1),
  change: (one, other) => change(other) - change(one),
};

/** The ids that are shown, in order, in groups: [{day, time, ids}]; only the order by time has headings. */
export function groups() {
  known ??= grouped();
  return known;
}

function grouped() {
  const shown = [...state.photos.values()].filter(passes(threshold())).sort(ORDERS[state.sort]);
  if (state.sort === "time") return divided(shown);
  return shown.length ? [{ day: "", time: "", ids: shown.map((photo) => photo.id) }] : [];
}

export const order = () => groups().flatMap((group) => group.ids);

export function spell(slider, value) {
  const text = Math.abs(value).toFixed(slider.decimals);
  if (slider.least > 0) return text;
  if (Number(text) === 0) return Number(0).toFixed(slider.decimals);
  return (value > 0 ? "+" : "−") + text;
}

/** One word on a photo, for its tile: [text, class]. */
export function tag(photo) {
  if (photo.state === "failed") return ["failed", "bad"];
  if (state.drafts.has(photo.id)) return ["not saved", "warn"];
  if (photo.excluded) return ["left out", ""];
  if (photo.whose === "correction") return ["corrected", "own"];
  if (photo.whose === "photographer") return ["yours", "own"];
  if (photo.state === "waiting") return ["", ""];
  if (photo.difference == null) return ["", ""];
  const check = photo.difference >= threshold();
  return [`${check ? "check " : ""}±${photo.difference.toFixed(1)}`, check ? "warn" : ""];
}
