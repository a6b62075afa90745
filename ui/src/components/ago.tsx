import { age, moment } from "../format/times";
import { useTick } from "../live/use-tick";

/** How long ago, kept up to date; the moment itself by pointing. */
export function Ago({ at }: { at: string }) {
  useTick(10_000);
  return (
    <time dateTime={at} title={moment(at)}>
      {age(at)}
    </time>
  );
}
