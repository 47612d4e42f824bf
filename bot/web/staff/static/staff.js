// Small comforts; every page works without them, but for what is live.

const CLOCK = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

// Moments stand in UTC on the page; here they become those of the reader's own clock.
function tellTimes(root) {
  for (const one of root.querySelectorAll("time[datetime]:not([title])")) {
    one.title = one.textContent;
    one.textContent = CLOCK.format(new Date(one.dateTime));
  }
}

// The newest words stay in view for who reads them, and whoever scrolled up is left in peace.
const log = document.getElementById("log");
let atEnd = true;
function toEnd() { if (log && atEnd) log.scrollTop = log.scrollHeight; }
log?.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60; });

tellTimes(document);
toEnd();
document.querySelector("[data-arrive]")?.focus();

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-sends]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// A form's button must not be pressed twice by an impatient thumb.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.dataset.sent === "yes") event.preventDefault();
  else if (submitter?.value !== "download" && !form.hasAttribute("hx-post") && form.method === "post") form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("htmx:beforeRequest", () => { document.getElementById("said").textContent = ""; });
document.addEventListener("htmx:afterSwap", () => { tellTimes(document); toEnd(); });
document.addEventListener("htmx:oobAfterSwap", () => tellTimes(document));
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.matches("form[data-clears]")) target.reset();
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status !== 409) document.getElementById("said").textContent = "That did not work: reload the page and try again.";
});
document.addEventListener("htmx:sendError", () => {
  document.getElementById("said").textContent = "No connection: what you wrote is still there. Try again.";
});

// Signed out elsewhere: the door, rather than a page that no longer hears anything.
document.addEventListener("htmx:sseClose", ({ detail }) => { if (detail.type === "message") location.reload(); });
document.addEventListener("htmx:sseMessage", ({ detail }) => { if (detail.type === "ended") location.reload(); });
