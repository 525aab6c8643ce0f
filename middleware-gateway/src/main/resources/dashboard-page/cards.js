// A card for each instance.
import {el, keyed, set, text} from './dom.js'
import {age, duration, number, rate, since} from './format.js'
import {mark} from './icons.js'
import {faults} from './faults.js'
import {t} from './texts.js'
import {keyOf} from './chain.js'

const FIGURES = ['rate', 'p50', 'p99', 'inFlight', 'failed', 'heartbeat']

export function drawCards(element, picture) {
  const groups = []
  for (const instance of picture.instances) {
    const key = instance.service + '/' + instance.pool
    const last = groups.at(-1)
    if (last?.key === key) {
      last.instances.push(instance)
    } else {
      groups.push({key, service: instance.service, pool: instance.pool, instances: [instance]})
    }
  }
  groups.forEach(group => group.now = picture.at)
  keyed(element, groups, group => group.key + document.documentElement.lang, pool)
}

function pool(group) {
  const list = el('ul', {class: 'cards'})
  const section = el('div', {class: 'pool'}, el('h3', {}, t('poolOf', {service: group.service, pool: t(group.pool)})), list)
  section.update = ({instances, now}) => keyed(list, instances.map(instance => ({instance, now})), each => keyOf(each.instance), card)
  return section
}

function card({instance}) {
  const badge = el('span', {class: 'badge'})
  const lasts = el('span', {class: 'lasts'})
  const reason = el('p', {class: 'reason'})
  const others = el('p', {class: 'others'})
  const values = new Map(FIGURES.map(name => [name, el('dd')]))
  const figures = el('dl', {}, FIGURES.map(name => el('div', {}, el('dt', {}, t('card.' + name)), values.get(name))))
  const place = el('p', {class: 'place'})
  const control = faults(instance)
  const item = el('li', {class: 'card'},
    el('div', {class: 'card-head'}, el('h4', {}, instance.id), badge), lasts, reason, figures, others, place, control)
  let state = null
  item.update = ({instance: newer, now}) => {
    if (newer.state !== state) {
      state = newer.state
      set(item, {'data-state': state})
      badge.replaceChildren(mark(state), t('state.' + state))
    }
    text(lasts, since(newer.since, now))
    text(reason, newer.cause ? t('cause.' + newer.cause) : '')
    set(reason, {title: newer.reason})
    text(values.get('rate'), rate(newer.rate))
    text(values.get('p50'), duration(newer.p50))
    text(values.get('p99'), duration(newer.p99))
    text(values.get('inFlight'), newer.limit ? t('card.inFlightOf', {now: number(newer.inFlight), limit: number(newer.limit)}) : number(newer.inFlight))
    text(values.get('failed'), number(newer.failed))
    text(values.get('heartbeat'), newer.heartbeat === undefined ? '–' : age(newer.heartbeat))
    text(others, dissent(newer))
    text(place, `${newer.host}:${newer.port}` + (newer.weight === 1 ? '' : ', ' + t('card.weight', {weight: number(newer.weight)})))
    control.update(newer)
  }
  return item
}

/** Says which gateways see another state than the one that is shown. */
function dissent(instance) {
  return Object.entries(instance.seen).filter(([, seen]) => seen.state !== instance.state)
    .map(([gateway, seen]) => t('card.seenBy', {gateway, state: t('state.' + seen.state)})).join('; ')
}
