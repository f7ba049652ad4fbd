import { beforeEach, describe, expect, it } from 'vitest'

import { at, sampleAnswer, sampleBatch, sampleSeries, START } from './samples.testing.ts'
import type { KeptAnswer, Range, Store } from './store.ts'

const STEP = 600
const DAY = 86_400
const ALWAYS: Range = { from: at(0), until: at(4_000_000_000) }
const EVERYTHING_GOES = { rawBefore: at(0), answersBefore: at(4_000_000_000), keep: [] }

/** From a bin to the bytes that it was read from. `store` gives an empty one for each test. */
export function testAnswers(store: () => Store): void {
  const bin = (n: number): number => START + n * STEP
  const kept = (text: string, fetchedAt: number, id: number, hasBody: boolean): KeptAnswer => {
    const { body, ...record } = sampleAnswer(text, fetchedAt)
    return { ...record, bytes: body.length, id, hasBody }
  }
  const textOf = async (text: string): Promise<string | null> => {
    const body = await store().answerBody(sampleAnswer(text, 0).sha256)
    return body === null ? null : new TextDecoder().decode(body)
  }

  describe('answers', () => {
    it('gives the bytes back, and who was asked what when', async () => {
      expect(await store().keepAnswer(sampleAnswer('{"қ": 1}', 100))).toBe(1)
      expect(await store().keepAnswer(sampleAnswer('', 200))).toBe(2)
      expect(await textOf('{"қ": 1}')).toBe('{"қ": 1}')
      expect(await textOf('')).toBe('')
      expect(await store().answers(sampleAnswer('{"қ": 1}', 0).sha256)).toEqual([kept('{"қ": 1}', 100, 1, true)])
    })

    it('knows nothing of bytes that never came', async () => {
      expect(await store().answers('0'.repeat(64))).toEqual([])
      expect(await store().answerBody('0'.repeat(64))).toBeNull()
    })

    it('keeps equal bytes that were fetched twice as two answers with one body', async () => {
      await store().keepAnswer(sampleAnswer('same', 100))
      await store().keepAnswer(sampleAnswer('same', 200))
      expect(await store().answers(sampleAnswer('same', 0).sha256)).toEqual([
        kept('same', 100, 1, true),
        kept('same', 200, 2, true),
      ])
    })

    it('numbers answers in the order of the calls, also when they do not wait for each other', async () => {
      const texts = Array.from({ length: 12 }, (_, i) => `text ${i % 5} ${'x'.repeat(i * 1000)}`)
      const ids = await Promise.all(texts.map((text, i) => store().keepAnswer(sampleAnswer(text, i))))
      expect([...ids].sort((a, b) => a - b)).toEqual(texts.map((_, i) => i + 1))
      for (const text of texts) expect(await textOf(text)).toBe(text)
    })

    it('refuses bytes that are not what the record says', async () => {
      const answer = sampleAnswer('bytes', 100)
      await expect(store().keepAnswer({ ...answer, sha256: '0'.repeat(64) })).rejects.toThrow(/SHA-256/)
      await expect(store().keepAnswer({ ...answer, bytes: 4 })).rejects.toThrow(/4 bytes and has 5/)
      expect(await store().keepAnswer(answer)).toBe(1)
    })
  })

  describe('provenance', () => {
    beforeEach(async () => {
      await store().defineSeries([sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)])
    })

    it('leads from each bin to the answer of its newest value', async () => {
      const first = await store().keepAnswer(sampleAnswer('first', 100))
      const second = await store().keepAnswer(sampleAnswer('second', 200))
      const rows = [0, 1, 2, 4].map((n) => [0, bin(n), n, 1] as const)
      await store().append({ ...sampleBatch(100, rows), answer: first })
      const corrected = [
        [0, bin(1), 7, 1],
        [0, bin(2), 2, 1],
      ] as const
      await store().append({ ...sampleBatch(200, corrected), answer: second })
      await store().append(sampleBatch(300, [[0, bin(5), 5, 1]]))
      const run = (from: number, until: number, batch: number, answer: KeptAnswer | null): unknown => ({
        from: bin(from),
        until: bin(until),
        bins: until - from,
        batch,
        arrival: batch * 100,
        answer,
      })
      const one = kept('first', 100, 1, true)
      const two = kept('second', 200, 2, true)
      expect(await store().provenance(0, ALWAYS)).toEqual([
        run(0, 1, 1, one),
        run(1, 2, 2, two),
        run(2, 3, 1, one),
        run(4, 5, 1, one),
        run(5, 6, 3, null),
      ])
      expect(await store().provenance(0, { from: at(bin(1)), until: at(bin(3)) })).toEqual([
        run(1, 2, 2, two),
        run(2, 3, 1, one),
      ])
      expect(await store().provenance(1, ALWAYS)).toEqual([])
      expect(await store().provenance(7, ALWAYS)).toEqual([])
      expect(await store().provenance(0, { from: at(bin(3)), until: at(bin(1)) })).toEqual([])
    })

    it('refuses a batch of an answer that is not kept', async () => {
      const batch = sampleBatch(100, [[0, bin(0), 1, 1]])
      for (const answer of [0, 1, 1.5]) {
        await expect(store().append({ ...batch, answer })).rejects.toThrow(/answer .* is not kept/)
      }
      expect(await store().lastBatch()).toBe(0)
    })
  })

  describe('coverage', () => {
    beforeEach(async () => {
      await store().defineSeries([sampleSeries('country:KZ', STEP)])
    })
    const covered = (stream: string, from: number, until: number) => ({
      covered: { stream, span: { from: at(from), until: at(until) } },
    })

    it('is joined, by stream', async () => {
      await store().append({ ...sampleBatch(100, [[0, bin(0), 1, 1]]), ...covered('bgp', 10, 20) })
      await store().append({ ...sampleBatch(200, [[0, bin(1), 1, 1]]), ...covered('bgp', 30, 40) })
      await store().append({ ...sampleBatch(300, [[0, bin(2), 1, 1]]), ...covered('ping', 0, 5) })
      expect(await store().covered()).toEqual(
        new Map([
          [
            'bgp',
            [
              { from: 10, until: 20 },
              { from: 30, until: 40 },
            ],
          ],
          ['ping', [{ from: 0, until: 5 }]],
        ]),
      )
      await store().append({ ...sampleBatch(400, [[0, bin(3), 1, 1]]), ...covered('bgp', 20, 30) })
      expect((await store().covered()).get('bgp')).toEqual([{ from: 10, until: 40 }])
    })

    it('is kept when no row is new, and when there is none', async () => {
      await store().append({ ...sampleBatch(100, [[0, bin(0), 1, 1]]), ...covered('bgp', 0, 10) })
      const again = { ...sampleBatch(200, [[0, bin(0), 1, 1]]), ...covered('bgp', 10, 20) }
      expect(await store().append(again)).toEqual({ batch: 1, appended: 0, unchanged: 1 })
      expect(await store().append({ ...sampleBatch(300, []), ...covered('bgp', 20, 30) })).toMatchObject({ batch: 1 })
      expect(await store().covered()).toEqual(new Map([['bgp', [{ from: 0, until: 30 }]]]))
    })

    it('is not kept when the rows are refused, nor the rows when it is', async () => {
      const off = { ...sampleBatch(100, [[0, bin(0) + 1, 1, 1]]), ...covered('bgp', 0, 10) }
      await expect(store().append(off)).rejects.toThrow(RangeError)
      const reversed = { ...sampleBatch(100, [[0, bin(0), 1, 1]]), ...covered('bgp', 10, 0) }
      await expect(store().append(reversed)).rejects.toThrow(/from 10 until 0 is not a span that bgp/)
      await expect(store().append({ ...reversed, ...covered('bgp', 0, 1.5) })).rejects.toThrow(RangeError)
      expect(await store().covered()).toEqual(new Map())
      expect(await store().lastBatch()).toBe(0)
    })
  })

  describe('retention of answers', () => {
    const keepDay = { series: [0], range: { from: at(START), until: at(START + DAY) } }

    async function appendFrom(text: string, fetchedAt: number, first: number, value: number): Promise<void> {
      const answer = await store().keepAnswer(sampleAnswer(text, fetchedAt))
      const rows = [0, 1].map((n) => [0, bin(first + n), value, 1] as const)
      await store().append({ ...sampleBatch(fetchedAt, rows), answer })
    }
    beforeEach(async () => {
      await store().defineSeries([sampleSeries('country:KZ', STEP)])
    })

    it('lets bodies go and keeps their records', async () => {
      await appendFrom('old', 100, 0, 1)
      await appendFrom('new', 200, 2, 1)
      expect(await store().retain({ ...EVERYTHING_GOES, answersBefore: at(200) })).toEqual({
        bins: 0,
        answers: 1,
        routes: 0,
      })
      expect(await textOf('old')).toBeNull()
      expect(await textOf('new')).toBe('new')
      expect(await store().answers(sampleAnswer('old', 0).sha256)).toEqual([kept('old', 100, 1, false)])
      expect((await store().provenance(0, ALWAYS)).map(({ answer }) => answer?.hasBody)).toEqual([false, true])
      expect(await store().retain({ ...EVERYTHING_GOES, answersBefore: at(200) })).toEqual({
        bins: 0,
        answers: 0,
        routes: 0,
      })
    })

    it('keeps those that gave a bin of a kept window, also one that was corrected since, when raw bins go', async () => {
      await appendFrom('in the window', 100, 0, 1)
      await appendFrom('its correction', 110, 0, 2)
      await appendFrom('a day later', 120, DAY / STEP, 1)
      const result = await store().retain({
        rawBefore: at(START + 2 * DAY),
        answersBefore: at(1000),
        keep: [keepDay],
      })
      expect(result).toEqual({ bins: 2, answers: 1, routes: 0 })
      expect(await textOf('in the window')).toBe('in the window')
      expect(await textOf('its correction')).toBe('its correction')
      expect(await textOf('a day later')).toBeNull()
      expect([...(await store().read(0, ALWAYS, null)).bins]).toEqual([bin(0), bin(1)])
      expect([...(await store().read(0, ALWAYS, at(100))).values]).toEqual([1, 1])
    })

    it('keeps equal bytes as long as one answer holds them, and takes them again', async () => {
      await store().keepAnswer(sampleAnswer('same', 100))
      await store().keepAnswer(sampleAnswer('same', 200))
      await store().retain({ ...EVERYTHING_GOES, answersBefore: at(150) })
      expect(await textOf('same')).toBe('same')
      expect((await store().answers(sampleAnswer('same', 0).sha256)).map(({ hasBody }) => hasBody)).toEqual([
        true,
        true,
      ])
      await store().retain(EVERYTHING_GOES)
      expect(await textOf('same')).toBeNull()
      await store().keepAnswer(sampleAnswer('same', 300))
      expect(await textOf('same')).toBe('same')
    })
  })
}
