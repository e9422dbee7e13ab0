/** What photos are developed with: the server's settings, and what was moved and not saved yet. */
import { state } from "/page/store.js";

/** What a photo's sliders stand at: the eight in `values`, and in `also` what was moved besides, by key; a Temperature and a
 * Tint of null are As Shot. */
export const editOf = (photo) => state.drafts.get(photo.id) ?? { values: photo.values, also: {} };

/** All sliders beside the eight, by key: white balance, then the further ones. */
export const besides = () => [...state.balance, ...state.further];

/** What a photo has beside the eight, with what was moved; what is missing is at rest. */
export function besideOf(photo, { also } = editOf(photo)) {
  const all = { ...photo.beside?.values, ...also };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value != null));
}

/** All that makes a photo look like another one, or like its label: `beside` by key, what is missing at rest. */
export function alike(photo, values, beside) {
  const rest = state.further.filter((slider) => means(photo, slider)).map((slider) => [slider.key, beside[slider.key] ?? slider.default]);
  const light = photo.light ? state.balance.map(({ key }) => [key, beside[key] ?? null]) : [];
  return { values, also: Object.fromEntries([...light, ...rest]) };
}

/** Whether a slider does anything to a photo. */
export const means = (photo, slider) => !slider.hdr || (photo.mode ?? state.mode).hdr;

/** What the developer takes; nothing but the mode where `before` is asked for. */
export function settingsOf(photo, edit = editOf(photo), before = false) {
  const { hdr, headroom } = photo.mode ?? state.mode;
  if (before || !edit.values) return { values: state.sliders.map(() => 0), hdr, headroom };
  return { ...moved(photo.settings ?? {}, edit.also), values: edit.values, hdr, headroom };
}

/** Settings with what was moved put where the developer looks for it. */
function moved(settings, also) {
  const found = structuredClone(settings);
  for (const { key, develops } of besides()) {
    if (!(key in also) || !develops) continue;
    const path = develops.split("."), name = path.pop();
    path.reduce((place, part) => (place[part] ??= {}), found)[name] = also[key];
  }
  return found;
}
