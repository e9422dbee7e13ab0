/** Finds the photographer's own edit that is nearest in time to a photo. */
import { isOwn, state } from "/page/store.js";

/** The other photo that the photographer edited: of the same series if there is one, else of any; null where there is none. */
export function nearest(photo) {
  const own = [...state.photos.values()].filter((one) => one.id !== photo.id && isOwn(one) && one.values);
  const beside = own.filter((one) => one.series && one.series.number === photo.series?.number);
  const away = (one) => (one.captured == null || photo.captured == null ? Infinity : Math.abs(one.captured - photo.captured));
  const nearer = (best, one) => (best === null || away(one) < away(best) ? one : best);
  return (beside.length ? beside : own).reduce(nearer, null);
}

/** Whose sliders were taken: "IMG_0005.dng, 12 s before". */
export function relation(photo, other) {
  if (photo.captured == null || other.captured == null) return other.name;
  const apart = Math.abs(other.captured - photo.captured);
  if (apart === 0) return `${other.name}, at the same time`;
  return `${other.name}, ${span(apart)} ${other.captured < photo.captured ? "before" : "later"}`;
}

function span(seconds) {
  const [size, word] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(([one]) => seconds >= one) ?? [1, "second"];
  const count = Math.round(seconds / size);
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
