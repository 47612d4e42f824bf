// The phone: rings, shows and reads what the caller says, takes keys and words.

import { worldNow } from "./clock.js";
import { ask, byId } from "./dom.js";

const WORDS = {
  idle: "No call",
  queued: "Connecting…",
  initiated: "Connecting…",
  ringing: "Incoming call",
  "in-progress": "On the call",
  completed: "Call ended",
  busy: "You were busy",
  "no-answer": "Not answered",
  failed: "The call failed",
  canceled: "The caller gave up",
};

let shown = { state: "idle" };
let spoken = "";
let owner = "";

const act = (command, wish = {}) => ask(command, { ...wish, person: owner });

export function setOwner(person) {
  owner = person.id;
  byId("own-number").textContent = `Your phone · ${group(person.phone)}`;
}

export const isRinging = () => shown.state === "ringing";

export function setPhone(phone) {
  const talking = phone.state === "in-progress";
  shown = phone;
  byId("phone").dataset.state = phone.state;
  drawState();
  byId("caller").textContent = phone.from ? `Connects Desk · ${group(phone.from)}` : "It rings here when the bot calls.";
  byId("phone-prompt").textContent = talking ? phone.prompt : "";
  byId("typed").textContent = phone.typed ?? "";
  byId("incoming").hidden = phone.state !== "ringing";
  byId("ongoing").hidden = !talking;
  for (const control of document.querySelectorAll("#keypad button, #speak input, #speak button")) control.disabled = !talking;
  if (talking) readAloud(phone.prompt);
  else spoken = "";
}

function drawState() {
  const talking = shown.state === "in-progress";
  const words = talking && shown.answered_at ? `On the call · ${minutes(worldNow() - shown.answered_at)}` : WORDS[shown.state] ?? shown.state;
  byId("phone-state").textContent = words;
}

function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const group = (number) => number.replace(/^\+(1|7|[2-9]\d)(\d{3})(\d{3})(\d+)$/, "+$1 $2 $3 $4");

function readAloud(prompt) {
  if (!byId("aloud").checked || !prompt || prompt === spoken) return;
  spoken = prompt;
  speechSynthesis.cancel();
  speechSynthesis.speak(new SpeechSynthesisUtterance(prompt));
}

function press(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button || button.disabled) return;
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
  act("key", { key });
}

export function startPhone() {
  for (const button of document.querySelectorAll("[data-command]")) {
    button.addEventListener("click", () => act(button.dataset.command).then(() => byId("phone").focus()));
  }
  for (const button of document.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => press(button.dataset.key));
  }
  byId("phone").addEventListener("keydown", (event) => {
    const elsewhere = event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey;
    if (!elsewhere && /^[0-9*#]$/.test(event.key)) press(event.key);
  });
  byId("speak").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await act("speak", { text: byId("phone-say").value })) byId("phone-say").value = "";
  });
  byId("aloud").addEventListener("change", () => {
    spoken = "";
    if (byId("aloud").checked) readAloud(shown.prompt);
    else speechSynthesis.cancel();
  });
  setInterval(drawState, 1000);
}
