/** Divides photos in the order of time into days, and days into series and what stands between them. */

const FEW = 3;
const TIME = { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric" };
const clocks = new Intl.DateTimeFormat("en-GB", TIME), calendar = new Intl.DateTimeFormat("en-GB", DAY);

/** "14:05", as the camera's clock had it. */
export const clock = (captured) => clocks.format(new Date(captured * 1000));

/** "Saturday 14 June 2025", of "2025-06-14". */
export function dayWords(day) {
  if (!day) return "No date";
  const parts = Object.fromEntries(calendar.formatToParts(new Date(`${day}T00:00:00Z`)).map(({ type, value }) => [type, value]));
  return `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}`;
}

/** "burst of 6", "2 brackets of 3". */
export function seriesWords({ kind, count, sets }) {
  return sets > 1 ? `${sets} brackets of ${count / sets}` : `${kind} of ${count}`;
}

/** Groups of photos, [{day, time, ids}], each of which has a heading, and before it that of its day where that is a new one. */
export function divided(photos) {
  return days(parts(photos)).flatMap(({ from, to, groups }) => {
    const day = from === to ? dayWords(from) : `${dayWords(from)} to ${to ? dayWords(to) : "no date"}`;
    return groups.map((group) => ({ day, time: from === to ? time(group) : "", ids: group.photos.map((photo) => photo.id) }));
  });
}

/** Photos of one series together, where its first one is, and those between series. */
function parts(photos) {
  const counts = new Map(), found = [], series = new Map();
  for (const { series: one } of photos) if (one) counts.set(one.number, (counts.get(one.number) ?? 0) + 1);
  for (const photo of photos) {
    const number = counts.get(photo.series?.number) > 1 ? photo.series.number : null;
    let group = number === null ? found.at(-1) : series.get(number);
    if (!group || (number === null && (group.series || group.day !== photo.day))) {
      group = { day: photo.day, series: number === null ? null : photo.series, photos: [] };
      found.push(group);
      if (number !== null) series.set(number, group);
    }
    group.photos.push(photo);
  }
  return found;
}

/** Days; neighbouring ones of few photos share a heading: one for each would leave half of the lines empty. */
function days(found) {
  const out = [];
  for (const group of found) {
    if (out.at(-1)?.to === group.day) out.at(-1).groups.push(group);
    else out.push({ from: group.day, to: group.day, groups: [group] });
  }
  const joined = [];
  for (const day of out) {
    const last = joined.at(-1);
    day.few = day.groups.length === 1 && !day.groups[0].series && day.groups[0].photos.length < FEW;
    if (last?.few && day.few) {
      last.to = day.to;
      last.groups[0].photos.push(...day.groups[0].photos);
    } else joined.push(day);
  }
  return joined;
}

function time({ series, photos }) {
  const times = photos.map((photo) => photo.captured).filter((captured) => captured != null);
  if (!times.length) return "";
  const from = clock(times[0]), to = clock(times.at(-1));
  if (!series) return from === to ? from : `${from} to ${to}`;
  return `${from} · ${seriesWords(series)}${photos.length < series.count ? `, ${photos.length} of them shown` : ""}`;
}
