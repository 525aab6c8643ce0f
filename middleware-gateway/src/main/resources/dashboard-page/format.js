// Numbers and times as people of the page's language write them.
import {language, t} from './texts.js'

const formats = new Map()

function format(digits) {
  const key = language() + digits
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(language(), {maximumFractionDigits: digits, minimumFractionDigits: digits}))
  }
  return formats.get(key)
}

export const number = value => format(0).format(value)

export const rate = value => value < 0.05 ? '0' : format(value < 10 ? 1 : 0).format(value)

/** Of milliseconds, short. */
export function duration(ms) {
  if (ms === null || ms === undefined) {
    return '–'
  }
  if (ms < 1) {
    return format(2).format(ms) + '\u00a0ms'
  }
  if (ms < 1000) {
    return format(ms < 10 ? 1 : 0).format(ms) + '\u00a0ms'
  }
  if (ms < 60_000) {
    return format(ms < 10_000 ? 1 : 0).format(ms / 1000) + '\u00a0s'
  }
  const minutes = ms / 60_000
  return minutes < 60 ? number(Math.floor(minutes)) + '\u00a0min' : format(1).format(minutes / 60) + '\u00a0h'
}

/** Of an age that is read while it grows: whole seconds. */
export const age = ms => ms < 60_000 ? number(Math.max(0, Math.round(ms / 1000))) + '\u00a0s' : duration(ms)

export const since = (at, now) => at ? t('since', {age: age(now - at)}) : ''

export const clock = at => new Date(at).toLocaleTimeString(language(), {hour12: false})
