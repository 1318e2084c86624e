// A layer of the shape of the page's data block, for the tests of the logic.

import {makeLayers} from "../../../lcrmap/maps/assets/data.mjs";

export function sampleLayers() {
  return makeLayers({layers: [{
    name: "works", title: "Works", part: "places", visible: true, one: "work", many: "works", total: 4, placed: 3,
    columns: [
      {name: "name", title: "Name", kind: "text", values: ["Alder Mill", "Birch Quay", "Café Kiln", null]},
      {name: "in_area", title: "Area", kind: "code", labels: ["Northam", "Southam", "Outside"], values: [0, 0, 2, -1]},
      {name: "aliases", title: "Also", kind: "text", values: ["Old Mill", null, "L3 Works", null]},
      {name: "position_error_m", title: "Error", kind: "number", values: [100, 2500, null, null]},
      {name: "source_title", title: "Source", kind: "text", values: ["Register", null, "List", null]},
      {name: "source_url", title: "Address", kind: "text", values: ["https://a.org", null, "javascript:x", null]},
    ],
    main: [0, 1], label: 0, key: 2, area: 1, error: 3, outside: 2, source: [4, null, null, 5], sure: [0, 1, 2, 0],
    style: {kind: "symbol", codes: [0, 1, 1, 0], entries: [
      {label: "mills", shape: "square", hue: "brown"}, {label: "quays", shape: "gate", hue: "navy"}]},
    x: [-290000, -280000, -270000, null], y: [5340000, 5341000, 5342000, null], anchors: [],
  }, {
    name: "areas", title: "Areas", part: "areas", visible: true, one: "area", many: "areas", total: 1, placed: 1,
    columns: [{name: "name", title: "Name", kind: "text", values: ["Northam"]}],
    main: [0], label: 0, key: null, area: null, error: null, source: null, sure: false,
    style: {kind: "symbol", codes: 0, entries: [{label: "Areas", shape: "circle", hue: "rose"}]},
    parts: [[[2, [-300000, 5340000, 20000, 0, 0, 10000, -20000, -10000]]]], anchors: [[-290000, 5345000]],
  }]});
}
