/**
 * Why a record could not be decoded. Where it says which bytes of the record are at fault, so does the RFC: every reason
 * has its section.
 */
export const BROKEN = {
  'record-too-long': 'RFC 6396 §2: a length that no record has; the next header was searched for',
  'record-too-short': 'RFC 6396 §4: the record ends within its fixed fields',
  'peer-index-table': 'RFC 6396 §4.3.1: the table of peers ends too early',
  'peer-index-missing': 'RFC 6396 §4.3.1: an entry names a peer that no PEER_INDEX_TABLE has',
  'address-family': 'RFC 6396 §4.4.1: an address family that is neither IPv4 nor IPv6',
  'session-state': 'RFC 6396 §4.4.1: a state that no session has',
  'entry-overrun': 'RFC 6396 §4.3.4: a RIB entry ends past its record',
  'message-marker': 'RFC 4271 §4.1: the marker of the BGP message is not all ones',
  'message-length': 'RFC 4271 §4.1: the length of the BGP message and that of its record differ',
  'withdrawn-overrun': 'RFC 4271 §4.3: withdrawn routes end past the message',
  'attributes-overrun': 'RFC 4271 §4.3: path attributes end past the message',
  'attribute-overrun': 'RFC 4271 §4.3: one attribute ends past the attributes',
  'attribute-twice': 'RFC 7606 §3 (g): MP_REACH_NLRI or MP_UNREACH_NLRI stands twice',
  'as-path': 'RFC 7606 §7.2: a segment of the AS path ends past it, is empty, or of no known type',
  'mp-reach': 'RFC 4760 §3: MP_REACH_NLRI ends within its fixed fields or next hop',
  'mp-unreach': 'RFC 4760 §4: MP_UNREACH_NLRI ends within its fixed fields',
  'prefix-length': 'RFC 4271 §4.3, RFC 7606 §5.3: a prefix longer than an address',
  'prefix-overrun': 'RFC 7606 §5.3: a prefix ends past its field',
} as const

export type BrokenReason = keyof typeof BROKEN

export const BROKEN_REASONS = Object.keys(BROKEN) as readonly BrokenReason[]
