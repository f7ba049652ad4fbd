import type { UnixSeconds } from '../model/brand.ts'
import { timeOfDay, wallTime } from './clock.ts'
import type { LiveWords } from './live.ts'

function clockTime(at: UnixSeconds): string {
  return `${timeOfDay(wallTime(at, 0))} UTC`
}

function ago(seconds: number): string {
  if (seconds < 5) return 'just now'
  if (seconds < 90) return `${Math.round(seconds)} s ago`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3600)} h ago`
}

export const liveEn: LiveWords = {
  sources: 'Sources',
  show: (updates) =>
    updates === 0 ? 'New data – show' : updates === 1 ? '1 new update – show' : `${updates} new updates – show`,
  tabTitle: (updates, title) => (updates === 0 ? title : `(${updates}) ${title}`),
  asOf: (at) => `As of ${clockTime(at)}`,
  updatedAgo: (seconds) => `Updated ${ago(seconds)}`,
  lost: (since) => `This page has not been updated since ${clockTime(since)}: the connection is lost. Trying again.`,
  themes: { title: 'Colours', auto: 'As the system', light: 'Light', dark: 'Dark' },
  clocks: { title: 'Times in charts and tables', utc: 'UTC', local: 'Local there', mine: 'My own' },
  search: { label: 'Country or AS number', submit: 'Find' },
  explore: { open: 'Explore', of: (title) => `Explore ${title}` },
  help: {
    open: 'Keys',
    title: 'Keys',
    close: 'Close',
    keys: [
      { keys: ['/'], does: 'Find a country or a network' },
      { keys: ['t'], does: 'Times in UTC, local there, my own' },
      { keys: ['g', 'w'], does: 'Go to the world' },
      { keys: ['g', 'i'], does: 'Go to the incidents' },
      { keys: ['g', 's'], does: 'Go to the sources' },
      { keys: ['j'], does: 'Next entry of a list' },
      { keys: ['k'], does: 'Entry before' },
      { keys: ['?'], does: 'Show these keys' },
    ],
  },
}
