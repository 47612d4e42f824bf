// Joins the page to the demo's world: who one is, what happens, which side is in view.

import { chat, chatEvents, drawChat, setBotLine, startChat, toNewest } from "./chat.js";
import { setClock, startClock } from "./clock.js";
import { ask, byId, toast } from "./dom.js";
import { isRinging, setOwner, setPhone, startPhone } from "./phone.js";
import { drawStaff, staffEvents, startStaff, toNewest as toNewestOfStaff } from "./staff.js";

const BOT_LINES = {
  starting: "the bot is starting…",
  ready: "bot",
  failed: "the bot stopped: start the demo again",
  lost: "no connection to the demo, trying again…",
};
const BUSY_LINE = "bot · Telegram is busy, replies are late";
let stream = null;
let busy = false;

const handlers = {
  ...chatEvents,
  ...staffEvents,
  state(state) {
    drawChat(state);
    setPhone(state.phone);
    drawStaff(state.staff);
    setClock(state);
    setBot(state.bot);
    setBusy(state.busy);
    byId("bot-name").textContent = state.me.first_name;
    setOwner(state.person);
  },
  phone({ phone }) {
    const rang = isRinging();
    setPhone(phone);
    badge("phone", isRinging());
    // On a narrow screen a ringing phone comes into view by itself.
    if (isRinging() && !rang && matchMedia("(max-width: 720px)").matches) showTab("phone");
  },
  clock: setClock,
  bot({ bot }) { setBot(bot); },
  busy({ busy }) { setBusy(busy); },
  trouble({ text }) { toast(text); },
};

function setBot({ state, detail }) {
  byId("chat").dataset.bot = state;
  showBotLine();
  byId("link-button").disabled = state !== "ready";
  if (detail) toast(detail);
}

function showBotLine() {
  const { bot } = byId("chat").dataset;
  setBotLine(busy && bot === "ready" ? BUSY_LINE : BOT_LINES[bot]);
}

function setBusy(now) {
  busy = now;
  showBotLine();
  byId("telegram-busy").ariaPressed = String(busy);
  byId("telegram-busy").textContent = busy ? "Let Telegram work again" : "Make Telegram busy";
}

// ------------------------------------------------------------ who one is

function listen(person) {
  stream?.close();
  stream = new EventSource(`/events?person=${encodeURIComponent(person)}`);
  stream.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    handlers[event.type]?.(event);
    if (event.type === "staff-message" && event.message.from.is_bot) badge("staff", document.body.dataset.tab !== "staff");
    if (event.type === "message" && event.message.from.id !== chat.id) badge("chat", document.body.dataset.tab !== "chat");
  });
  // Only a bot that was well is lost with the line; one that stopped has said why.
  stream.addEventListener("error", () => {
    if (byId("chat").dataset.bot !== "failed") setBot({ state: "lost" });
  });
}

function become(person) {
  const picker = byId("person-picker");
  picker.value = person;
  if (picker.selectedIndex < 0) picker.selectedIndex = 0;
  const { name, story } = picker.selectedOptions[0].dataset;
  byId("story").replaceChildren(Object.assign(document.createElement("strong"), { textContent: name }), ` ${story}`);
  history.replaceState(null, "", `#${picker.value}`);
  listen(picker.value);
}

// ------------------------------------------------------------ tabs on narrow screens

function badge(tab, on) {
  byId(`tab-${tab}`).querySelector(".badge").hidden = !on;
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const each of document.querySelectorAll("[role=tab]")) {
    const chosen = each.dataset.tab === tab;
    each.ariaSelected = String(chosen);
    each.tabIndex = chosen ? 0 : -1;
  }
  if (tab === "staff") {
    badge("staff", false);
    toNewestOfStaff();
  }
  if (tab !== "chat") return;
  badge("chat", false);
  toNewest("auto");
}

function startMenu() {
  const more = document.querySelector(".more");
  const close = () => { more.open = false; };
  more.addEventListener("click", ({ target }) => { if (target.closest("button")) close(); });
  more.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close();
    more.querySelector("summary").focus();
  });
  document.addEventListener("click", ({ target }) => { if (!more.contains(target)) close(); });
}

function neighbour(tab, step) {
  const shown = [...document.querySelectorAll("[role=tab]")].filter((each) => each.offsetParent);
  return shown[(shown.indexOf(tab) + step + shown.length) % shown.length];
}

// With room for two parts the chat is always there, and the tabs choose what stands beside it.
function startWidth() {
  const narrow = matchMedia("(max-width: 720px)");
  const choose = () => showTab(narrow.matches ? "chat" : "phone");
  narrow.addEventListener("change", choose);
  choose();
}

function startTabs() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => showTab(tab.dataset.tab));
    tab.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const next = neighbour(tab, key === "ArrowRight" ? 1 : -1);
      showTab(next.dataset.tab);
      next.focus();
    });
  }
}

startClock();
startChat();
startPhone();
startStaff();
startTabs();
startWidth();
startMenu();
byId("person-picker").addEventListener("change", (event) => become(event.target.value));
byId("picture").addEventListener("click", () => ask("picture", { person: chat.person }));
byId("telegram-busy").addEventListener("click", () =>
  ask("telegram-busy", { busy: byId("telegram-busy").ariaPressed !== "true" }));
addEventListener("hashchange", () => become(location.hash.slice(1)));
become(location.hash.slice(1));
