/** A point of the drawing. */
type Place = readonly [x: number, y: number]

/** The countries of the world as they are drawn. By ISO 3166-1 alpha-2, and XK. docs/MAP.md says whose borders. */
export interface MapGeometry {
  readonly width: number
  readonly height: number
  readonly attribution: string
  /** SVG paths. */
  readonly shapes: Readonly<Record<string, string>>
  /** What is too small to be seen as a shape, or has none. */
  readonly dots: Readonly<Record<string, Place>>
  /** Where the mark of an incident stands, for what has a shape. */
  readonly marks: Readonly<Record<string, Place>>
  /** Areas that are coloured as no country's. */
  readonly disputed: readonly { readonly id: string; readonly name: string; readonly path: string }[]
}
