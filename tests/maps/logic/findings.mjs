// Says of pages on standard input, as their data blocks hold them, what their script finds; `test_findings.py` asks.

import {readFileSync, writeFileSync} from "node:fs";
import {makeLayers} from "../../../lcrmap/maps/assets/data.mjs";
import {countByArea, finding} from "../../../lcrmap/maps/assets/filters.mjs";
import {leading} from "../../../lcrmap/maps/assets/leading.mjs";
import {makeWords} from "../../../lcrmap/maps/assets/words.mjs";

const {ranges, pages} = JSON.parse(readFileSync(0, "utf8"));
const answers = pages.map(({data, passes}) => {
  const [layer] = makeLayers(data);
  return {counts: countByArea(layer, passes), said: finding(layer, passes, makeWords(data.words))};
});
writeFileSync(1, JSON.stringify({leading: ranges.map(([least, most]) => leading(least, most)), answers}));
