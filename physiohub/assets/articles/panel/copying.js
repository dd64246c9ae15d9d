// A claim that was copied within its article. Nothing here touches the page.

import { draw, newUid } from "../making.js";
import { hasNewWording } from "./rules.js";

// The key of a new claim with the sources of `key`; null where `words` may not have them: they are not the whole of the
// claim, or its wording changed and nobody has said yet that the sources still fit.
export function copyOf(claims, key, words) {
  const claim = claims.get(key);
  if (!claim || claim.isDeleted || claim.text !== words || hasNewWording(claim)) return null;
  const { certainty, reasons, note } = claim;
  const links = claim.links.map((link) => ({ ...link, uid: newUid() }));
  const copy = claims.of(draw());
  Object.assign(copy, { text: words, certainty, reasons: [...reasons], note, links, touched: true });
  return copy.key;
}
