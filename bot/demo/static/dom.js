// Small ways to build elements and to speak to the world. Nothing here parses HTML.

export const byId = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { dataset = {}, ...rest } = properties;
  Object.assign(element, rest);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

export async function ask(command, wish = {}) {
  try {
    const response = await fetch(`/world/${command}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    });
    const body = await response.json();
    if (!response.ok) toast(body.error ?? "That did not work.");
    return response.ok ? body : null;
  } catch {
    toast("The demo does not answer. Is it still running?");
    return null;
  }
}

export function toast(text) {
  const note = make("p", { textContent: text });
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 5000);
}

export function showAlert(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}
