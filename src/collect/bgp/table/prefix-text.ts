import { formatPrefix } from '../../../wire/prefix.ts'
import type { FamilyTable } from './family-table.ts'

/** `203.0.113.0/24`, `2001:db8::/32`. */
export function prefixText({ family, rows }: FamilyTable, row: number): string {
  const v6 = family === 6
  return formatPrefix({
    family,
    word0: rows.word0[row]!,
    word1: v6 ? rows.word1[row]! : 0,
    word2: v6 ? rows.word2[row]! : 0,
    word3: v6 ? rows.word3[row]! : 0,
    length: rows.length[row]!,
  })
}
