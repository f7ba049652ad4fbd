import type { UnixSeconds } from '../../model/brand.ts'
import { columnsOf, type DenseRow } from './columns.ts'
import { createPlot } from './plot.ts'
import { denseWords } from '../../words/dense.ts'

/* Runs in the browser, for `bench/web.ts`: five series of a year in bins of five minutes, from columns to the screen. */

const STEP = 300
const BINS = (365 * 86_400) / STEP
const START = 1_735_689_600

/** @returns milliseconds until the frame in which all five are painted has been presented. */
export async function drawYear(host: HTMLElement): Promise<number> {
  const series = Array.from({ length: 5 }, (_, which) => columnsOf(rowsOf(which), { sampled: false, step: STEP }))
  const whole = { from: START as UnixSeconds, until: (START + BINS * STEP) as UnixSeconds }
  await nextFrame()
  const begun = performance.now()
  for (const columns of series) {
    const target = host.appendChild(document.createElement('div'))
    createPlot(
      target,
      whole,
      { columns, gaps: [], spans: [], dashed: false, now: whole.until },
      denseWords('en'),
      () => null,
      { group: 'bench', zoomed: () => undefined, pointed: () => undefined },
    )
  }
  await nextFrame()
  await nextFrame()
  return performance.now() - begun
}

function rowsOf(which: number): readonly DenseRow[] {
  return Array.from({ length: BINS }, (_, index): DenseRow => {
    const share = 1 + 0.1 * Math.sin(index / 45 + which) + 0.03 * Math.sin(index * 12.9898)
    return {
      at: (START + index * STEP) as UnixSeconds,
      value: 1000 * share,
      usual: 1000,
      spread: 40,
      share,
      reading: 'quiet',
    }
  })
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve())
  })
}
