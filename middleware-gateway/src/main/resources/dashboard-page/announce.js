// Tells screen readers what is new: in a region of its own, one text in some seconds, so that it can be listened to to its end.
import {text} from './dom.js'
import {t} from './texts.js'

const PAUSE = 4000

/**
 * Returns what takes the events of each picture, the newest first, with the function that makes sentences of them. What was there before
 * the page was opened is no news.
 */
export function announcer(region) {
  let known = null
  let waiting = []
  let timer = null
  const say = () => {
    timer = waiting.length ? setTimeout(say, PAUSE) : null
    if (waiting.length) {
      const last = waiting.at(-1)()
      text(region, waiting.length === 1 ? last : t('feedNews', {more: waiting.length - 1, last}))
      waiting = []
    }
  }
  return (events, sentence) => {
    const fresh = known ? events.filter(event => !known.has(event.id)) : []
    known = new Set(events.map(event => event.id))
    waiting.push(...fresh.reverse().map(event => () => sentence(event)))
    if (waiting.length && !timer) {
      say()
    }
  }
}
