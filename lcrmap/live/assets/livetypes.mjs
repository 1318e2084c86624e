// The types that the scripts of a live page speak of, for `make lint` alone: no page carries them.

/** @typedef {{type: string, coordinates: any}} Geometry as GeoJSON has it */
/** @typedef {{type: "Feature", id?: string | number, geometry: Geometry | null, properties: Record<string, unknown>}} Feature */
/** @typedef {[longitude: number, latitude: number]} Spot */
/** @typedef {Spot[]} Chain of corners: a line, or a ring without the corner that closes it */
// What is drawn by hand: `corners` are those that are set of a shape that is not finished.
/** @typedef {{show(chains: Chain[]): void, corners(): number, undo(): boolean, close(): void}} Drawing */
/** @typedef {{area: boolean, chains: Chain[], put(chains: Chain[], key: LiveKey): void, drawn(): void, stop(): void, undo(): void}} Drawn */
/** @typedef {{name: string, was: unknown, now: unknown}} FieldChange */
/** @typedef {{name: string, was: unknown, mine: unknown, theirs: unknown, keep: "mine" | "theirs" | null}} Versions */


// What an event says of an entry of the log; `fields` are those that changed, the position as "geometry".
/** @typedef {{seq: number, time: string, who: string | null, collection: string, id: string, kind: string, remark?: string, name?: string, about?: string, fields?: string[]}} Change */
/** @typedef {Change & {before: Feature | null, after: Feature | null}} Entry of a feature's history */
/** @typedef {"connecting" | "catching" | "connected" | "lost" | "asleep"} At */
/** @typedef {{at: At, seq: number, since: number | null, tries: number}} Line how the page stands to its server: see connection.mjs */

/** @typedef {{here: string, name: string, view: [west: number, south: number, east: number, north: number], selected: string | null}} Person */
/** @typedef {{question: number, seq: number, title: string, finding: string, sentences: string[]}} Following the answer to a question of live.toml */
/** @typedef {{count: number, people: Person[], left: string[]}} Here */
/** @typedef {{name: string, role: "read" | "comment" | "edit" | "admin", edit: string[]}} Me `edit` are the layers that one may edit */

/** @typedef {{headline: string, range: string, subtitle: string, glance: string[], summary: string[], sure: string[], captions: Record<string, string>}} Texts */
/** @typedef {{seq: number, texts: Texts, layers: import("../../maps/assets/types.mjs").LayerData[]}} Mirrored the state of the map, see mirror.mjs */

/** @typedef {{type?: string | string[], title?: string, description?: string, format?: string, enum?: unknown[], readOnly?: boolean, minimum?: number, maximum?: number, "x-ogc-role"?: string}} SchemaField */
/** @typedef {{properties?: Record<string, SchemaField>, required?: string[]}} Schema */
/** @typedef {{name: string, title: string, hint: string, choices: {value: unknown, label: string}[] | null, type: string, needed: boolean, fixed: boolean, least?: number, most?: number}} FormField */

/** @typedef {{status: number, etag: string, wait: number, data: any}} Answered `status` is 0 where there was no answer */
/** @typedef {{body?: unknown, type?: string, etag?: string, once?: string, token?: string}} Sent */
/** @typedef {{send(method: string, path: string, sent?: Sent): Promise<Answered>, load(path: string): Promise<any>, listen(path: string, kinds: Record<string, (data: any) => void>): () => void}} Reach */

/** @typedef {keyof typeof import("./words.en.json")} LiveKey */
/** @typedef {(key: LiveKey, values?: Record<string, string | number>) => string} LiveWords */

// What the page is told besides its data: the number of the log that it shows, and what may be edited.
/** @typedef {{name: string, title: string, geometry: string, key: string | null, label: string | null, fields: Record<string, string>, choices: Record<string, Record<string, string>>}} OpenLayer its fields by their titles, and what the values of some are called */
// `readings` is the credit line of the stations, null where the map has none.
/** @typedef {{seq: number, open: OpenLayer[], comments: string, readings: string | null, words: Record<string, unknown>}} Told */

/** @typedef {{time: number, value: number}} Dot a reading: milliseconds since 1970, and its value */
// The latest reading of a property of a station; `interval` is in seconds.
/** @typedef {{property: string, title: string, unit: string, value: number | null, time: string | null, state: string, interval: number | null, high: number | null, flood: number | null}} Latest */

// What the parts of a live page share; live.mjs puts it together.
/**
 * @typedef {object} Live
 * @property {import("../../maps/assets/types.mjs").Leaflet} L
 * @property {import("../../maps/assets/types.mjs").Page} page
 * @property {LiveWords} words
 * @property {Reach} reach
 * @property {Told} told
 * @property {string} here the page's own name, known to the server alone
 * @property {Me | null} me
 * @property {Record<string, Record<string, string>>} titles what fields are called, by layer
 * @property {(text: string) => void} say of what one did oneself
 * @property {(iso: string | number) => string} time
 * @property {(ref: import("../../maps/assets/types.mjs").Ref) => string} idOf LAYER:ID
 * @property {(collection: string, id: string) => import("../../maps/assets/types.mjs").Ref | null} refOf
 * @property {(collection: string, id: string) => string} nameOf
 * @property {(collection: string) => boolean} mayEdit
 */
