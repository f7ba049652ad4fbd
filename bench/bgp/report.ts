export interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: 's' | '×' | 'MB/s' | '1/s' | 'MiB'
  /** `null`: for the record. */
  readonly target: { readonly least: number } | { readonly most: number } | null
  /** Fastest and slowest run. */
  readonly least?: number
  readonly most?: number
  readonly peakMiB?: number
  /** Of the processor, all threads. Beside the time on the wall it tells how busy the machine was. */
  readonly cpuSeconds?: number
}

function verdict({ value, target }: Measured): string {
  if (target === null) return ''
  const isMet = 'least' in target ? value >= target.least : value <= target.most
  const asked = 'least' in target ? `at least ${target.least}` : `at most ${target.most}`
  return `${asked}: ${isMet ? 'met' : 'MISSED'}`
}

export function print(results: readonly Measured[]): void {
  const width = Math.max(...results.map(({ name }) => name.length))
  for (const each of results) {
    const { name, value, unit, least, most, peakMiB, cpuSeconds } = each
    const spread = least === undefined || most === undefined ? '' : `${least.toFixed(3)}–${most.toFixed(3)}`
    const peak = peakMiB === undefined ? '' : `${peakMiB.toFixed(0)} MiB`
    const cpu = cpuSeconds === undefined ? '' : `cpu ${cpuSeconds.toFixed(2)} s`
    const shown = value >= 1000 ? value.toFixed(0) : value.toPrecision(4)
    process.stdout.write(
      `${name.padEnd(width)}  ${shown.padStart(9)} ${unit.padEnd(4)}  ${[spread, cpu, peak, verdict(each)].filter((part) => part !== '').join(' · ')}\n`,
    )
  }
}
