// The same as the picture, as tables: for screen readers, and for those who like figures better.
import {el} from './dom.js'
import {age, duration, number, rate} from './format.js'
import {t} from './texts.js'

export function drawTables(element, picture) {
  element.replaceChildren(gateways(picture), flows(picture), services(picture))
}

function table(title, heads, rows) {
  return el('div', {class: 'table', tabindex: 0, role: 'group', 'aria-label': title}, el('table', {},
    el('caption', {}, title),
    el('thead', {}, el('tr', {}, heads.map(head => el('th', {scope: 'col'}, head)))),
    el('tbody', {}, rows.map(([first, ...others]) => el('tr', {}, el('th', {scope: 'row'}, first), others.map(value => el('td', {}, value)))))))
}

const gateways = picture => table(t('table.gateways'),
  [t('table.gateway'), t('table.state'), t('card.rate'), t('card.p50'), t('card.p99'), t('card.inFlight'), t('table.age')],
  picture.gateways.map(each => [each.id, t('gatewayState.' + each.state, {age: age(each.age)}), rate(each.rate), duration(each.p50),
    duration(each.p99), number(each.inFlight), age(each.age)]))

const flows = picture => table(t('table.flows'),
  [t('table.instance'), t('table.service'), t('table.pool'), t('table.state'), ...picture.gateways.map(each => each.id)],
  picture.instances.map(each => [each.id, each.service, t(each.pool), t('state.' + each.state),
    ...picture.gateways.map(gateway => rate(each.seen[gateway.id]?.rate ?? 0))]))

const services = picture => table(t('table.services'),
  [t('table.service'), t('table.retries'), t('table.hedges'), t('table.ejections'), t('table.secondary'), t('table.stale'), t('table.budget')],
  picture.services.map(each => [each.name, number(each.retries), `${number(each.hedges)} (${number(each.hedgesWon)})`, number(each.ejections),
    number(each.secondary), number(each.stale), number(each.budget)]))
