import { duration, instant } from './en-phrases.ts'
import type { ShortWords } from './short.ts'

export const shortEn: ShortWords = {
  asOf: (now) => `As of ${instant(now, null)}.`,
  newest: (at, now) => `Our newest data of it are from ${instant(at, null)}, ${duration(Math.max(0, now - at))} ago.`,
  noData: 'We have no data of it.',
  unseenTitle: 'What we cannot see:',
  more: (address) => `More: ${address}`,
  notFound: (asked) => `There is no country or network called ${asked}. Try KZ.txt or AS9198.txt.`,
}
