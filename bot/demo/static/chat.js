// The chat: its log, the composer, the keyboards, and what is going on in it.

import { dayOf } from "./clock.js";
import { ask, byId, make, showAlert, toast } from "./dom.js";
import { bubble, dateLine } from "./message.js";

const TYPING_MS = 5000;
const NEAR_PX = 120;
const MARGIN_PX = 12;

export const chat = {
  id: 0,
  person: "",
  messages: new Map(),
  waiting: new Map(),
  answeredEarly: new Set(),
  startEditing,
  waitFor,
};

let commands = [];
let description = "";
let editing = null;
let typingTimer = 0;
let botLine = "";
let shelf = -1;

const log = () => byId("chat-log");

// ------------------------------------------------------------ drawing

export function drawChat(state) {
  chat.id = state.person.chat;
  chat.person = state.person.id;
  chat.messages = new Map(state.messages.map((message) => [message.message_id, message]));
  chat.waiting.clear();
  setCommands(state);
  log().ariaBusy = "true";
  log().replaceChildren();
  for (const message of chat.messages.values()) append(message);
  if (!chat.messages.size) log().append(welcome());
  log().ariaBusy = "false";
  showKeyboard(state.keyboard);
  showBlocked(state.blocked);
  stopEditing();
  toNewest("auto");
}

function welcome() {
  return make("div", { className: "welcome", id: "welcome" },
    make("p", { className: "welcome-title", textContent: "What can this bot do?" }),
    make("p", { id: "description", textContent: description || "Questions about Connects, where you stand, and phone verification." }),
    make("p", { className: "quiet", textContent: "Open the help desk from your account above, or just ask." }));
}

function append(message) {
  byId("welcome")?.remove();
  const days = log().querySelectorAll(".day");
  if (days[days.length - 1]?.dataset.day !== dayOf(message.date)) log().append(dateLine(message.date));
  log().append(bubble(message, chat));
}

function point(drawn, how) {
  // Only for a moment: a log that comes into view again must not replay it all.
  drawn?.classList.add(how);
  setTimeout(() => drawn?.classList.remove(how), 1300);
}

export function toNewest(behavior) {
  log().scrollTo({ top: log().scrollHeight, behavior });
  byId("to-newest").hidden = true;
}

function showArrived(drawn) {
  // A message that is taller than the log is read from its top.
  log().scrollTo({ top: Math.min(log().scrollHeight, drawn.offsetTop - MARGIN_PX), behavior: "instant" });
  shelf = log().scrollTop;
  byId("to-newest").hidden = true;
}

// Whoever was left where the last message put them hasn't gone back to read older ones.
const follows = () => nearNewest() || Math.abs(log().scrollTop - shelf) < 2;
const nearNewest = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR_PX;
const find = (id) => log().querySelector(`[data-id="${id}"]`);

// ------------------------------------------------------------ what happens

export const chatEvents = {
  message({ message }) {
    const follow = follows() || message.from.id === chat.id;
    chat.messages.set(message.message_id, message);
    append(message);
    point(log().lastElementChild, "new");
    if (message.from.id !== chat.id) stopTyping();
    if (follow) showArrived(log().lastElementChild);
    else byId("to-newest").hidden = false;
  },
  edit({ message }) {
    const follow = nearNewest();
    chat.messages.set(message.message_id, message);
    const drawn = bubble(message, chat);
    point(drawn, "changed");
    find(message.message_id)?.replaceWith(drawn);
    if (follow) showArrived(log().lastElementChild);
  },
  delete({ message_id: id }) {
    chat.messages.delete(id);
    find(id)?.remove();
  },
  keyboard({ keyboard }) { showKeyboard(keyboard); },
  typing() {
    clearTimeout(typingTimer);
    byId("bot-status").textContent = "typing…";
    typingTimer = setTimeout(stopTyping, TYPING_MS);
  },
  answered({ query_id: id, text, alert }) {
    const button = chat.waiting.get(id);
    if (button) button.ariaBusy = null;
    else chat.answeredEarly.add(id);
    chat.waiting.delete(id);
    if (text) (alert ? showAlert : toast)(text);
  },
  reaction({ message_id: id, emoji }) {
    const meta = find(id)?.querySelector(".meta");
    meta?.querySelector(".reaction")?.remove();
    if (emoji.length) meta?.prepend(make("span", { className: "reaction", textContent: emoji.join(" ") }));
  },
  commands(event) { setCommands(event); },
  blocked({ blocked }) { showBlocked(blocked); },
};

