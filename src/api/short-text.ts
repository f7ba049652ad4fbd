import type { Language } from '../model/page.ts'
import { shortWords } from '../words/short.ts'
import { type Short, shortNotices, shortSentences, shortUnseen } from './short.ts'

/** Fits the smallest terminal, and a text message read aloud. */
const LINE = 72

/** So that it comes in two packets over the worst of links. */
const MOST_BYTES = 2000

/**
 * The sentence and the numbers as plain text. What matters least is left out when it would grow too long, never the
 * sentence, the age of our data and what is wrong with our view now.
 *
 * @param address of the page that says more.
 */
export function shortText(short: Short, language: Language, address: string): string {
  const words = shortWords(language)
  const { standpoint, seenAt } = short
  const now = standpoint.kind === 'live' ? standpoint.now : standpoint.end
  const unseen = shortUnseen(short, language)
  const foremost = [
    shortSentences(short, language).join(' '),
    ...shortNotices(short, language).slice(0, 2),
    [words.asOf(now), seenAt === null ? words.noData : words.newest(seenAt, now)].join(' '),
  ]
  const paragraphs = (least: number): readonly string[] => [
    ...foremost.map(wrapped),
    ...(least === 0
      ? []
      : [[words.unseenTitle, ...unseen.slice(0, least).map((each) => wrapped(`- ${each}`))].join('\n')]),
    words.more(address),
  ]
  for (let least = unseen.length; least > 0; least -= 1) {
    const text = plain(paragraphs(least))
    if (Buffer.byteLength(text) <= MOST_BYTES) return text
  }
  return plain(paragraphs(0))
}

/** Spaces that do not break are for pages; a script splits at spaces. */
function plain(paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n').replaceAll(/[\u00A0\u202F]/g, ' ')}\n`
}

function wrapped(paragraph: string): string {
  const lines: string[] = []
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
