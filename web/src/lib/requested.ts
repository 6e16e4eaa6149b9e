// A request whose latest call wins: its answer, its failure, and whether one is still waiting.
import { onScopeDispose, type Ref, ref, shallowRef } from "vue";
import { asFailure, type Failure } from "./http";

export interface Requested<T> {
  answer: Ref<T | null>;
  failure: Ref<Failure | null>;
  waiting: Ref<boolean>;
  /** Sends the request; what was answered before stays until the new answer is there. */
  run(send: (signal: AbortSignal) => Promise<T>): Promise<T | null>;
  clear(): void;
}

export function useRequested<T>(): Requested<T> {
  const answer = shallowRef<T | null>(null);
  const failure = ref<Failure | null>(null) as Ref<Failure | null>;
  const waiting = ref(false);
  let latest: AbortController | null = null;

  async function run(send: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    latest?.abort();
    const mine = new AbortController();
    latest = mine;
    waiting.value = true;
    failure.value = null;
    try {
      const got = await send(mine.signal);
      if (latest !== mine) return null;
      answer.value = got;
      return got;
    } catch (thrown) {
      if (latest === mine) failure.value = asFailure(thrown);
      return null;
    } finally {
      if (latest === mine) waiting.value = false;
    }
  }

  function clear(): void {
    latest?.abort();
    latest = null;
    answer.value = null;
    failure.value = null;
    waiting.value = false;
  }

  onScopeDispose(() => latest?.abort());
  return { answer, failure, waiting, run, clear };
}
