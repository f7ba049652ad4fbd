/**
 * The first word of each thing that a packed message holds: its kind in the lowest bits, then one bit each for IPv6, for an
 * add-path identifier that follows, and for a path that follows; from `LENGTH_SHIFT` on the prefix length, or the states of
 * a session before and after, a byte each. Then come the identifier, as many words of the prefix as its length fills (at
 * least one), and origin and hash of the path where they are others than those of the announcement before it.
 */
export const KIND_MASK = 3
export const ANNOUNCE = 0
export const WITHDRAW = 1
export const STATE = 2
export const END_OF_RIB = 3
export const FAMILY_6 = 4
export const HAS_PATH_ID = 8
export const HAS_PATH = 16
export const LENGTH_SHIFT = 8
