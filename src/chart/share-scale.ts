import type { ThemeName } from './theme.ts'

/** Six steps of the share of usual: 0 = over 90 %, 5 = under 10 %. */
export type ShareStep = 0 | 1 | 2 | 3 | 4 | 5

/** A share at or above the first is as usual; below the last almost nothing is left. */
const LEAST: readonly { readonly from: number; readonly step: ShareStep }[] = [
  { from: 0.9, step: 0 },
  { from: 0.7, step: 1 },
  { from: 0.5, step: 2 },
  { from: 0.25, step: 3 },
  { from: 0.1, step: 4 },
]

export const SHARE_STEPS: readonly ShareStep[] = [0, 1, 2, 3, 4, 5]

export function shareStep(share: number): ShareStep {
  return LEAST.find((row) => share >= row.from)?.step ?? 5
}

/**
 * Readable by colour-blind eyes and in print: each step is darker than the one before. On dark paper each is brighter,
 * so that the worst stands out there too.
 */
export const SHARE_COLOURS: Record<ThemeName, Record<ShareStep, string>> = {
  light: { 0: '#e9ede8', 1: '#f6ddb0', 2: '#efae62', 3: '#db6e3c', 4: '#a93226', 5: '#4a0d17' },
  dark: { 0: '#2a2d29', 1: '#4f4231', 2: '#86602f', 3: '#c66f3d', 4: '#f0907d', 5: '#ffd9cf' },
}
