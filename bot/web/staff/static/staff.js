// Small comforts; every page works without them, but for what is live.

const CLOCK = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

// Moments stand in UTC on the page; here they become those of the reader's own clock.
function tellTimes(root) {
  for (const one of root.querySelectorAll("time[datetime]:not([title])")) {
    one.title = one.textContent;
    one.textContent = CLOCK.format(new Date(one.dateTime));
  }
}

tellTimes(document);
