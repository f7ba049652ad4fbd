/** A country in 16 bits, as `NetworkMap.countryOf` gives it: `KZ` = 0x4b5a; 0 for none. */
export function packCountry(code: string): number {
  return code.charCodeAt(0) * 256 + code.charCodeAt(1)
}

/** @returns `null` for 0. */
export function unpackCountry(packed: number): string | null {
  return packed === 0 ? null : String.fromCharCode(packed >>> 8, packed & 0xff)
}
