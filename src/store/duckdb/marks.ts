import type { Database } from './database.ts'

/** The highest bin of each series. A bin above it is new without looking. */
export interface Marks {
  /** -1 for a series without rows. */
  at(series: number): number
  raise(series: number, bin: number): void
}

export async function loadMarks(database: Database): Promise<Marks> {
  let marks = new Float64Array(1024).fill(-1)

  function raise(series: number, bin: number): void {
    if (series >= marks.length) {
      const grown = new Float64Array(Math.max(series + 1, marks.length * 2)).fill(-1)
      grown.set(marks)
      marks = grown
    }
    if (bin > marks[series]!) marks[series] = bin
  }

  const highest =
    'SELECT series, max(bin) AS bin FROM (FROM mark UNION ALL SELECT series, bin FROM recent) GROUP BY series'
  await database.numbers(highest, ([series, bins]) => {
    for (let row = 0; row < series!.length; row += 1) raise(series![row]!, bins![row]!)
  })
  return { at: (series) => marks[series] ?? -1, raise }
}
