// What an issue is about and what presses, at the head of its card.

import { daysLeft, stageOf } from '../board';
import { layer } from '../catalog';
import { layers } from '../data';
import { byId } from '../byid';
import { past, today } from '../may';
import { nameOf } from '../showing';
import { shown } from '../format';
import { select } from '../state';
import type { Collection, Feature } from '../types';
import { say, title } from '../words';
import { Icon } from './icons';

export function stageName(stage: string): string {
  if (stage === 'look_back') return say('page-stage-look-back');
  const choice = layer('issues')?.attributes.find((one) => one.name === 'status')?.domain?.find((one) => one.value === stage);
  return choice ? title(choice) : stage;
}

/** The layer of the feature that the issue is about. */
export function subjectLayer(issue: Feature): string | null {
  const { subject_layer: of, subject_collection: by } = issue.properties;
  return typeof of === 'string' && of ? of : typeof by === 'string' && layer(by) ? by : null;
}

/** The name of the feature that the issue is about, where it came from a result. */
export function subjectName(issue: Feature): string | null {
  const { subject } = issue.properties;
  const of = subjectLayer(issue);
  if (typeof subject !== 'string' || !of) return null;
  const feature = byId(layers.value[of]?.features ?? [], subject);
  return (feature && nameOf(feature, layer(of) ?? null)) ?? subject;
}

/** An issue in words: what kind of problem, and of what. */
export function issueName(issue: Feature, collection: Collection | null): string {
  const text = (name: string): string | null => {
    const attribute = collection?.attributes.find((one) => one.name === name);
    return attribute ? shown(attribute, issue.properties[name]) : null;
  };
  const [kind, what] = [text('type'), subjectName(issue) ?? text('note')];
  return kind && what ? say('page-issue-name', { title: kind, text: what }) : (kind ?? what ?? String(issue.id));
}

/** What presses: overdue by so many days, so many left, due for its look-back. */
export function Due({ issue, day }: { issue: Feature; day: string }) {
  if (issue.properties.overdue === true) return <span class="over-tag" data-overdue><Icon name="warn" size={13} />{say('page-over-by', { count: Number(issue.properties.days_over ?? 0) })}</span>;
  if (stageOf(issue) === 'look_back') return <span class="due-tag">{say('page-stage-look-back')}</span>;
  const left = daysLeft(issue, day);
  if (left === null) return null;
  // A layer's own feature knows its deadline and not whether it is overdue.
  if (left < 0) return <span class="over-tag" data-overdue><Icon name="warn" size={13} />{say('page-over-by', { count: -left })}</span>;
  return <span class="due">{left === 0 ? say('page-due-today') : say('page-days-left', { count: left })}</span>;
}

export function IssueHead({ issue, collection }: { issue: Feature; collection: Collection }) {
  const text = (name: string): string | null => {
    const attribute = collection.attributes.find((one) => one.name === name);
    return attribute ? shown(attribute, issue.properties[name]) : null;
  };
  const { subject } = issue.properties;
  const of = subjectLayer(issue);
  const about = subjectName(issue);
  const open = issue.properties.days_open;
  return (
    <div class="issue-head" data-status={String(issue.properties.status ?? '')}>
      <p class="issue-what">
        {text('village') ?? say('page-no-village')}
        {about && <> · {of && layer(of) ? <button class="link" onClick={() => select({ collection: of, id: String(subject) })}>{about}</button> : about}</>}
      </p>
      <p class="issue-now">
        <span class="stage-tag">{stageName(String(issue.properties.status ?? ''))}</span>
        <Due issue={issue} day={past.value ?? today.value} />
        {typeof open === 'number' && <span class="quiet">{say('page-days-open', { count: open })}</span>}
        {text('assignee') && <span>{text('assignee')}</span>}
      </p>
    </div>
  );
}
