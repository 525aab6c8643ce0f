// A form for each state, so that colour is never all that tells them apart.
import {svg} from './dom.js'

const FORMS = {
  passing: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z', 'M4.8 8.2l2.2 2.3l4.3-4.8'],
  limited: ['M1.5 3h13v10h-13z', 'M4.5 8h7M4.5 5.6h7M4.5 10.4h4'],
  trial: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z', 'M8 4.5v4l2.6 1.6'],
  unconfirmed: ['M8 1l7 7l-7 7l-7-7z', 'M6.3 6.5a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.3M8 11.4v.2'],
  failing: ['M8 1.2l7 12.8h-14z', 'M8 6v3.6M8 11.6v.3'],
  ejected: ['M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7h-5.6l-3.7-3.7v-5.6z', 'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2'],
  maintenance: ['M2 2h12v12h-12z', 'M6.2 5.2v5.6M9.8 5.2v5.6'],
  draining: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z', 'M8 4.4v6.4M5.4 8.4l2.6 2.6l2.6-2.6'],
  gone: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z', 'M4.8 8h6.4']
}

const OF_GATEWAYS = {up: 'passing', draining: 'draining', silent: 'ejected', unknown: 'unconfirmed', withheld: 'unconfirmed'}

export const STATES = Object.keys(FORMS)

export const stateOfGateway = state => OF_GATEWAYS[state] ?? 'unconfirmed'

/** Returns the mark of a state, without words; `place` sets where it is in another picture. */
export function mark(state, place = {}) {
  const [outline, sign] = FORMS[state] ?? FORMS.unconfirmed
  return svg('svg', {class: 'mark', 'data-state': state, viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', ...place},
    svg('path', {class: 'outline', d: outline}),
    svg('path', {class: 'sign', d: sign}))
}
