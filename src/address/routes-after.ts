/** Which routes there are once a plan is carried out that moves and takes away some of them. */
import type { RouteFacts } from '../facts.ts';
import type { Step } from '../plan/step.ts';
import { withMetric } from './default-route.ts';

/** @param steps what else they do is not looked at, nor are routes that were none of these before */
export function routesAfter(routes: readonly RouteFacts[], steps: readonly Step[]): RouteFacts[] {
  let now = [...routes];
  for (const { command } of steps) {
    const [tool, object, verb] = command;
    if (tool !== 'ip' || object !== 'route') continue;
    const said = command.join(' ');
    if (verb === 'del') now = now.filter((route) => withMetric('del', route, route.metric).join(' ') !== said);
    const metric = Number(command[command.indexOf('metric') + 1]);
    const added = routes.find((route) => withMetric('add', route, metric).join(' ') === said);
    if (added) now.push({ ...added, metric });
  }
  return now;
}
