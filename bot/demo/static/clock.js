// The world's clock: real time plus what it was moved forward, and moments in the reader's zone.

import { ask, byId } from "./dom.js";

let ahead = 0;

export const worldNow = () => Date.now() / 1000 + ahead;

export function setClock(state) {
  ahead = state.ahead;
  tick();
  refreshMoments();
}

const shortTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockFace = new Intl.DateTimeFormat(undefined, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});
const wholeMoment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const toDate = (unix) => new Date(unix * 1000);
export const timeOf = (unix) => shortTime.format(toDate(unix));
export const dayOf = (unix) => day.format(toDate(unix));
export const inFull = (unix) => wholeMoment.format(toDate(unix));

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function fromNow(unix) {
  const seconds = Math.round(unix - worldNow());
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[3];
  return relative.format(Math.round(seconds / size), unit);
}

export function moment(unix, format) {
  if (format === "r") return fromNow(unix);
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat(undefined, options).format(toDate(unix));
}

function refreshMoments() {
  for (const element of document.querySelectorAll("time[data-format]")) {
    element.textContent = moment(Number(element.dataset.unix), element.dataset.format);
  }
}

function spell(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return [[days, "d"], [hours, "h"], [minutes, "min"]]
    .filter(([count]) => count).map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function tick() {
  byId("clock-now").textContent = clockFace.format(toDate(worldNow()));
  byId("clock-ahead").hidden = ahead < 60;
  byId("clock-ahead").textContent = `+${spell(ahead)}`;
}

export function startClock() {
  for (const button of document.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () => ask("clock", { minutes: Number(button.dataset.minutes) }));
  }
  tick();
  setInterval(tick, 1000);
  setInterval(refreshMoments, 10000);
}
