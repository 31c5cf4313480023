/** Room kept for a connection, from the handshake on until its line is gone. */
export interface Seat {
  readonly user: string | null
  readonly address: string
  released: boolean
}
