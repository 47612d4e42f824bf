// The staff group: a list of topics, the talk in the one that is chosen, and who answers.

import { dayOf } from "./clock.js";
import { ask, byId, make } from "./dom.js";
import { bubble, dateLine } from "./message.js";

const SERVICE = "forum_topic_created";
const NEAR_PX = 120;

const staff = {
  id: 0,
  person: "",
  messages: new Map(),
  startEditing,
  startReplying,
  waitFor() {},
};

let topics = [];
let chosen = null;
let editing = null;
let replying = null;
const unread = new Set();

const log = () => byId("staff-log");
const find = (id) => log().querySelector(`[data-id="${id}"]`);
const nearNewest = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR_PX;
export const toNewest = () => log().scrollTo({ top: log().scrollHeight, behavior: "auto" });

// ------------------------------------------------------------ drawing

export function drawStaff(state) {
  staff.messages = new Map(state.messages.map((message) => [message.message_id, message]));
  setTopics(state.topics);
}

function setTopics(now) {
  // A topic that has just been made is the one to look at, unless somebody is writing.
  const made = topics.length ? now.find(({ thread }) => !topics.some((old) => old.thread === thread)) : null;
  topics = now;
  if (made && !byId("staff-input").value) chosen = made.thread;
  if (!topics.some(({ thread }) => thread === chosen)) chosen = topics.at(-1)?.thread ?? null;
  unread.delete(chosen);
  drawTopics();
  drawTalk();
}

function drawTopics() {
  byId("topic-list").replaceChildren(...topics.map(topicButton));
  byId("staff-input").disabled = chosen === null;
  byId("staff-composer").querySelector("button").disabled = chosen === null;
}

function topicButton({ thread, name, closed }) {
  const button = make("button", { type: "button", className: "topic", dataset: { testid: "topic" } }, name);
  button.ariaPressed = String(thread === chosen);
  if (closed) button.append(make("span", { className: "shut", textContent: "closed" }));
  if (unread.has(thread)) button.append(make("span", { className: "unread" }), make("span", { className: "hidden", textContent: "new" }));
  button.addEventListener("click", () => choose(thread));
  return button;
}

function choose(thread) {
  chosen = thread;
  unread.delete(thread);
  stopEditing();
  drawTopics();
  drawTalk();
}

function drawTalk() {
  log().replaceChildren();
  for (const message of staff.messages.values()) if (message.message_thread_id === chosen) append(message);
  if (chosen === null) log().append(welcome());
  toNewest();
}

function welcome() {
  return make("div", { className: "welcome" },
    make("p", { className: "welcome-title", textContent: "Nobody has asked for a person yet" }),
    make("p", { className: "quiet", textContent: "Write “agent please” in the chat: a topic opens here, and what you write in it goes back there." }));
}

function append(message) {
  const days = log().querySelectorAll(".day");
  if (days[days.length - 1]?.dataset.day !== dayOf(message.date)) log().append(dateLine(message.date));
  log().append(draw(message));
}

function draw(message) {
  if (message[SERVICE]) {
    return make("p", { className: "service", dataset: { id: message.message_id }, textContent: `Topic: ${message[SERVICE].name}` });
  }
  // In a topic every message answers its first one; only a real reply is shown as such.
  const shown = message.reply_to_message?.[SERVICE] ? { ...message, reply_to_message: undefined } : message;
  const drawn = bubble(shown, staff);
  drawn.dataset.testid = "staff-message";
  const name = message.from.is_bot ? "Bot" : message.from.first_name;
  drawn.querySelector(".bubble").prepend(make("p", { className: "author", textContent: name }));
  drawn.querySelector(".hidden").textContent = "";
  return drawn;
}

// ------------------------------------------------------------ what happens

export const staffEvents = {
  "staff-message"({ message }) {
    staff.messages.set(message.message_id, message);
    if (chosen === null) chosen = message.message_thread_id;
    if (message.message_thread_id !== chosen) {
      unread.add(message.message_thread_id);
      drawTopics();
      return;
    }
    const follow = nearNewest();
    append(message);
    if (follow) toNewest();
  },
  "staff-edit"({ message }) {
    staff.messages.set(message.message_id, message);
    find(message.message_id)?.replaceWith(draw(message));
  },
  "staff-delete"({ message_id: id }) {
    staff.messages.delete(id);
    find(id)?.remove();
  },
  "staff-topics"({ topics: now }) { setTopics(now); },
};

// ------------------------------------------------------------ answering

function startEditing(message) {
  editing = message.message_id;
  byId("staff-input").value = message.text;
  showMode("Editing your message");
}

function startReplying(message) {
  editing = null;
  replying = message.message_id;
  showMode("Replying to a message");
}

function showMode(words) {
  byId("staff-editing").firstChild.textContent = `${words} `;
  byId("staff-editing").hidden = false;
  byId("staff-input").focus();
}

function stopEditing() {
  editing = null;
  replying = null;
  byId("staff-editing").hidden = true;
  byId("staff-input").value = "";
}

async function send() {
  const text = byId("staff-input").value;
  if (!text.trim() || chosen === null) return;
  const wish = { member: byId("member-picker").value, text };
  const done = editing === null
    ? await ask("staff-say", { ...wish, thread: chosen, reply_to: replying })
    : await ask("staff-edit", { ...wish, message_id: editing });
  if (done) stopEditing();
}

function become() {
  staff.id = Number(byId("member-picker").selectedOptions[0].dataset.telegram);
  stopEditing();
  drawTalk();
}

export function startStaff() {
  byId("staff-composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  byId("staff-input").addEventListener("keydown", (event) => {
    if (event.key === "Escape") stopEditing();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  byId("staff-stop-editing").addEventListener("click", stopEditing);
  byId("member-picker").addEventListener("change", become);
  become();
}
