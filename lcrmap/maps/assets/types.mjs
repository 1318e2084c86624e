// The types that the scripts of a page speak of, for `make lint` alone: no page carries them. A type of one
// module alone stands at its head.

// What Leaflet calls its own.
/** @typedef {typeof import("leaflet")} Leaflet */
/** @typedef {import("leaflet").Map} LeafletMap */
/** @typedef {import("leaflet").LatLng} LatLng */
/** @typedef {import("leaflet").LatLngBounds} LatLngBounds */
/** @typedef {import("leaflet").Polyline<any> | import("leaflet").CircleMarker} Shape */
/** @typedef {{min: import("leaflet").Point, max: import("leaflet").Point}} Frame the bounds of what is not empty */
/** @typedef {import("leaflet").Circle & {_radius: number}} SizedCircle with its radius in pixels, of which Leaflet says nothing */

// The data block, as `page_data` in lcrmap/maps/document.py writes it; tests/maps/test_scripts.py holds the two together.
// Positions are whole numbers of 1 / SCALE degree; whatever is listed row by row has one item a row of its layer.

/**
 * @typedef {object} PageData
 * @property {string} language
 * @property {Box | null} bounds in degrees; what is shown first
 * @property {Box | null} core the same for a small map, where that is another
 * @property {[name: string, x: number, y: number][]} water
 * @property {number | null} about the index of the layer that the headline is about
 * @property {{url: string, zoom: number} | null} basemap
 * @property {Outlines} shapes
 * @property {LayerData[]} layers
 * @property {Catalogue} words
 */

/**
 * @typedef {object} LayerFacts what every layer has; the numbers of columns are null where there is no such column
 * @property {string} name
 * @property {string} title
 * @property {"backdrop" | "areas" | "places"} part
 * @property {boolean} visible
 * @property {string} one the noun for one feature
 * @property {string} many
 * @property {number} total
 * @property {number} placed
 * @property {"point" | "line" | "area" | "mixed" | "none"} drawn
 * @property {Column[]} columns
 * @property {number[]} main the columns that the table shows
 * @property {number | null} label
 * @property {number | null} key
 * @property {number | null} area
 * @property {number | null} error
 * @property {number} [outside] the code for "in none of the areas", -1 without; only beside `area`
 * @property {Elsewhere} [also] absent if all are certain
 * @property {[title: number | null, publisher: number | null, date: number | null, url: number | null] | null} source
 * @property {number[] | boolean} sure row by row; true if all are confirmed, false if it is not stated
 * @property {SymbolStyle | ShadeStyle | CircleStyle} style
 * @property {(Spot | null)[]} anchors where the names of areas stand; empty for other layers
 * @property {Cell[][]} [closing] the rows that close the table
 * @property {true} [stated] columns of its own say where its points are
 * @property {number[]} [answering] the rows that the answer speaks of; absent if it speaks of all alike
 * @property {Record<number, string>} [apart] what tells rows of one name apart
 * @property {Record<number, [layer: number, row: number]>} [twins] of areas that a layer before has too, the first of them
 * @property {true} [singly] each of its points is a symbol of its own
 * @property {string} [choice] the alternative to which it belongs, if only one of several is shown at a time
 * @property {number} [written] the column that stands beside its lines
 * @property {true} [merged] its areas may lie on each other and are seen as one
 */

/** @typedef {{areas: string[], rows: Record<number, number[]>}} Elsewhere in which of some areas a row may also lie; in none: outside */
/** @typedef {{x: (number | null)[], y: (number | null)[], parts?: undefined}} Points */
/** @typedef {{parts: (Part[] | null)[], x?: undefined, y?: undefined}} Drawings */
/** @typedef {LayerFacts & (Points | Drawings)} LayerData */

// A part of a feature: a point, a line, or the rings of an area; of a line or ring the first vertex and then steps.
/** @typedef {[dimension: 0, x: number, y: number]} PointPart */
/** @typedef {[dimension: 1, line: number[]]} LinePart */
/** @typedef {[dimension: 2, ...rings: number[][]]} AreaPart */
/** @typedef {PointPart | LinePart | AreaPart} Part */

