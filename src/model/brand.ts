declare const brand: unique symbol

/** A primitive that must not be mixed up with others of the same JavaScript type. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Integer seconds since 1970-01-01T00:00:00Z. The only form of an instant inside Tocsin. */
export type UnixSeconds = Brand<number, 'UnixSeconds'>

/** A length of time in whole seconds, 0 and up. */
export type Seconds = Brand<number, 'Seconds'>

/** 0 to 1. Never a percentage. */
export type Ratio = Brand<number, 'Ratio'>

/** Observed ÷ usual, 0 and up: 1 is as usual, 0.03 is three per cent of usual. */
export type Share = Brand<number, 'Share'>

/** Who gives data, such as `ioda`. Lower-case letters, digits and hyphens. */
export type SourceId = Brand<string, 'SourceId'>

/** What is measured, such as `ping.up_slash24s`. */
export type SignalId = Brand<string, 'SignalId'>

/** `world`, `country:KZ`, `region:KZ-75`, `place:IR-23.tehran`, `as:9198`, `operator:KZ.kcell`, `access:KZ.mobile`. */
export type EntityId = Brand<string, 'EntityId'>

/** Human-readable and never renamed: `KZ-2022-01-05-a`. */
export type IncidentId = Brand<string, 'IncidentId'>
