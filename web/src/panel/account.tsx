// Who is signed in, in the top bar; and the dialog that asks.

import { signal, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { demand, session, signIn, signOut, waiting } from '../session';
import type { Role } from '../types';
import { tell } from '../ui';
import { say } from '../words';
import { sentence } from './fault';
import { Icon } from './icons';

const open = signal(false);

/** The server has words for roles: the command line says them too. */
export function roleName(role: Role): string {
  return say(`role-${role}`);
}

export function Account() {
  const { accounts, account } = session.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: MouseEvent): void => {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') open.value = false;
    };
    addEventListener('mousedown', away);
    addEventListener('keydown', escape);
    return () => { removeEventListener('mousedown', away); removeEventListener('keydown', escape); };
  }, []);
  if (!accounts) return null;
  if (!account) return <button class="action" onClick={() => void demand()} data-sign-in><Icon name="user" /><span>{say('page-sign-in')}</span></button>;
  const leave = (): void => {
    open.value = false;
    signOut().then(() => tell(say('page-signed-out')), (fault: unknown) => tell(sentence(fault), { bad: true }));
  };
  return (
    <div class="account" ref={box} data-account={account.name}>
      <button class="action" aria-expanded={open.value} aria-controls="account-menu" aria-label={`${account.name}，${roleName(account.role)}`} onClick={() => (open.value = !open.value)}>
        <Icon name="user" /><span class="account-name">{account.name}</span><span class="account-role">{roleName(account.role)}</span>
      </button>
      {open.value && (
        <div class="menu account-menu" id="account-menu">
          <p class="menu-note"><b>{account.name}</b> · {roleName(account.role)}</p>
          {Boolean(account.villages?.length) && <p class="menu-note">{say('page-own-villages')}：{account.villages!.join('、')}</p>}
          {Boolean(account.cells?.length) && <p class="menu-note">{say('page-own-cells')}：{account.cells!.join('、')}</p>}
          <button class="option" onClick={leave} data-sign-out>{say('page-sign-out')}</button>
        </div>
      )}
    </div>
  );
}

export function SignIn() {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const name = useSignal('');
  const password = useSignal('');
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const asked = waiting.value !== null;
  useEffect(() => {
    if (asked && !box.current?.open) box.current?.showModal();
    if (!asked) box.current?.close();
    refused.value = null;
    password.value = '';
  }, [asked]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    busy.value = true;
    refused.value = null;
    try {
      await signIn(name.value.trim(), password.value);
      tell(say('page-signed-in', { text: session.value.account?.name ?? name.value }));
    } catch (fault) {
      refused.value = sentence(fault);
    }
    busy.value = false;
  };
  return (
    <dialog class="sign-in" ref={box} aria-labelledby={`${id}-title`} onClose={() => waiting.value?.(false)} data-sign-in-dialog>
      {asked && (
        <form onSubmit={(event) => void submit(event)}>
          <h2 id={`${id}-title`}>{say('page-sign-in')}</h2>
          <p class="quiet">{say('page-sign-in-why')}</p>
          <label for={`${id}-name`}>{say('page-account-name')}</label>
          <input id={`${id}-name`} type="text" autocomplete="username" required value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
          <label for={`${id}-password`}>{say('page-password')}</label>
          <input id={`${id}-password`} type="password" autocomplete="current-password" required value={password.value} onInput={(event) => (password.value = event.currentTarget.value)} />
          {refused.value && <p class="field-told bad" role="alert">{refused.value}</p>}
          <div class="form-end">
            <button class="button" type="submit" disabled={busy.value}>{say('page-sign-in')}</button>
            <button class="button plain" type="button" onClick={() => box.current?.close()}>{say('page-not-now')}</button>
          </div>
        </form>
      )}
    </dialog>
  );
}
