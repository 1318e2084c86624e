// Two people changed one feature: what was, mine and theirs, field by field. No document here: Node tests it.
/** @import {Feature, Versions} from "./livetypes.mjs" */

import {alike, changedFields} from "./changes.mjs";

// The fields in which mine and theirs differ; `keep` is settled where one of us alone changed a field, else null.
/** @type {(was: Feature, mine: Feature, theirs: Feature) => Versions[]} */
export function compareVersions(was, mine, theirs) {
  const base = valuesOf(was), my = valuesOf(mine), their = valuesOf(theirs);
  return changedFields(theirs, mine).map(({name}) => ({
    name, was: base[name] ?? null, mine: my[name] ?? null, theirs: their[name] ?? null,
    keep: alike(base[name], my[name]) ? "theirs" : alike(base[name], their[name]) ? "mine" : null,
  }));
}

// Whether what was sent is what is there: an answer got lost and the change did not.
/** @type {(mine: Feature, theirs: Feature) => boolean} */
export function isThere(mine, theirs) {
  return changedFields(theirs, mine).length === 0;
}

// The feature that follows from a decision for each field.
/** @type {(theirs: Feature, versions: Versions[]) => Feature} */
export function decided(theirs, versions) {
  const kept = versions.map(({name, mine, theirs: other, keep}) => [name, keep === "mine" ? mine : other]);
  const {geometry, ...properties} = {...valuesOf(theirs), ...Object.fromEntries(kept)};
  return /** @type {Feature} */ ({...theirs, geometry: geometry ?? null, properties});
}

/** @type {(feature: Feature) => Record<string, unknown>} */
function valuesOf({geometry, properties}) {
  return {...properties, geometry};
}
