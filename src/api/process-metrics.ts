import { Counter, Gauge, type Registry } from 'prom-client'

/**
 * What this process takes of the machine, under the names that dashboards know. Read when it is asked for: the
 * library's own set keeps timers and observers running that tests and replays would have to stop.
 */
export function processMetrics(registry: Registry): void {
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process, user and system',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1_000_000)
    },
  })
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of this process',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Memory of its JavaScript objects',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage().heapUsed)
    },
  })
}
