import { Agent, get } from 'node:http'

/**
 * Asks a server as many readers do, each at a time of its own: one request every so many milliseconds, whether or not
 * the ones before have been answered. `node --import tsx ask.ts <Asking as JSON>`; says `Asked` as JSON.
 */
export interface Asking {
  /** Without a path. */
  readonly origin: string
  /** Asked for one after another, from the first again after the last. */
  readonly paths: readonly string[]
  readonly perSecond: number
  readonly seconds: number
}

/** Milliseconds from the instant at which a request was due to the last byte of its answer: waiting counts. */
export interface Asked {
  readonly answered: number
  readonly failed: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

const asking = JSON.parse(process.argv[2] ?? '') as Asking
// Each connection in its turn: one that rests is closed by the server, and may be while it is asked.
const agent = new Agent({ keepAlive: true, maxSockets: 100, scheduling: 'fifo' })
const count = asking.perSecond * asking.seconds
const times: number[] = []
let failed = 0
const begun = performance.now()

function ask(index: number, due: number): Promise<void> {
  return new Promise((resolve) => {
    const path = asking.paths[index % asking.paths.length] ?? '/'
    const fail = (): void => {
      failed += 1
      resolve()
    }
    const request = get(`${asking.origin}${path}`, { agent, headers: { 'accept-encoding': 'br' } }, (response) => {
      response.on('data', () => undefined)
      response.on('error', fail)
      response.on('end', () => {
        if (response.statusCode !== 200) return fail()
        times.push(performance.now() - due)
        resolve()
      })
    })
    request.on('error', fail)
  })
}

const asked: Promise<void>[] = []
for (let index = 0; index < count;) {
  const due = begun + (index * 1000) / asking.perSecond
  const wait = due - performance.now()
  if (wait > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, wait)
    })
  } else {
    asked.push(ask(index, due))
    index += 1
  }
}
await Promise.all(asked)
agent.destroy()
times.sort((a, b) => a - b)
const quantile = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? Number.NaN
const result: Asked = {
  answered: times.length,
  failed,
  p50: quantile(0.5),
  p95: quantile(0.95),
  p99: quantile(0.99),
  most: quantile(1),
}
process.stdout.write(JSON.stringify(result))
