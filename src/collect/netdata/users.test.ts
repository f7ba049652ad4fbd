import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339 } from '../../model/time.ts'
import { readUsers } from './users.ts'

const at = (text: string): UnixSeconds => parseRfc3339(text) ?? (Number.NaN as UnixSeconds)
const read = (text: string, day = '2024-06-01') => readUsers(text, 'users.csv', at(day))

const TEXT = `asn,users,date,source
9198,3000000,2022-01-01,Somebody
AS9198,3500000,2024-01-01,Somebody
29355,"1200000",2024-07-01,Somebody
`

describe('users per AS', () => {
  it('are those of the newest day at or before the instant', () => {
    expect(read(TEXT).of(9198)).toEqual({ users: 3_500_000, date: at('2024-01-01'), source: 'Somebody' })
    expect(read(TEXT, '2023-12-31').of(9198)?.users).toBe(3_000_000)
    expect(read(TEXT, '2022-01-01').of(9198)?.users).toBe(3_000_000)
  })

  it('are not known before the first estimate, or of an AS without one', () => {
    expect(read(TEXT, '2021-12-31').of(9198)).toBeNull()
    expect(read(TEXT).of(29_355)).toBeNull()
    expect(read(TEXT).of(1)).toBeNull()
  })

  it('may have columns in any order, and more of them', () => {
    const text = '\uFEFFsource,note,Users,ASN,date\nSomebody,x,5,1,2024-01-01\n'
    expect(read(text).of(1)?.users).toBe(5)
  })

  it.each([
    ['', 'it is empty; its first line is asn,users,date,source'],
    ['asn,users\n1,2', 'its first line lacks date, source; it is asn,users,date,source'],
    ['asn,users,date,source\nKZ,2,2024-01-01,x', 'row 1: “KZ” is no AS number, such as 9198'],
    ['asn,users,date,source\n4294967296,2,2024-01-01,x', 'row 1: “4294967296” is no AS number'],
    ['asn,users,date,source\n1,2,2024-01-01,x\n1,many,2024-01-02,x', 'row 2: “many” is no number of users'],
    ['asn,users,date,source\n1,-2,2024-01-01,x', 'row 1: “-2” is no number of users'],
    ['asn,users,date,source\n1,2,2024-02-30,x', 'row 1: “2024-02-30” is no date'],
    ['asn,users,date,source\n1,2,2024-01-01,', 'row 1: no source; say whose estimate it is'],
    ['asn,users,date,source\n1,2,2024-01-01', 'row 1: no source'],
    ['asn,users,date,source\n1,2,2024-01-01,x\n1,3,2024-01-01,y', 'row 2: AS1 has two estimates of 2024-01-01'],
    ['asn,users,date,source\n1,"2,2024-01-01,x', 'users.csv cannot be used: Quote Not Closed'],
  ])('refuse %j with what is wrong', (text, words) => {
    expect(() => read(text)).toThrow(words)
  })
})
