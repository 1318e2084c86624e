// What `make lint` asks of the scripts: likely bugs, and what could turn text into markup or let a page reach out.

import js from "@eslint/js";

// All that the scripts of a page take from the browser; `window` is not a way around it (see REACH).
const BROWSER = [
  "Blob", "HTMLElement", "Path2D", "ResizeObserver", "URL", "clearTimeout", "document", "getComputedStyle", "navigator", "performance",
  "setTimeout", "window",
];

// These read text as markup or run it; Leaflet's popups and tooltips do so too.
const SINKS = [
  "innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln", "createContextualFragment", "parseFromString",
  "setHTMLUnsafe", "srcdoc", "bindPopup", "bindTooltip", "setPopupContent", "setTooltipContent", "addAttribution",
];

// These fetch, send or store something, or run text.
const REACH = [
  "fetch", "sendBeacon", "XMLHttpRequest", "WebSocket", "EventSource", "Worker", "SharedWorker", "serviceWorker",
  "localStorage", "sessionStorage", "indexedDB", "caches", "cookie", "eval", "Function",
];

// The linker in lcrmap/maps/assets.py goes by the text of a module. It knows `import {name} from "./module.mjs";`, and
// `export` before a function, const, let or class.
const NOT_LINKED = [
  "ExportAllDeclaration", "ExportDefaultDeclaration", "ExportNamedDeclaration[declaration=null]",
  "ImportDefaultSpecifier", "ImportNamespaceSpecifier", "ImportExpression", "MetaProperty",
];

const BUGS = {
  "array-callback-return": "error",
  "consistent-return": "error",
  eqeqeq: "error",
  "no-eval": "error",
  "no-implicit-globals": "error",
  "no-implied-eval": "error",
  "no-loop-func": "error",
  "no-new-func": "error",
  "no-param-reassign": "error",
  "no-promise-executor-return": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-throw-literal": "error",
  "no-unmodified-loop-condition": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": "error",
  "no-use-before-define": ["error", {functions: false, variables: false}], // but at once, where it would throw
  "no-var": "error",
  "prefer-const": "error",
  "require-atomic-updates": "error",
};

const refuse = (name, values, message) => ["error", ...values.map((value) => ({[name]: value, message}))];

export default [
  {ignores: [".venv/", "build/", "lcrmap/live/terra-draw/", "lcrmap/maps/leaflet/", "output/"]},
  {linterOptions: {noInlineConfig: true}, rules: {...js.configs.recommended.rules, ...BUGS}},
  {
    files: ["lcrmap/**"],
    languageOptions: {globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"]))},
    rules: {
      "no-restricted-properties": refuse("property", [...SINKS, ...REACH], "A page takes text as text, and neither fetches nor stores anything."),
      "no-restricted-syntax": refuse("selector", NOT_LINKED, "The linker in lcrmap/maps/assets.py does not know this form."),
    },
  },
  { // the one module of a live page that speaks to its server, and loads what only some need
    files: ["lcrmap/live/assets/reach.mjs"],
    rules: {"no-restricted-syntax": refuse("selector", NOT_LINKED.filter((form) => form !== "ImportExpression"), "The linker in lcrmap/maps/assets.py does not know this form.")},
    languageOptions: {globals: Object.fromEntries(["AbortSignal", "EventSource", "Headers", "MessageEvent", "crypto", "fetch"].map((name) => [name, "readonly"]))},
  },
  { // the script that `lcrmap embed --listener` gives to other people's pages
    files: ["lcrmap/reports/**"],
    languageOptions: {sourceType: "script", globals: {addEventListener: "readonly"}},
  },
  {
    files: ["tests/**"],
    languageOptions: {globals: {URL: "readonly"}},
    rules: {"no-script-url": "off", "no-template-curly-in-string": "off"}, // tried as hostile text
  },
];
