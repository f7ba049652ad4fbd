import type { Registry } from '../../netdata/networks/delegations.ts'

/**
 * Where each registry publishes its statistics of today; an MD5 lies beside each, with `.md5` behind the name. Files of
 * earlier days lie in folders beside them, compressed in ways that differ: who replays an old year puts the files of that
 * year into the folder by hand.
 */
export const REGISTRY_URLS: Readonly<Record<Registry, string>> = {
  ripencc: 'https://ftp.ripe.net/pub/stats/ripencc/delegated-ripencc-extended-latest',
  apnic: 'https://ftp.apnic.net/stats/apnic/delegated-apnic-extended-latest',
  arin: 'https://ftp.arin.net/pub/stats/arin/delegated-arin-extended-latest',
  lacnic: 'https://ftp.lacnic.net/pub/stats/lacnic/delegated-lacnic-extended-latest',
  afrinic: 'https://ftp.afrinic.net/pub/stats/afrinic/delegated-afrinic-extended-latest',
}
