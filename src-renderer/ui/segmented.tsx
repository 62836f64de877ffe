import { ToggleGroup } from 'radix-ui';

/** A row of choices of which exactly one is on. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly { value: Value; text: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => (value === '' ? undefined : props.onChange(value as Value))}
      className="inline-flex h-7 rounded border border-edge bg-well p-0.5"
    >
      {props.options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="rounded-sm px-2 text-xs text-dim hover:text-ink data-[state=on]:bg-pressed data-[state=on]:text-ink"
        >
          {option.text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
