import { ATTRIBUTE, type AttributeMap } from './attributes.ts'
import { readAsn, SEGMENT, visitSegments, type SegmentVisitor } from './as-path.ts'

/** What bgpdump says of a path that it cannot read. */
const PATH_ERROR = '! Error !'
/** bgpdump cuts a path behind the AS that goes beyond this many characters. */
const LONGEST = 7900

const OPENING = [' ', '{', ' ', '(', '[']
const CLOSING = [' ', '}', ' ', ')', ']']

/** A merged AS path in the words of bgpdump: `1 2 {3,4}`, confederations in `()` and `[]`. */
export class PathText implements SegmentVisitor {
  private text = ''
  private last: number = SEGMENT.sequence
  private isSpaced = false
  private isCut = false

  segment(bytes: Uint8Array, type: number, at: number, count: number, width: 2 | 4): void {
    if (this.isCut) return
    if (this.last !== SEGMENT.sequence) this.text += CLOSING[this.last]!
    if (this.isSpaced) this.text += ' '
    if (type !== SEGMENT.sequence) this.text += OPENING[type]!
    const between = type === SEGMENT.set || type === SEGMENT.confedSet ? ',' : ' '
    this.isSpaced = false
    for (let index = 0; index < count; index += 1) {
      if (this.isSpaced) this.text += between
      this.isSpaced = true
      this.text += String(readAsn(bytes, at + index * width, width) >>> 0)
      if (this.text.length > LONGEST) {
        this.text += '...'
        this.isCut = true
        return
      }
    }
    this.last = type
  }

  /** Of the attributes in hand; empty where there is no path. */
  of(bytes: Uint8Array, attributes: AttributeMap, width: 2 | 4): string {
    if (!attributes.has(ATTRIBUTE.asPath)) return ''
    this.text = ''
    this.last = SEGMENT.sequence
    this.isSpaced = false
    this.isCut = false
    if (!isReadable(bytes, attributes.at[ATTRIBUTE.asPath]!, attributes.end[ATTRIBUTE.asPath]!, width))
      return PATH_ERROR
    visitSegments(bytes, attributes, width, this)
    if (!this.isCut && this.last !== SEGMENT.sequence) this.text += CLOSING[this.last]!
    return this.text
  }
}

/** As bgpdump reads: segments of known kinds that end within the path. It does not mind an empty one. */
function isReadable(bytes: Uint8Array, from: number, end: number, width: 2 | 4): boolean {
  let at = from
  while (at + 2 <= end) {
    const type = bytes[at]!
    if (type < 1 || type > 4) return false
    at += 2 + bytes[at + 1]! * width
  }
  return at === end
}
