// The process designer: draws the definition of the form's text field, keeps our attributes beside it,
// writes it back before the form is sent. Without this file the text itself can be edited.
(() => {
  const NS = "urn:tongban:process:1";
  const form = document.querySelector("[data-designer]");
  if (!form || !window.BpmnJS) return;
  const source = form.querySelector("[name=xml]");
  const canvas = form.querySelector("[data-canvas]");
  const panel = form.querySelector("[data-properties]");
  const status = form.querySelector("[data-status]");
  const labels = document.documentElement.lang.startsWith("zh") ? window.designerLabels || {} : {};
  const translate = (template, values) => (labels[template] || template).replace(/{([^}]+)}/g, (_, key) => (values && values[key]) ?? `{${key}}`);

  // Icons of these menus carry style attributes, which our content policy forbids; so the menus are left out.
  const none = ["value", null];
  // Our attributes may stand on any element here; the server tells where they may not.
  const text = (name) => ({ name, type: "String", isAttr: true });
  const names = "role department assignee form act limit limitUnit counts special basis documents discretion riskPoint fourEyes automatic notice service decision result retries promised workdays correlation collection item results";
  const types = [{ name: "Own", extends: ["bpmn:BaseElement"], properties: names.split(" ").map(text) }];
  for (const name of ["Input", "Output"]) types.push({ name, superClass: ["Element"], properties: ["target", "source"].map(text) });

  // A canvas that nobody can see has no size to fit a chart into, so it is shown first.
  form.classList.add("designer-on");
  const modeler = new BpmnJS({
    container: canvas,
    moddleExtensions: { tongban: { name: "Tongban", prefix: "tongban", uri: NS, xml: { tagAlias: "lowerCase" }, types } },
    additionalModules: [{ translate: ["value", translate], alignElementsContextPadProvider: none, alignElementsMenuProvider: none, distributeElementsMenuProvider: none }],
  });
  const say = (text) => { if (status) status.textContent = text || ""; };

  const ACTIVITY = ["Task", "SubProcess", "CallActivity"];
  const is = (element, ...kinds) => kinds.some((kind) => element.businessObject && element.businessObject.$instanceOf && element.businessObject.$instanceOf(`bpmn:${kind}`));
  const groups = (element) => {
    const found = [];
    if (is(element, ...ACTIVITY)) found.push("step");
    if (is(element, "Activity", "Event")) found.push("time");
    if (is(element, "Lane")) found.push("lane");
    if (is(element, "Process")) found.push("process");
    if (is(element, "SequenceFlow")) found.push("flow");
    if (is(element, "ScriptTask")) found.push("script");
    if (timerOf(element)) found.push("timer");
    return found;
  };
  const timerOf = (element) => {
    const events = (element.businessObject && element.businessObject.eventDefinitions) || [];
    return events.find((it) => it.$type === "bpmn:TimerEventDefinition");
  };

  let current = null;
  const own = (object, name) => object.get(`tongban:${name}`) || "";
  const read = (element, field) => {
    const object = element.businessObject;
    const [kind, name] = [field.dataset.kind, field.dataset.name];
    if (kind === "own") return own(object, name);
    if (kind === "name") return object.name || "";
    if (kind === "condition") return (object.conditionExpression && object.conditionExpression.body) || "";
    if (kind === "script") return object.script || "";
    const timer = timerOf(element);
    if (!timer) return "";
    return name === "workdays" ? own(timer, name) : (timer[name] && timer[name].body) || "";
  };
  const write = (element, field) => {
    const modeling = modeler.get("modeling"), moddle = modeler.get("moddle");
    const object = element.businessObject;
    const value = field.value.trim();
    const [kind, name] = [field.dataset.kind, field.dataset.name];
    const expression = () => (value ? moddle.create("bpmn:FormalExpression", { body: value }) : undefined);
    if (kind === "own") modeling.updateProperties(element, { [`tongban:${name}`]: value || undefined });
    else if (kind === "name") modeling.updateProperties(element, { name: value });
    else if (kind === "condition") modeling.updateProperties(element, { conditionExpression: expression() });
    else if (kind === "script") modeling.updateProperties(element, { script: value || undefined, scriptFormat: value ? "feel" : undefined });
    else {
      const timer = timerOf(element);
      const change = name === "workdays" ? { "tongban:workdays": value || undefined } : { [name]: expression() };
      modeling.updateModdleProperties(element, timer, change);
    }
    return object;
  };

  const show = (element) => {
    current = element;
    const shown = element ? groups(element) : [];
    for (const group of panel.querySelectorAll("[data-group]")) group.hidden = !shown.includes(group.dataset.group);
    const any = Boolean(element && element.businessObject);
    panel.querySelector("[data-none]").hidden = any;
    panel.querySelector("[data-named]").hidden = !any;
    if (!any) return;
    panel.querySelector("[data-id]").textContent = element.businessObject.id;
    for (const field of panel.querySelectorAll("[data-kind]")) field.value = read(element, field);
  };
  panel.addEventListener("change", ({ target }) => {
    if (target.dataset.kind && current) write(current, target);
  });

  const mark = () => {
    const registry = modeler.get("elementRegistry"), drawn = modeler.get("canvas");
    for (const line of document.querySelectorAll("[data-finding]")) {
      for (const id of line.dataset.finding.split(" ")) {
        if (registry.get(id)) drawn.addMarker(id, `finding-${line.dataset.severity}`);
      }
    }
  };
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-show]");
    const element = link && modeler.get("elementRegistry").get(link.dataset.show);
    if (!element) return;
    modeler.get("selection").select(element);
    modeler.get("canvas").scrollToElement(element);
    canvas.scrollIntoView({ block: "nearest" });
  });

  // The whole chart beside the palette; where that would be too small to read, its beginning.
  const GAP = 12;
  const fit = () => {
    const drawn = modeler.get("canvas"), room = canvas.getBoundingClientRect();
    const palette = canvas.querySelector(".djs-palette").getBoundingClientRect();
    const above = palette.width > palette.height;
    const left = above ? 0 : palette.right - room.left, top = above ? palette.bottom - room.top : 0;
    const { inner } = drawn.viewbox();
    const scale = Math.max(above ? 0.6 : 0.4, Math.min(1, (room.width - left - 2 * GAP) / inner.width, (room.height - top - 2 * GAP) / inner.height));
    drawn.viewbox({ x: inner.x - (left + GAP) / scale, y: inner.y - (top + GAP) / scale, width: room.width / scale, height: room.height / scale });
  };

  const keep = async () => { source.value = (await modeler.saveXML({ format: true })).xml; };
  // The browser sends the form once more after what was drawn has been written into its field.
  let kept = false;
  form.addEventListener("submit", (event) => {
    if (kept) return;
    event.preventDefault();
    const button = event.submitter;
    // Not at once: while a form is being sent, it cannot be sent again.
    keep().then(() => setTimeout(() => {
      kept = true;
      form.requestSubmit(button);
      kept = false;
    }), (error) => say(String(error.message || error)));
  });

  modeler.importXML(source.value).then(({ warnings }) => {
    fit();
    mark();
    form.dataset.ready = warnings.length ? "warnings" : "yes";
    show(modeler.get("canvas").getRootElement());
  }).catch(() => {
    form.classList.remove("designer-on");
    kept = true;
    say(status && status.dataset.failed);
  });
  modeler.on("selection.changed", ({ newSelection }) => show(newSelection[0] || modeler.get("canvas").getRootElement()));
  modeler.on("commandStack.changed", () => {
    form.changed = true;
    say(status && status.dataset.changed);
  });
})();