/** @typedef {{name: string, title: string, unit?: string, plain?: boolean, decimals?: number}} ColumnFacts */
// `raw` is what the labels stand for in the data, where that is another; `exact` writes the numbers that no script can hold.
/** @typedef {ColumnFacts & {kind: "text" | "link", values: (string | null)[], exact?: undefined, labels?: undefined}} TextColumn */
/** @typedef {ColumnFacts & {kind: "number", values: (number | null)[], exact?: Record<number, string>, labels?: undefined}} NumberColumn */
/** @typedef {ColumnFacts & {kind: "code", values: number[], labels: string[], raw?: string[]}} CodeColumn */
/** @typedef {TextColumn | NumberColumn | CodeColumn} Column */
/** @typedef {string | number | null} Cell */

// `codes` has the entry of each row; 0 if all have the first.
/** @typedef {{entries: Entry[], codes: number[] | 0}} StyleFacts */
/** @typedef {StyleFacts & {kind: "symbol", value?: undefined, field?: number, radii?: undefined}} SymbolStyle */
/** @typedef {StyleFacts & {kind: "shade", value?: number, field?: undefined, radii?: undefined}} ShadeStyle */
/** @typedef {StyleFacts & {kind: "circle", value?: number, field?: undefined, radii: (number | null)[], parts?: number[][], negative?: number[]}} CircleStyle the last entries stand for the parts */
/** @typedef {{shape: string, hue: string}} Look */
/** @typedef {"symbol" | "outline" | "area" | "line" | "box" | "hatch" | "circle" | "ring"} Swatch */
// `categories` are the codes of those that an entry stands for: one, or those that share its look.
/** @typedef {Look & {label: string, count: number, swatch: Swatch, size: number, categories?: number[]}} Entry */
/** @typedef {Record<string, [path: string, size: number]>} Outlines the silhouettes of symbols, by name */

/** @typedef {keyof typeof import("./words.en.json")} Key */
/** @typedef {{zero?: string, one: string, other: string}} Plurals */
/** @typedef {Record<Key, string | Plurals>} Catalogue */

// Places and boxes, on the ground or in pixels.
/** @typedef {[x: number, y: number]} Spot */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box west, south, east, north on the ground */

/** @typedef {{x: number[], y: number[], number: number[], first: number[], kinds: number[]}} Gathered points by cell, column by column: see gather */
/** @typedef {{kind: number, path: string, sign: Spot | null}} Sector of a ring: the number of its part, its path, where its sign stands */
/** @typedef {{rings: Spot[][], box: Box}} Outline an area in shares of the world */
/** @typedef {{lines: Map<number, [from: number, to: number][]>, size: number}} Spans where an area lies on the screen, see spansOf */

// A layer as the page uses it: see makeLayers.
/** @typedef {{index: number, codes: number[] | null, answers: Set<number> | null, aliases: Column | null}} Ready */
/** @typedef {LayerFacts & Ready & Points & {points: true}} PointLayer */
/** @typedef {LayerFacts & Ready & Drawings & {points: false}} ShapeLayer */
/** @typedef {PointLayer | ShapeLayer} Layer */
/** @typedef {{layer: number, row: number}} Ref a feature: the index of its layer, and its row */

// What passes the filters: one array a layer, with 1 where a row passes.
/** @typedef {Uint8Array} Passing */
/** @typedef {Passing[]} Passes */

// What the reader has chosen: see makeState.
/**
 * @typedef {object} Choices
 * @property {Set<number>} off
 * @property {Set<string>} without
 * @property {Set<string>} apart
 * @property {Set<string>} areas
 * @property {Set<number>} unsure
 * @property {Ref | null} selected
 * @property {Ref[] | null} group
 * @property {boolean} everySymbol
 * @property {boolean} everyRing
 * @property {string} theme system, light or dark
 * @property {[zoom: number, latitude: number, longitude: number] | null} view
 */