export function setBotLine(line) {
  botLine = line;
  stopTyping();
}

function stopTyping() {
  clearTimeout(typingTimer);
  byId("bot-status").textContent = botLine;
}

function waitFor(queryId, button) {
  if (chat.answeredEarly.delete(queryId)) button.ariaBusy = null;
  else chat.waiting.set(queryId, button);
}

function setCommands(state) {
  commands = state.commands;
  description = state.description;
  if (byId("description") && description) byId("description").textContent = description;
}

// ------------------------------------------------------------ keyboards and composer

function showKeyboard(keyboard) {
  const place = byId("reply-keyboard");
  place.hidden = !keyboard;
  place.replaceChildren(...(keyboard?.keyboard ?? []).map((row) =>
    make("div", { className: "row" }, ...row.map(keyboardButton))));
  byId("chat-input").placeholder = keyboard?.input_field_placeholder ?? "Ask something";
}

function keyboardButton(cell) {
  const label = cell.request_contact ? `${cell.text} ☎` : cell.text;
  const button = make("button", { type: "button", className: "inline", textContent: label, dataset: { testid: "keyboard-button" } });
  button.addEventListener("click", () => ask("tap", { person: chat.person, label: cell.text }));
  return button;
}

function showBlocked(blocked) {
  byId("block").textContent = blocked ? "Unblock the bot" : "Block the bot";
  byId("blocked").hidden = !blocked;
  byId("chat").classList.toggle("is-blocked", blocked);
}

function showCommands(prefix = "/") {
  const found = commands.filter(({ command }) => `/${command}`.startsWith(prefix));
  const list = byId("command-list");
  list.replaceChildren(...found.map(commandButton));
  list.hidden = !found.length;
  byId("menu-button").ariaExpanded = String(!list.hidden);
}

function commandButton({ command, description: meaning }) {
  const button = make("button", { type: "button", dataset: { testid: "command" } },
    make("strong", { textContent: `/${command}` }), make("span", { textContent: meaning }));
  button.addEventListener("click", () => { hideCommands(); send(`/${command}`); });
  return button;
}

function hideCommands() {
  byId("command-list").hidden = true;
  byId("menu-button").ariaExpanded = "false";
}

function startEditing(message) {
  editing = message.message_id;
  byId("chat-input").value = message.text;
  byId("editing").hidden = false;
  byId("chat-input").focus();
  fit();
}

function stopEditing() {
  editing = null;
  byId("editing").hidden = true;
  byId("chat-input").value = "";
  fit();
}

async function send(text) {
  if (!text.trim()) return;
  const wish = { person: chat.person, text };
  const done = editing === null ? await ask("say", wish) : await ask("edit", { ...wish, message_id: editing });
  if (done) stopEditing();
}

function fit() {
  const input = byId("chat-input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}

export function startChat() {
  const input = byId("chat-input");
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); hideCommands(); send(input.value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { hideCommands(); stopEditing(); }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    hideCommands();
    send(input.value);
  });
  input.addEventListener("input", () => {
    fit();
    if (/^\/\w*$/.test(input.value)) showCommands(input.value);
    else hideCommands();
  });
  byId("menu-button").addEventListener("click", () => {
    if (byId("command-list").hidden) showCommands();
    else hideCommands();
  });
  byId("stop-editing").addEventListener("click", stopEditing);
  byId("to-newest").addEventListener("click", () => toNewest("smooth"));
  log().addEventListener("scroll", () => { if (nearNewest()) byId("to-newest").hidden = true; });
  byId("link-button").addEventListener("click", () => ask("link", { person: chat.person }));
  for (const button of document.querySelectorAll("[data-block]")) {
    button.addEventListener("click", () => ask("block", { person: chat.person, blocked: byId("blocked").hidden }));
  }
}
