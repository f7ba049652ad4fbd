import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { toRfc3339 } from '../../../model/time.ts'
import { dateInName, monthFolder, readArchiveName } from './names.ts'

describe('names of archive files', () => {
  it.each([
    ['bview.20260108.0000.gz', 'rib', '2026-01-08T00:00:00Z', null],
    ['updates.20260108.0005.gz', 'updates', '2026-01-08T00:05:00Z', null],
    ['rib.20260108.0200.bz2', 'rib', '2026-01-08T02:00:00Z', null],
    ['bview.20020722.2337', 'rib', '2002-07-22T23:37:00Z', null],
    ['updates.20260108.000130.mrt', 'updates', '2026-01-08T00:01:30Z', null],
    ['ris.rrc06.updates.1427846400.gz', 'updates', '2015-04-01T00:00:00Z', 'ris.rrc06'],
    [
      'routeviews.route-views.jinx.updates.1427846400.bz2',
      'updates',
      '2015-04-01T00:00:00Z',
      'routeviews.route-views.jinx',
    ],
  ])('reads %s', (name, kind, at, prefix) => {
    const read = readArchiveName(name)
    expect([read?.kind, read?.prefix, toRfc3339(read?.from ?? (0 as UnixSeconds))]).toEqual([kind, prefix, at])
  })

  it.each([
    'README.md',
    'updates.20260231.0000.gz',
    'updates.20260108.2460.gz',
    'updates.20260108.0000.gz.part',
    'rib.txt',
  ])('takes %s for none', (name) => expect(readArchiveName(name)).toBeNull())

  it('writes dates as the archives do', () => {
    const at = 1_767_830_700 as UnixSeconds
    expect([toRfc3339(at), dateInName(at), monthFolder(at)]).toEqual([
      '2026-01-08T00:05:00Z',
      '20260108.0005',
      '2026.01',
    ])
  })
})
