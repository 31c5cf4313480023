/** What a command came to: the reply's `data`, and what is to be done once the reply is on its way. */
export interface Outcome {
  readonly data: unknown
  readonly complete?: () => void
}
