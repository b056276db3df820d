// Comfort on top of pages that work without it. No page may need this file.
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const text = (form, state) => {
    const line = form.querySelector("[data-save-status]");
    if (line) line.textContent = line.dataset[state] || "";
  };

  // Drafts: two quiet seconds after the last change the form is posted to its draft address, files excepted.
  const save = async (form) => {
    clearTimeout(form.saving);
    if (!form.changed || form.sent) return;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.delete("idempotency_key"); // The key belongs to the act itself.
    form.changed = false;
    text(form, "busy");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(body), keepalive: document.hidden, redirect: "manual" });
      if (!answer.ok) throw answer;
      text(form, "saved");
    } catch {
      form.changed = true;
      text(form, "failed");
    }
  };

  const count = (input) => {
    const line = document.getElementById(input.id + "-count");
    const left = input.maxLength - input.value.length;
    if (line && input.maxLength > 0) line.textContent = line.dataset.left.replace("{n}", left);
  };

  const prepare = (root) => {
    all("[data-script]", root).forEach((it) => (it.hidden = false));
    all("[data-count]", root).forEach(count);
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-count]")) count(target);
    const form = target.form;
    if (!form) return;
    form.changed = true;
    if (form.dataset.autosave) {
      clearTimeout(form.saving);
      form.saving = setTimeout(save, 2000, form);
    }
  });

  // A file that is too large is named before minutes of upload; the server checks it again.
  document.addEventListener("change", ({ target }) => {
    const limit = target.dataset.maxBytes;
    if (!limit) return;
    const wrong = [...target.files].some((file) => file.size > limit || !file.size);
    target.setCustomValidity(wrong ? target.dataset.tooLarge : "");
    target.reportValidity();
  });

  // The second press of a button does nothing; the server would answer it with the first result.
  // A form that hands out a file leaves the page as it is, so it may be sent again (data-repeat).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "repeat" in form.dataset) return;
    if (form.sent) return event.preventDefault();
    form.sent = true;
    clearTimeout(form.saving);
    setTimeout(() => all("button", form).forEach((it) => it.setAttribute("aria-disabled", "true")));
  });

  const again = (form) => {
    form.sent = false;
    all("button[aria-disabled]", form).forEach((it) => it.removeAttribute("aria-disabled"));
  };
  addEventListener("pageshow", () => all("form").forEach(again));
  document.addEventListener("htmx:finally:request", ({ target }) => all("form").forEach((it) => it.contains(target) && again(it)));
  document.addEventListener("htmx:after:swap", ({ target }) => prepare(target));

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) all("form[data-autosave]").forEach(save);
  });
  addEventListener("beforeunload", (event) => {
    for (const form of all("form[data-warn]")) if (form.changed && !form.sent) event.preventDefault();
  });

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-print], [data-copy]");
    if (!button) return;
    if ("print" in button.dataset) return print();
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("span") || button;
    label.textContent = button.dataset.copied;
  });

  // Suggestions: arrows choose, Enter searches, Escape closes. The list itself comes from the server.
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const open = (input, yes) => {
    const list = listOf(input);
    list.hidden = !(yes && list.children.length);
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) input.removeAttribute("aria-activedescendant");
  };
  document.addEventListener("htmx:after:swap", () =>
    all("[data-combobox]").forEach((it) => open(it, it === document.activeElement && it.value.trim() !== "")));
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target.matches("[data-combobox]") && !listOf(target).contains(relatedTarget)) setTimeout(open, 200, target, false);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-combobox]") || event.isComposing) return;
    const options = [...listOf(input).children];
    const now = options.findIndex((it) => it.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !listOf(input).hidden) {
      event.preventDefault();
      return open(input, false);
    }
    if (event.key === "Enter" && now >= 0 && !listOf(input).hidden) input.value = options[now].textContent.trim();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !options.length) return;
    event.preventDefault();
    open(input, true);
    const next = (now + step + options.length) % options.length;
    options.forEach((it, i) => it.setAttribute("aria-selected", String(i === next)));
    input.setAttribute("aria-activedescendant", options[next].id);
  });

  prepare(document);
})();
