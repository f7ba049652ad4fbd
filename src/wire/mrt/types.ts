/** MRT types (RFC 6396 §4, and its appendix for the old ones). */
export const TYPE = { bgp: 5, tableDump: 12, tableDumpV2: 13, bgp4mp: 16, bgp4mpEt: 17 } as const

/** Subtypes of TABLE_DUMP_V2: RFC 6396 §4.3, with add-path RFC 8050 §4. */
export const RIB = {
  peerIndexTable: 1,
  ipv4Unicast: 2,
  ipv4Multicast: 3,
  ipv6Unicast: 4,
  ipv6Multicast: 5,
  generic: 6,
  ipv4UnicastAddPath: 8,
  ipv4MulticastAddPath: 9,
  ipv6UnicastAddPath: 10,
  ipv6MulticastAddPath: 11,
  genericAddPath: 12,
} as const

/** Subtypes of BGP4MP and BGP4MP_ET: RFC 6396 §4.4, its appendix for `entry` and `snapshot`, RFC 8050 §3 for add-path. */
export const BGP4MP = {
  stateChange: 0,
  message: 1,
  entry: 2,
  snapshot: 3,
  messageAs4: 4,
  stateChangeAs4: 5,
  messageLocal: 6,
  messageAs4Local: 7,
  messageAddPath: 8,
  messageAs4AddPath: 9,
  messageLocalAddPath: 10,
  messageAs4LocalAddPath: 11,
} as const

/** Subtypes of the BGP type of 1999 and 2000 (RFC 6396, appendix B.2). */
export const OLD_BGP = { update: 1, stateChange: 3 } as const

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'START',
  2: 'DIE',
  3: 'I_AM_DEAD',
  4: 'PEER_DOWN',
  5: 'BGP',
  6: 'RIP',
  7: 'IDRP',
  8: 'RIPNG',
  9: 'BGP4PLUS',
  10: 'BGP4PLUS_01',
  11: 'OSPFv2',
  12: 'TABLE_DUMP',
  13: 'TABLE_DUMP_V2',
  16: 'BGP4MP',
  17: 'BGP4MP_ET',
  32: 'ISIS',
  33: 'ISIS_ET',
  48: 'OSPFv3',
  49: 'OSPFv3_ET',
}

const OLD_BGP_NAMES = ['NULL', 'UPDATE', 'PREF_UPDATE', 'STATE_CHANGE', 'SYNC', 'OPEN', 'NOTIFY', 'KEEPALIVE']

const TABLE_DUMP_NAMES = [undefined, 'AFI_IPv4', 'AFI_IPv6', 'AFI_IPv4_AS4', 'AFI_IPv6_AS4']

const RIB_NAMES = [
  undefined,
  'PEER_INDEX_TABLE',
  'RIB_IPV4_UNICAST',
  'RIB_IPV4_MULTICAST',
  'RIB_IPV6_UNICAST',
  'RIB_IPV6_MULTICAST',
  'RIB_GENERIC',
  'GEO_PEER_TABLE',
  'RIB_IPV4_UNICAST_ADDPATH',
  'RIB_IPV4_MULTICAST_ADDPATH',
  'RIB_IPV6_UNICAST_ADDPATH',
  'RIB_IPV6_MULTICAST_ADDPATH',
  'RIB_GENERIC_ADDPATH',
]

const BGP4MP_NAMES = [
  'STATE_CHANGE',
  'MESSAGE',
  'ENTRY',
  'SNAPSHOT',
  'MESSAGE_AS4',
  'STATE_CHANGE_AS4',
  'MESSAGE_LOCAL',
  'MESSAGE_AS4_LOCAL',
  'MESSAGE_ADDPATH',
  'MESSAGE_AS4_ADDPATH',
  'MESSAGE_LOCAL_ADDPATH',
  'MESSAGE_AS4_LOCAL_ADDPATH',
]

/** Such as `TABLE_DUMP_V2`; the number where there is no name. */
export function typeName(type: number): string {
  return TYPE_NAMES[type] ?? String(type)
}

/** Such as `RIB_IPV4_UNICAST`; the number where there is no name. */
export function subtypeName(type: number, subtype: number): string {
  const names =
    type === TYPE.bgp
      ? OLD_BGP_NAMES
      : type === TYPE.tableDump
        ? TABLE_DUMP_NAMES
        : type === TYPE.tableDumpV2
          ? RIB_NAMES
          : type === TYPE.bgp4mp || type === TYPE.bgp4mpEt
            ? BGP4MP_NAMES
            : []
  return names[subtype] ?? String(subtype)
}
