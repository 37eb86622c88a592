// Draws the server's own OpenAPI document, and calls capabilities. Everything that comes from the
// document or a reply is put in as text, never as HTML; what is typed is kept nowhere.
"use strict";

const DEEPEST = 6;
let token = "";

const find = (id) => document.getElementById(id);
const copyOf = (id) => find(id).content.firstElementChild.cloneNode(true);
const pretty = (value) => JSON.stringify(value, null, 2);

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  if (className) made.className = className;
  return made;
}

function request(path, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.authorization = `Bearer ${token}`;
  return fetch(path, { ...options, headers });
}

async function load() {
  const answer = await request("/openapi.json");
  find("sign-in").hidden = answer.status !== 401;
  if (!answer.ok) {
    const words = token || answer.status !== 401 ? (await answer.json()).error.message : "";
    say(words);
    return;
  }

  say("");
  draw(await answer.json());
}

function say(words) {
  find("trouble").textContent = words;
  find("trouble").hidden = !words;
}

function draw(api) {
  document.title = api.info.title;
  find("title").textContent = `${api.info.title} ${api.info.version}`;
  find("about").textContent = api.info.description;
  const groups = new Map(api.tags.map((tag) => [tag.name, makeGroup(tag.name)]));
  for (const [path, operations] of Object.entries(api.paths)) {
    if (operations.post) {
      groups.get(operations.post.tags[0]).append(makeCapability(path, operations.post, api));
    }
  }

  find("capabilities").replaceChildren(...groups.values());
}

function makeGroup(name) {
  const group = copyOf("group");
  group.querySelector("h2").textContent = name;
  return group;
}

function makeCapability(path, operation, api) {
  const made = copyOf("capability");
  const body = operation.requestBody.content["application/json"];
  const reply = operation.responses["200"].content["application/json"];
  const text = made.querySelector("textarea");
  const [requestFields, replyFields] = made.querySelectorAll(".fields");
  made.id = operation.operationId;
  made.querySelector(".name").textContent = operation.operationId;
  made.querySelector(".words").textContent = operation.description;
  text.defaultValue = pretty(body.example ?? {});
  text.rows = text.defaultValue.split("\n").length + 1;
  whenOpened(requestFields, () => listFields(body.schema, api, 0));
  whenOpened(replyFields, () => listFields(reply.schema, api, 0));
  made.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    call(path, text.value, made);
  });
  return made;
}

async function call(path, text, made) {
  const outcome = made.querySelector(".outcome");
  const shown = made.querySelector(".reply");
  const started = performance.now();
  const show = (words, wrong, body) => {
    outcome.textContent = words;
    outcome.classList.toggle("error", wrong);
    shown.classList.toggle("error", wrong);
    shown.textContent = body;
    shown.hidden = !body;
  };

  show("calling …", false, "");
  try {
    const headers = { "content-type": "application/json" };
    const answer = await request(path, { method: "POST", headers, body: text });
    const reply = await answer.json();
    const milliseconds = Math.round(performance.now() - started);
    const words = reply.is_error ? reply.error.error_code : "answered";
    show(`${words}, ${milliseconds} ms`, Boolean(reply.is_error), pretty(reply));
  } catch (error) {
    show(`the server did not answer: ${error.message}`, true, "");
  }
}

function whenOpened(details, makeContent) {
  details.addEventListener("toggle", () => details.append(makeContent()), { once: true });
}

// The fields of a schema as a list; a schema that is one of several is listed branch by branch.
function listFields(schema, api, depth) {
  const list = document.createElement("ul");
  if (depth > DEEPEST) return list;
  const known = resolve(schema, api);
  const required = new Set(known.required ?? []);
  for (const [name, field] of Object.entries(known.properties ?? {})) {
    list.append(fieldItem(name, field, required.has(name), api, depth));
  }

  for (const part of partsOf(known, api)) list.append(...listFields(part, api, depth + 1).children);
  return list;
}

function fieldItem(name, field, required, api, depth) {
  const known = resolve(field, api);
  const item = document.createElement("li");
  item.append(element("code", name, "name"));
  item.append(element("span", ` ${kindOf(known, api)}${required ? ", required" : ""} `, "kind"));
  item.append(element("span", known.description ?? "", "words"));
  const inner = listFields(known, api, depth + 1);
  if (inner.children.length) item.append(inner);
  return item;
}

function partsOf(schema, api) {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (schema.items) branches.push(schema.items);
  return branches.map((part) => resolve(part, api)).filter((part) => part.type !== "null");
}

function resolve(schema, api) {
  if (!schema.$ref) return schema;
  const found = api.components.schemas[schema.$ref.split("/").pop()] ?? {};
  return schema.description ? { ...found, description: schema.description } : found;
}

function kindOf(schema, api) {
  if (schema.enum) return schema.enum.join(" | ");
  if ("const" in schema) return pretty(schema.const);
  if (schema.type === "array") return `list of ${kindOf(resolve(schema.items ?? {}, api), api)}`;
  if (schema.type) return schema.format ? `${schema.type} (${schema.format})` : schema.type;
  const kinds = partsOf(schema, api).map((part) => kindOf(part, api));
  return [...new Set(kinds)].join(" or ") || "anything";
}

find("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token = find("token").value;
  load();
});

load().catch((error) => say(`The server's document could not be read: ${error.message}`));
