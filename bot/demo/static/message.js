// One message as a bubble, with its buttons.

import { dayOf, timeOf } from "./clock.js";
import { ask, make, toast } from "./dom.js";
import { richText } from "./entities.js";

export function bubble(message, chat) {
  const mine = message.from.id === chat.id;
  const body = make("div", { className: "bubble" });
  if (message.reply_to_message) body.append(quoted(message.reply_to_message));
  body.append(...content(message, chat));
  body.append(footer(message, mine, chat));
  const article = make("article", {
    className: mine ? "message mine" : "message",
    dataset: { testid: "message", id: message.message_id, from: mine ? "me" : "bot" },
  }, make("span", { className: "hidden", textContent: mine ? "You: " : "Help desk: " }), body);
  if (message.reply_markup) article.append(inlineKeyboard(message, chat));
  return article;
}

export function dateLine(unix) {
  return make("p", { className: "day", dataset: { day: dayOf(unix) }, textContent: dayOf(unix) });
}

function content(message, chat) {
  const say = (words) => ask("say", { person: chat.person, text: words });
  if (message.text) return [make("div", { className: "words" }, richText(message.text, message.entities, say))];
  if (message.contact) return [contactCard(message.contact)];
  const name = message.document?.file_name ?? "Photo";
  const file = make("p", { className: "card", textContent: `📄 ${name}` });
  const caption = message.caption ? [richText(message.caption, message.caption_entities, say)] : [];
  return [file, make("div", { className: "words" }, ...caption)];
}

function contactCard(contact) {
  const number = `+${contact.phone_number.replace(/^\+/, "")}`;
  return make("p", { className: "card" },
    make("strong", { textContent: [contact.first_name, contact.last_name].filter(Boolean).join(" ") }),
    make("br"), number);
}

function quoted(message) {
  const text = message.text ?? message.caption ?? "Contact";
  return make("p", { className: "quoted", textContent: text.slice(0, 120) });
}

function footer(message, mine, chat) {
  const line = make("p", { className: "meta" });
  if (mine && message.text) {
    line.append(tool("Edit", "message-edit", () => chat.startEditing(message)));
  }
  if (chat.startReplying) line.append(tool("Reply", "message-reply", () => chat.startReplying(message)));
  if (message.edit_date) line.append(make("span", { textContent: "edited" }));
  line.append(make("time", { textContent: timeOf(message.date) }));
  return line;
}

function tool(words, testid, act) {
  const button = make("button", { type: "button", className: "plain edit", textContent: words, dataset: { testid } });
  button.addEventListener("click", act);
  return button;
}

function inlineKeyboard(message, chat) {
  const rows = message.reply_markup.inline_keyboard ?? [];
  return make("div", { className: "inline-keyboard" }, ...rows.map((row) =>
    make("div", { className: "row" }, ...row.map((cell) => inlineButton(cell, message, chat)))));
}

function inlineButton(cell, message, chat) {
  const shared = { className: `inline ${cell.style ?? ""}`, dataset: { testid: "inline-button" } };
  if (cell.url) {
    return make("a", { ...shared, href: cell.url, target: "_blank", rel: "noopener noreferrer", textContent: `${cell.text} ↗` });
  }
  const button = make("button", { ...shared, type: "button", textContent: cell.text });
  button.disabled = Boolean(cell.disabled);
  button.addEventListener("click", () => press(button, cell, message, chat));
  return button;
}

async function press(button, cell, message, chat) {
  if (cell.copy_text) return copy(cell.copy_text.text);
  if (!cell.callback_data || button.ariaBusy === "true") return undefined;
  button.ariaBusy = "true";
  const wish = { person: chat.person, message_id: message.message_id, data: cell.callback_data };
  const started = await ask("press", wish);
  if (started) chat.waitFor(started.query_id, button);
  else button.ariaBusy = null;
  return undefined;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast(text);
  }
}
