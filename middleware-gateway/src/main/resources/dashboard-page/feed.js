// What happened, in words: each sentence with its concept, and the file that does it.
import {el, keyed, set, text} from './dom.js'
import {clock, duration, number} from './format.js'
import {entry, t} from './texts.js'

const CORE = 'middleware-core/src/main/java/io/middleware/core/'
const GATEWAY = 'middleware-gateway/src/main/java/io/middleware/gateway/'
const STARTER = 'middleware-starter/src/main/java/io/middleware/starter/'

const CONCEPTS = {
  came: ['registration', STARTER + 'InstanceLifecycle.java'],
  confirmed: ['heartbeat', STARTER + 'ServiceHeartbeat.java'],
  failing: ['heartbeat', STARTER + 'ServiceHeartbeat.java'],
  doubted: ['selfPreservation', CORE + 'directory/RegistryDoubt.java'],
  maintenance: ['maintenance', GATEWAY + 'consul/EntryReader.java'],
  gone: ['discovery', GATEWAY + 'consul/ConsulWatch.java'],
  ejected: ['outlier', CORE + 'outlier/OutlierDetector.java'],
  ejectedSilent: ['healthCheck', CORE + 'outlier/HealthCheck.java'],
  ejectedUnreachable: ['outlier', CORE + 'outlier/OutlierDetector.java'],
  ejectedFailing: ['outlier', CORE + 'outlier/FailureRate.java'],
  ejectedOutlier: ['outlier', CORE + 'outlier/SuccessRateOutliers.java'],
  back: ['probe', CORE + 'outlier/Probes.java'],
  backOnTrial: ['probe', CORE + 'outlier/Probes.java'],
  secondary: ['fallback', CORE + 'directory/Tiers.java'],
  stale: ['stale', CORE + 'call/StaleIfError.java'],
  'registry-away': ['registry', GATEWAY + 'consul/ConsulWatch.java'],
  'registry-back': ['registry', GATEWAY + 'consul/ConsulWatch.java'],
  'gateway-silent': ['proxy', 'nginx/nginx.conf.template'],
  'gateway-back': ['proxy', 'nginx/nginx.conf.template'],
  'gateway-gone': ['proxy', 'nginx/nginx.conf.template'],
  'gateway-withheld': ['identity', GATEWAY + 'tls/TrustedPeers.java']
}
const MOST_SHOWN = 60
const TOGETHER = 10_000

/** Draws the feed; `announce` gets what is new. */
export function drawFeed(element, empty, picture, announce) {
  const events = together(picture.events).slice(-MOST_SHOWN).reverse()
  empty.hidden = events.length > 0
  keyed(element, events, event => event.id + document.documentElement.lang, item)
  announce(events, sentenceOf)
}

/** Makes one sentence of what happens to one again and again: an instance that flaps must not drive the others out of sight. */
function together(events) {
  const last = new Map()
  const result = []
  for (const event of events) {
    const key = nameOf(event) + ' ' + event.service + ' ' + event.subject
    const before = last.get(key)
    if (before && event.at - before.first < TOGETHER) {
      before.times++
      before.at = event.at
      // below what came between, an ejection would look as if it were over
      result.splice(result.indexOf(before), 1)
      result.push(before)
      before.gateways = [...new Set([...before.gateways, ...event.gateways])].sort()
      add(before.numbers, event.numbers)
    } else {
      const first = {...event, first: event.at, times: 1, numbers: {...event.numbers}}
      last.set(key, first)
      result.push(first)
    }
  }
  return result
}

function add(sums, numbers) {
  for (const name of ['moved', 'lost']) {
    if (numbers?.[name] !== undefined) {
      sums[name] = (sums[name] ?? 0) + numbers[name]
    }
  }
}

function item(event) {
  const [concept, file] = CONCEPTS[nameOf(event)] ?? CONCEPTS[event.kind] ?? CONCEPTS.gone
  const [name, lines] = entry('concept.' + concept)
  const sentence = el('span', {class: 'sentence'})
  const seen = el('span', {class: 'seen'})
  const time = el('time')
  const result = el('article', {class: 'event', 'data-kind': event.kind},
    el('p', {}, time, ' ', sentence, ' ', seen),
    el('details', {}, el('summary', {}, name), el('p', {}, lines), el('p', {class: 'file'}, t('concept.file') + ' ', el('code', {}, file))))
  result.update = newer => {
    set(text(time, clock(newer.at)), {datetime: new Date(newer.at).toISOString()})
    text(sentence, sentenceOf(newer))
    text(seen, (newer.times > 1 ? t('event.times', {times: number(newer.times)}) + ', ' : '') + t('event.seenBy', {gateways: newer.gateways.map(id => id.replace(/:peers$/, '')).join(', ')}))
  }
  return result
}

function nameOf(event) {
  if (event.kind === 'ejected' && event.cause) {
    return 'ejected' + event.cause[0].toUpperCase() + event.cause.slice(1)
  }
  return event.kind === 'back' && ['failing', 'outlier'].includes(event.cause) ? 'backOnTrial' : event.kind
}

function sentenceOf(event) {
  const {moved, lost, afterMs} = event.numbers ?? {}
  const said = t('event.' + nameOf(event), {
    subject: event.subject,
    after: afterMs === undefined ? '' : t('event.after', {ms: duration(afterMs)}),
    age: afterMs === undefined ? '' : duration(afterMs),
    cause: event.cause ? t('cause.' + event.cause) : ''
  })
  return moved === undefined && !lost ? said
    : said + ' ' + t(moved === 1 ? 'event.movedOne' : 'event.moved', {moved: number(moved ?? 0), lost: number(lost ?? 0)})
}