/** @typedef {(changed: Set<string>) => void} Listener */
/** @typedef {{start: {off: Set<number>}, listen(listener: Listener): void, change(changes: Partial<Choices>): void}} Changing */
/** @typedef {Choices & Changing} State */

/** @typedef {ReturnType<typeof import("./settings.mjs").findSettings>} Settings */
/** @typedef {(key: Key, values?: Record<string, string | number>) => string} Words */
/** @typedef {(text: string, delay?: number) => void} Say */

/** @typedef {{layer: number, row: number, name: string, others: string, category: string}} SearchItem its texts folded, see search.mjs */

/**
 * @typedef {object} Target a symbol, disc, line or area on the map, as pointer and keys find it
 * @property {Ref[]} refs
 * @property {LatLng} at
 * @property {HTMLElement | null} element null for what has no element of its own
 * @property {string} label
 * @property {Ref} first of its refs, known without a look for the others
 * @property {number} [radius] in pixels
 */

/**
 * @typedef {object} Drawing a layer of lines or areas on the map
 * @property {ShapeLayer} layer
 * @property {Shape[][]} features
 * @property {() => void} recolour
 * @property {(passing: Passing) => void} show
 * @property {(listener: (shape: Shape, row: number) => void) => void} each called for every shape, also when it is drawn anew
 * @property {() => void} renew
 */

// Parts of a page that other parts make use of.
/** @typedef {{hold(): Target | "map" | null, restore(held: Target | "map" | null): void, goTo(ref: Ref): void}} Keys */
/** @typedef {{root: HTMLElement, title: HTMLElement, peek(): void, show(): void}} Panel */
/** @typedef {{show(passes: Passes): void, select(ref: Ref | null): void, unfold(on: boolean): void, reveal(ref: Ref): boolean, renew(all: Renewals): void}} Tables */

// A layer whose data were put in the place of others: by the old number of a row its new one, and which new rows say something else.
/** @typedef {{rows: Map<number, number>, changed: Set<number>}} Renewed */
/** @typedef {Map<number, Renewed>} Renewals by the index of the layer */
/** @typedef {{container: HTMLElement, keys: Keys, tables: Tables, panel: Panel, finder: {renew(): void}, drawn: {layer: {index: number}, renew(): void}[], showAll(held: Target | "map" | null): void}} Parts */

// What the parts of a page ask of each other; main.mjs puts it together.
/** @typedef {PageBasis & PageActions & Visits} Page */
/**
 * @typedef {object} PageBasis
 * @property {Layer[]} layers
 * @property {Words} words
 * @property {Settings} settings
 * @property {State} state
 * @property {PageData} raw
 * @property {LeafletMap} map
 * @property {Say} say
 * @property {Outlines} shapes
 * @property {Entry[]} kinds what discs hold, in the order of the legend
 * @property {() => number} textScale how large text is, as a multiple of the usual
 */
/**
 * @typedef {object} PageActions
 * @property {() => Target[]} targets
 * @property {() => number} buttonsHeight
 * @property {() => Box | null} locatorBox
 * @property {() => void} refreshTables
 * @property {(step: number) => void} zoom
 * @property {() => void} whole
 * @property {() => void} search
 * @property {() => void} help
 * @property {() => boolean} closeHelp
 * @property {Parts} parts what a served page shows anew
 */
/**
 * @typedef {object} Visits
 * @property {(target: Target) => void} open
 * @property {(ref: Ref, from: HTMLElement, how?: {look?: boolean, stay?: boolean}) => void} choose
 * @property {(ref: Ref) => void} lookAt
 * @property {(ref: Ref) => void} zoomTo
 * @property {(ref: Ref) => void} showInTable
 * @property {(ref: Ref) => Ref[]} sameSpot
 * @property {() => boolean} back
 */
