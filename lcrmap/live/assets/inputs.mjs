// The inputs of a form: one for each field, by its type, with its name, its hint, and what is wrong with it.
/** @import {FormField, LiveKey, LiveWords} from "./livetypes.mjs" */
/** @typedef {{field: FormField, node: HTMLElement, control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, read(): {value: unknown} | {fault: LiveKey}, fault(key: LiveKey | null): void}} Asked */

import {isolated, make} from "../../maps/assets/elements.mjs";
import {isLong, readField, writeField} from "./fields.mjs";

const WHOLE_DATE = /^\d{4}-\d\d-\d\d$/;

/** @type {(field: FormField, value: unknown, words: LiveWords) => Asked} */
export function makeInput(field, value, words) {
  const id = `field-${field.name}`, text = writeField(value);
  const control = makeControl(field, text, words, id);
  const wrong = make("span", {class: "fault", id: `${id}-fault`, hidden: true});
  const bounds = field.least !== undefined && field.most !== undefined ? words("live.at_most", {least: field.least, most: field.most}) : "";
  const hint = [field.needed ? words("live.needed") : "", bounds, field.hint].filter(Boolean).join("; ");
  const node = make("div", {class: "field"}, make("label", {for: id}, isolated(field.title)),
    hint ? make("span", {class: "hint", id: `${id}-hint`}, isolated(hint)) : null, wrong, control);
  control.setAttribute("aria-describedby", hint ? `${id}-hint ${id}-fault` : `${id}-fault`);
  return {
    field, node, control,
    // A text that nobody touched stands for the very value that it was made of.
    read: () => (control.value === text && value !== undefined ? {value: value ?? null} : readField(field, control.value)),
    fault(key) {
      wrong.hidden = !key;
      wrong.textContent = key ? words(key) : "";
      if (key) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}

/** @type {(field: FormField, text: string, words: LiveWords, id: string) => HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
function makeControl({type, choices}, text, words, id) {
  const listed = choices ? choices.map(({value, label}) => ({value: String(value), label}))
    : type === "boolean" ? [{value: "true", label: words("live.yes")}, {value: "false", label: words("live.no")}] : null;
  if (listed) {
    if (text && !listed.some(({value}) => value === text)) listed.push({value: text, label: text});
    const select = make("select", {id}, make("option", {value: ""}, words("live.choose")), ...listed.map(({value, label}) => make("option", {value}, label)));
    select.value = text;
    return select;
  }
  if (isLong(text)) {
    const area = make("textarea", {id, rows: 3});
    area.value = text;
    return area;
  }
  const numeric = type === "number" || type === "integer";
  const dated = type === "date" && (!text || WHOLE_DATE.test(text));
  const input = make("input", {id, type: dated ? "date" : "text", inputmode: numeric ? "decimal" : null, autocomplete: "off"});
  input.value = text;
  return input;
}
