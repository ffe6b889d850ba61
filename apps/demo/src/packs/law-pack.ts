import { readFileSync } from 'node:fs';

/** The gateways that the hub ships, put through the API like any other pack. */
export function lawPack(): { readonly kind: 'law'; readonly version: string } {
  return JSON.parse(readFileSync(LAW_PACK, 'utf8')) as { kind: 'law'; version: string };
}

/** The same file whether this runs from sources or from `dist`, where packs are not copied. */
const ROOT = import.meta.url.endsWith('.ts') ? '../../../../' : '../../../../../';
const LAW_PACK = new URL(`${ROOT}libs/sharing/packs/law-2026-11.json`, import.meta.url);
