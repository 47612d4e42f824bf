// Turns a message's text and entities into elements, nested as the entities are.

import { inFull, moment } from "./clock.js";
import { make } from "./dom.js";

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote",
};

export function richText(text, entities, act) {
  // JavaScript strings count UTF-16 units, as Telegram's offsets do.
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, act);
}

function span(text, start, end, entities, act) {
  const fragment = document.createDocumentFragment();
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    if (entity.offset < at) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    fragment.append(text.slice(at, entity.offset));
    const inner = [];
    while (entities.length && entities[0].offset < stop) inner.push(entities.shift());
    const words = text.slice(entity.offset, stop);
    fragment.append(element(entity, words, span(text, entity.offset, stop, inner, act), act));
    // A quote is a block of its own: the line break after it is already made.
    at = /blockquote|^pre$/.test(entity.type) && text[stop] === "\n" ? stop + 1 : stop;
  }
  fragment.append(text.slice(at, end));
  return fragment;
}

function element(entity, words, content, act) {
  switch (entity.type) {
    case "url": return anchor(words, content);
    case "text_link": return anchor(entity.url, content);
    case "email": return anchor(`mailto:${words}`, content);
    case "bot_command": return command(words, act);
    case "spoiler": return spoiler(content);
    case "expandable_blockquote": return expandable(content);
    case "date_time": return time(entity, content);
    default: return make(PLAIN[entity.type] ?? "span", {}, content);
  }
}

function anchor(address, content) {
  const safe = /^(https?:|mailto:|tg:)/i.test(address) ? address : `https://${address}`;
  return make("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, content);
}

function command(words, act) {
  const button = make("button", { type: "button", className: "command", textContent: words });
  button.addEventListener("click", () => act(words));
  return button;
}

function spoiler(content) {
  const button = make("button", { type: "button", className: "spoiler", ariaLabel: "Hidden words, press to show" }, content);
  button.addEventListener("click", () => {
    const shown = make("span", { className: "spoiler-open" }, ...button.childNodes);
    button.replaceWith(shown);
  });
  return button;
}

function expandable(content) {
  const quote = make("blockquote", { className: "expandable" }, make("div", {}, content));
  const button = make("button", { type: "button", className: "plain", textContent: "Show all", ariaExpanded: "false" });
  button.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    button.textContent = open ? "Show less" : "Show all";
    button.ariaExpanded = String(open);
  });
  quote.append(button);
  return quote;
}

function time(entity, content) {
  const shown = make("time", {
    dateTime: new Date(entity.unix_time * 1000).toISOString(),
    title: inFull(entity.unix_time),
  });
  if (entity.date_time_format) {
    shown.dataset.unix = entity.unix_time;
    shown.dataset.format = entity.date_time_format;
    shown.textContent = moment(entity.unix_time, entity.date_time_format);
  } else {
    shown.append(content);
  }
  return shown;
}
