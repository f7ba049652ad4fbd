/** Countries in a small range, so that counts by country lie in one short column: 0 none, 1 + 26 × first + second letter. */
export const COUNTRY_NUMBERS = 1 + 26 * 26

/** @param packed `NetworkMap.countryOf`; what are no two letters is none. */
export function countryNumber(packed: number): number {
  const first = (packed >>> 8) - 65
  const second = (packed & 255) - 65
  return first < 0 || first > 25 || second < 0 || second > 25 ? 0 : 1 + first * 26 + second
}

/** @returns ISO 3166-1; `null` for 0. */
export function countryCode(number: number): string | null {
  if (number === 0) return null
  return String.fromCharCode(65 + Math.floor((number - 1) / 26), 65 + ((number - 1) % 26))
}
