import type { Realtime } from '../../types/client.ts'
import { connect } from './index.ts'

declare global {
  interface Window {
    /** What `<script src="/realtime/client.js">` defines. */
    realtime: Realtime
  }
}

const script = document.currentScript

window.realtime = connect(script instanceof HTMLScriptElement && script.src ? { url: new URL('.', script.src).href } : {})
