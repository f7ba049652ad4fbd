import type { Registry } from './delegations.ts'

/** A jurisdiction in which firms of elsewhere register their networks. */
export interface Offshore {
  /** The registry that serves it: what another one has delegated to it was registered from afar. */
  readonly registry: Registry
  readonly reason: string
}

/**
 * Countries whose code says where a firm is registered and seldom where its network is. An AS registered here carries no
 * country by that alone; its prefixes count one by one (docs/adr/0017).
 */
export const OFFSHORE: Readonly<Record<string, Offshore>> = {
  SC: {
    registry: 'afrinic',
    reason:
      'firms of Seychelles hold millions of AFRINIC addresses that are leased out and announced in Asia, Europe and America',
  },
  MU: {
    registry: 'afrinic',
    reason: 'holding companies of carriers of all Africa and of hosting elsewhere are registered in Mauritius',
  },
  GI: { registry: 'ripencc', reason: 'betting and hosting firms of other countries are registered in Gibraltar' },
  VG: {
    registry: 'arin',
    reason: 'shell companies of the British Virgin Islands hold networks that are run elsewhere',
  },
  PA: {
    registry: 'lacnic',
    reason: 'shell companies of Panama hold networks of hosting and VPN firms that are run elsewhere',
  },
  CY: { registry: 'ripencc', reason: 'holdings of Cyprus own networks of Russia, Ukraine and the Near East' },
}

/**
 * ASes that reach over many countries under one number: their registration says where the head office is. Their prefixes
 * count one by one. A national incumbent that announces its own country's access networks stands here only where it
 * announces other countries' too, so that its national space, registered at home, still counts at home.
 */
export const MULTINATIONAL: ReadonlyMap<number, string> = new Map([
  [174, 'Cogent: transit in some 50 countries, and addresses let to customers'],
  [1239, 'Sprint, now Cogent: transit over several continents'],
  [1273, 'Vodafone (Cable & Wireless): transit over Europe, Asia and Africa'],
  [1299, 'Arelion (Telia Carrier): transit in more than 100 cities of all continents'],
  [2914, 'NTT: global transit'],
  [3257, 'GTT: global transit'],
  [3356, 'Lumen (Level 3): global transit'],
  [3491, 'PCCW Global (Console Connect): global transit'],
  [3549, 'Lumen (Global Crossing): global transit, access in Latin America'],
  [4637, 'Telstra Global: transit of Asia and the Pacific'],
  [5511, 'Orange International Carriers: transit over Europe, Africa and the Near East'],
  [6453, 'Tata Communications: global transit, registered in the US'],
  [6461, 'Zayo: transit of America and Europe'],
  [6762, 'Sparkle (Seabone): transit of the Mediterranean and Latin America, apart from the Italian access network'],
  [6830, 'Liberty Global: access networks of several European countries'],
  [6939, 'Hurricane Electric: global transit, and tunnels whose users may be anywhere'],
  [9002, 'RETN: transit from Western Europe to Central Asia'],
  [9009, 'M247: hosting and VPN exits in dozens of countries'],
  [12389, 'Rostelecom: the Russian incumbent, and transit and leased space of neighbouring countries'],
  [12956, 'Telxius (Telefónica): transit of Latin America and Europe'],
  [13335, 'Cloudflare: anycast'],
  [14593, 'Starlink: subscribers in more than 100 countries'],
  [20940, 'Akamai: caches in the networks of most countries'],
  [22351, 'Intelsat: satellite links of all continents'],
  [30844, 'Liquid: networks of Southern, Eastern and Central Africa, registered in the United Kingdom'],
  [37100, 'SEACOM: transit of Africa, registered in Mauritius'],
  [60068, 'Datacamp (CDN77): caches and VPN exits in dozens of countries'],
  [212238, 'Datacamp: caches and VPN exits in dozens of countries'],
])
